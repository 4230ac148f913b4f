// Espruino's API for the harness, and what stands behind it while a session is recorded. Not responsible for what Espruino does
// (sim/runtimes/espruino.ts). Runs at the desk and on engines, Espruino itself among them: there it hides the runtime's own names.
import type { Api, Globals, Port, TapeWriter } from './tape-writer.ts';
import { acknowledged, callOf } from './tape-writer.ts';

/** The store's file, as the model says, is at the address that `getAddressOf` answers. */
export const ESPRUINO_API = `function getTime() { fold(1); return (now += /*ms()*/num(2)) / 1000; }
function getSerial() { return String.fromCharCode(/*serial()*/num(1)); }
function pinMode(p) { fold(3); fold(p.a); }
function analogWrite(p, d, o) { fold(10); fold(p.a); fold(Math.round(d * 1000)); fold(o.freq); /*analog(p.a, d, o.freq)*/; }
function Pin(name) { this.a = +name.substr(1); }
Pin.prototype.write = /*@pinWrite*/out;
Pin.prototype.read = function () { fold(4); fold(this.a); return /*pin(this.a)*/num(1) > 0; };
function btoa(d) { fold(17); folds(d); return /*base64(d)*/chars(88); }
function Wire(a) { this.a = a; }
Wire.prototype.setup = out;
Wire.prototype.writeTo = function (a, d) { fold(7); fold(a); folds(d); if (/*i2cWrite(this.a, a, d)*/num(1)) throw 1; };
Wire.prototype.readReg = function (a, r, n) {
  fold(8); fold(a); fold(r);
  if (/*i2cRead(this.a, a, r, n)*/num(1)) throw 1;
  return /*reply()*/runs(new Uint8Array(n));
};
var I2C1 = new Wire(1), I2C2 = new Wire(2);
var SPI1 = { setup: out, send: function (d, cs) { fold(6); fold(cs.a); folds(d); sample(); return /*spi(d, cs.a)*/runs(new Uint8Array(d.length)); } };
var USB = { on: function (e, fn) { onData = fn; }, write: function (t) { fold(14); folds(t, 1); sample(); /*say(t)*/; } };
var E = { setConsole: out, enableWatchdog: out, kickWatchdog: /*@feed*/out, getAddressOf: function () { return 270270496; } };
var made;
var modules = {
  Flash: {
    read: function (n, a) { fold(11); fold(n); fold(a); var b = new Uint8Array(n); /*flashRead(b, a)*/runs(b); return b; },
    write: function (d, a) { fold(12); folds(d); fold(a); /*flashWrite(d, a)*/; },
    erasePage: /*@erase*/out
  },
  Storage: { read: function () { return made; }, write: function () { made = '-'; return true; } },
  neopixel: { write: function (p, d) { fold(16); folds(d); /*lamp(d)*/; } }
};
var global = { require: function (name) { return modules[name]; } };
`;

/** What the harness calls while a session is recorded: the model answers, the tape remembers. */
export function espruinoPort(globals: Globals, tape: TapeWriter): Port {
  const made = new Map<number, Api>();
  const pin = (gpio: number): Api => {
    const found = made.get(gpio) ?? (callOf(globals, 'Pin')(`D${String(gpio)}`) as Api);
    made.set(gpio, found);
    return found;
  };
  const module = (name: string): Api => callOf(globals, 'require')(name) as Api;
  const wire = (bus: number): Api => globals[`I2C${String(bus)}`] as Api;
  callOf(module('Storage'), 'write')();
  let replied = new Uint8Array(0);
  const told: Readonly<Record<string, (on: number, ...args: unknown[]) => unknown>> = {
    pinWrite: (gpio, level) => callOf(pin(gpio), 'write')(level),
    feed: () => callOf(globals['E'] as Api, 'kickWatchdog')(),
    erase: (_on, address) => callOf(module('Flash'), 'erasePage')(address),
  };
  return {
    ms: () => tape.msUntil(Math.round((callOf(globals, 'getTime')() as number) * 1000)),
    serial: () => tape.number((callOf(globals, 'getSerial')() as string).charCodeAt(0), 1),
    pin: (gpio: number) => tape.number(callOf(pin(gpio), 'read')() === true ? 1 : 0, 1),
    analog: (gpio: number, duty: number, freq: number) => callOf(globals, 'analogWrite')(pin(gpio), duty, { freq }),
    spi: (data: Uint8Array, gpio: number) => tape.runs(callOf(globals['SPI1'] as Api, 'send')(data, pin(gpio)) as Uint8Array),
    i2cWrite: (bus: number, address: number, data: Uint8Array) =>
      tape.number(acknowledged(() => callOf(wire(bus), 'writeTo')(address, data) ?? 0) === null ? 1 : 0, 1),
    i2cRead: (bus: number, address: number, register: number, n: number) => {
      const bytes = acknowledged(() => callOf(wire(bus), 'readReg')(address, register, n)) as Uint8Array | null;
      if (bytes) replied = Uint8Array.from(bytes);
      return tape.number(bytes ? 0 : 1, 1);
    },
    base64: (data: Uint8Array) => tape.text(callOf(globals, 'btoa')(data) as string),
    reply: () => tape.runs(replied),
    flashRead: (into: Uint8Array, address: number) => {
      into.set(callOf(module('Flash'), 'read')(into.length, address) as Uint8Array);
      tape.runs(into);
    },
    flashWrite: (data: Uint8Array, address: number) => callOf(module('Flash'), 'write')(data, address),
    lamp: (grb: Uint8Array) => callOf(module('neopixel'), 'write')(null, grb),
    say: (text: string) => callOf(globals['USB'] as Api, 'write')(text),
    also: (name: string, fold: (...args: unknown[]) => unknown) =>
      function (this: { readonly a?: number } | undefined, ...args: unknown[]): unknown {
        told[name]?.(this?.a ?? 0, ...args);
        return fold.apply(this, args);
      },
  };
}
