// What an image meets on a foreign engine instead of its runtime, as text: each call is folded into a hash, each answer comes from a tape.
// ES5, and small, since it stands in the heap beside the image. The same text records and replays. Runs at the desk and on engines.
import { ESPRUINO_API } from './harness-espruino.ts';
import { KALUMA_API } from './harness-kaluma.ts';
import type { RuntimeName } from './image.ts';

/**
 * `N` takes a number of n bytes off the tape, `T` a text of n, `L` fills bytes out of runs: behind 0 and 255 stands how often. `F`, `S` and
 * `out` fold.
 */
const TAPE = `var tape = [], at = 0, hash = 0, next = 0, now = 0, timer, onData;
function F(x) { hash = ((hash & 4194303) * 31 + (x & 65535)) & 67108863; }
function S(b, isText) { F(b.length); for (var i = 0; i < b.length; i++) F(isText ? b.charCodeAt(i) : b[i]); }
function N(n) { var v = 0; while (n--) v = v * 256 + tape[at++]; return v; }
function L(b) {
  var i = 0;
  while (i < b.length) {
    var v = N(1), n = v === 0 || v === 255 ? N(1) : 1;
    while (n--) b[i++] = v;
  }
  return b;
}
function out(a, b) { F(this.a); F(a >>> 16); F(a * 1000); F(b); return this; }
function setTimeout(fn, ms) { F(2); F(ms); timer = fn; next = ms; return 1; }
`;

/** One turn of the runtime's loop: answers the line of that tick. Without an image nothing runs. */
const PASS = `function pass() {
  var n = /*pending()*/N(2);
  if (n) n = HEARD;
  if (n && onData) onData(n);
  n = timer;
  timer = 0;
  if (n) n();
  return hash.toString(16) + ' ' + next;
}
`;

const TEXT: Readonly<Record<RuntimeName, string>> = {
  kaluma: TAPE + KALUMA_API + PASS.replace('HEARD', '/*heard(n)*/L(new Uint8Array(n))'),
  espruino:
    TAPE +
    'function T(n) { var t = ""; while (n--) t += String.fromCharCode(N(1)); return t; }\nfunction sample() {}\n' +
    ESPRUINO_API +
    PASS.replace('HEARD', '/*heard(n)*/T(n)'),
};

/** Calls of the global `port` stand for what the tape would say; what is only told, `port` is told too. */
export const recordingHarness = (runtime: RuntimeName): string =>
  TEXT[runtime]
    .replace(/\/\*@(\w+)\*\/out/g, "port.also('$1', out)")
    .replace(/\/\*(\w+\([^*]*\))\*\/(?:[NTL]\((?:[^()]|\([^()]*\))*\))?/g, 'port.$1');

/** Answers come from `tape`, a list of bytes, from `at` on. */
export const replayingHarness = (runtime: RuntimeName): string => TEXT[runtime].replace(/\/\*.*?\*\//g, '');
