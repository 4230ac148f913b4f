// What an image meets on a foreign engine instead of its runtime, as text: each call is folded into a hash, each answer comes from a tape.
// ES5, and small, since it stands in the heap beside the image. The same text records and replays. Runs at the desk and on engines.
import { ESPRUINO_API } from './harness-espruino.ts';
import { KALUMA_API } from './harness-kaluma.ts';
import type { RuntimeName } from './image.ts';

/**
 * `num` takes a number of n bytes off the tape, `chars` a text of n, `runs` fills bytes out of runs: behind 0 and 255 stands how often.
 * `fold`, `folds` and `out` fold. Names of three signs at least: an image for Espruino declares its own, of one or two, beside these.
 */
const TAPE = `var tape = [], place = 0, hash = 0, next = 0, now = 0, timer, onData;
function fold(x) { hash = ((hash & 4194303) * 31 + (x & 65535)) & 67108863; }
function folds(b, isText) { fold(b.length); for (var i = 0; i < b.length; i++) fold(isText ? b.charCodeAt(i) : b[i]); }
function num(n) { var v = 0; while (n--) v = v * 256 + tape[place++]; return v; }
function runs(b) {
  var i = 0;
  while (i < b.length) {
    var v = num(1), n = v === 0 || v === 255 ? num(1) : 1;
    while (n--) b[i++] = v;
  }
  return b;
}
function out(a, b) { fold(this ? this.a : 0); fold(a >>> 16); fold(a * 1000); fold(b); return this; }
function setTimeout(fn, ms) { fold(2); fold(ms); timer = fn; next = ms; return 1; }
`;

/** One turn of the runtime's loop: answers the line of that tick. Without an image nothing runs. */
const PASS = `function pass() {
  var n = /*pending()*/num(2);
  if (n) n = HEARD;
  if (n && onData) onData(n);
  n = timer;
  timer = 0;
  if (n) n();
  return hash.toString(16) + ' ' + next;
}
`;

const TEXT: Readonly<Record<RuntimeName, string>> = {
  kaluma: TAPE + KALUMA_API + PASS.replace('HEARD', '/*heard(n)*/runs(new Uint8Array(n))'),
  espruino:
    TAPE +
    'function chars(n) { var t = ""; while (n--) t += String.fromCharCode(num(1)); return t; }\nfunction sample() {}\n' +
    ESPRUINO_API +
    PASS.replace('HEARD', '/*heard(n)*/chars(n)'),
};

/** Calls of the global `port` stand for what the tape would say; what is only told, `port` is told too. */
export const recordingHarness = (runtime: RuntimeName): string =>
  TEXT[runtime]
    .replace(/\/\*@(\w+)\*\/out/g, "port.also('$1', out)")
    .replace(/\/\*(\w+\([^*]*\))\*\/(?:(?:num|chars|runs)\((?:[^()]|\([^()]*\))*\))?/g, 'port.$1');

/** Answers come from `tape`, a list of bytes, from `place` on. */
export const replayingHarness = (runtime: RuntimeName): string => TEXT[runtime].replace(/\/\*.*?\*\//g, '');
