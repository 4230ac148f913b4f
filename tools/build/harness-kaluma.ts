// Kaluma's API for the harness, and what stands behind it while a session is recorded. Not responsible for what Kaluma does
// (sim/runtimes/kaluma.ts). Runs at the desk and on engines.
import { PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import type { Api, Globals, Port, TapeWriter } from './tape-writer.ts';
import { acknowledged, callOf, objects } from './tape-writer.ts';

/** One constructor and one set of methods for every device: `a` tells them apart. */
export const KALUMA_API = `function millis() { fold(1); return (now += /*ms()*/num(2)); }
var pinMode = out, digitalWrite = /*@digitalWrite*/out;
function digitalRead(p) { fold(4); fold(p); return /*pin(p)*/num(1); }
var INPUT_PULLUP = 2, OUTPUT = 1, storage = { getItem: function () { return String(/*item()*/num(4)); } };
function btoa(d) { fold(17); folds(d); return String.fromCharCode.apply(null, /*base64(d)*/runs(new Uint8Array(89))); }
function Bus(a) { this.a = a; }
Bus.prototype = {
  transfer: function (d) { fold(6); folds(d); return /*spi(d)*/runs(new Uint8Array(d.length)); },
  send: function (d) { fold(5); folds(d); /*give(d)*/; },
  write: function (a, b, c) {
    if (typeof a === 'string') { fold(14); folds(a, 1); /*say(a)*/; }
    else if (typeof a === 'number') { fold(12); fold(a); folds(b); fold(c); /*flashWrite(a, b, c)*/; }
    else { fold(7); fold(b); folds(a); if (/*i2cWrite(this.a, a, b)*/num(1)) throw 1; }
  },
  memRead: function (n, a, r) { fold(8); fold(a); fold(r); if (/*i2cRead(this.a, n, a, r)*/num(1)) throw 1; return /*reply()*/runs(new Uint8Array(n)); },
  read: function (k, b, o) { fold(11); fold(k); fold(o); /*flashRead(k, b, o)*/runs(b); },
  on: function (e, fn) { onData = fn; },
  setFrequency: /*@setFrequency*/out, setDuty: /*@setDuty*/out, ioctl: /*@ioctl*/out, feed: /*@feed*/out, put: /*@put*/out,
  start: out, active: out,
  wrap_target: out, label: out, out: out, jmp: out, nop: out, side: out, delay: out, wrap: out
};
var modules = { SPI: Bus, I2C: Bus, PWM: Bus, UART: Bus, Flash: Bus, WDT: Bus, ASM: Bus, StateMachine: Bus };
var global = { require: function () { return modules; } };
`;

/** What the harness calls while a session is recorded: the model answers, the tape remembers. */
export function kalumaPort(globals: Globals, tape: TapeWriter): Port {
  const object = objects((module) => callOf(globals, 'require')(module) as Record<string, new (...args: unknown[]) => Api>);
  // Opened as the port does it, once each.
  const spi = object('spi', 'SPI', 0);
  const flash = object('flash', 'Flash', PICO_KALUMA_STORE_SECTOR);
  const uart = object('uart', 'UART', 0);
  callOf(uart, 'on')('data', (data: Uint8Array) => data);
  let replied = new Uint8Array(0);
  const told: Readonly<Record<string, (on: number, ...args: unknown[]) => unknown>> = {
    digitalWrite: (_on, pin, level) => callOf(globals, 'digitalWrite')(pin, level),
    setFrequency: (pin, hz) => callOf(object('pwm', 'PWM', pin), 'setFrequency')(hz),
    setDuty: (pin, duty) => callOf(object('pwm', 'PWM', pin), 'setDuty')(duty),
    ioctl: (_on, op, block) => callOf(flash, 'ioctl')(op, block),
    feed: () => callOf(object('wdt', 'WDT', 0), 'feed')(),
    put: (_on, word) => callOf(object('rp2', 'StateMachine'), 'put')(word),
  };
  return {
    ms: () => tape.msUntil(callOf(globals, 'millis')() as number),
    pin: (pin: number) => tape.number(callOf(globals, 'digitalRead')(pin) as number, 1),
    item: () => tape.number(Number(callOf(globals['storage'] as Api, 'getItem')('mesogun-id')), 4),
    spi: (data: Uint8Array) => tape.runs(callOf(spi, 'transfer')(data) as Uint8Array),
    give: (data: Uint8Array) => callOf(spi, 'send')(data),
    i2cWrite: (bus: number, data: Uint8Array, address: number) =>
      tape.number(acknowledged(() => callOf(object('i2c', 'I2C', bus), 'write')(data, address)) === null ? 1 : 0, 1),
    i2cRead: (bus: number, n: number, address: number, register: number) => {
      const bytes = acknowledged(() => callOf(object('i2c', 'I2C', bus), 'memRead')(n, address, register)) as Uint8Array | null;
      if (bytes) replied = Uint8Array.from(bytes);
      return tape.number(bytes ? 0 : 1, 1);
    },
    base64: (data: Uint8Array) => tape.runs(Uint8Array.from(Buffer.from(callOf(globals, 'btoa')(data) as string))),
    reply: () => tape.runs(replied),
    flashRead: (block: number, into: Uint8Array, offset: number) => {
      callOf(flash, 'read')(block, into, offset);
      tape.runs(into);
    },
    flashWrite: (block: number, data: Uint8Array, offset: number) => callOf(flash, 'write')(block, data, offset),
    say: (text: string) => callOf(uart, 'write')(text),
    also: (name: string, fold: (...args: unknown[]) => unknown) =>
      function (this: { readonly a?: number } | undefined, ...args: unknown[]): unknown {
        told[name]?.(this?.a ?? 0, ...args);
        return fold.apply(this, args);
      },
  };
}
