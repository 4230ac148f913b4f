// What bites in Espruino, as its sources have it (named in sim/runtimes/{espruino,espruino-json}.ts), on the model that images run on.
import { describe, expect, it } from 'vitest';
import { parseAsEspruino } from '../../../sim/runtimes/espruino-json.ts';
import { Scripted } from './scripted.ts';

const espruino = (script = ''): Scripted => new Scripted('espruino', script);

describe('timers of Espruino', () => {
  it('keep fractions of a millisecond: what is asked for 5.4 ms after now comes 0.4 ms after what is asked for 5', () => {
    const scripted = espruino('function f() {} setTimeout(f, 5); setTimeout(f, 5.4);');
    expect(scripted.model.pass()).toBeCloseTo(0.4, 9);
  });

  it('that throw are printed and gone; others go on', () => {
    const scripted =
      espruino(`var n = 0, m = 0; function bad() { n++; throw new Error('no'); } function good() { m++; setTimeout(good, 10); }
      setTimeout(bad, 5); setTimeout(good, 5);`);
    scripted.pass(500);
    expect([scripted.data('n'), scripted.model.console]).toEqual([1, ['Error: no']]);
    expect(scripted.data('m')).toBeGreaterThan(20);
  });
});

describe('Espruino out of memory', () => {
  it('interrupts the callback past its own catch, so that it is never asked for again; other timers go on; the watchdog starts the chip again', () => {
    const script = `var n = 0, m = 0;
      function f() { try { n++; E.kickWatchdog(); } catch (e) { n = -1; } setTimeout(f, 10); } function g() { m++; setTimeout(g, 50); }
      setTimeout(f, 0); setTimeout(g, 25);`;
    const scripted = new Scripted('espruino', script, { watchdogMs: 2000 });
    scripted.pass(500);
    while (scripted.data('n') === 0) scripted.gun.step();
    const [before, others] = [Number(scripted.data('n')), Number(scripted.data('m'))];
    scripted.model.outOfMemory();
    scripted.pass(1000);
    expect(scripted.model.console.join(' ')).toContain('LOW_MEMORY,MEMORY');
    const [after, otherAfter] = [Number(scripted.data('n')), Number(scripted.data('m'))];
    // One of the two was cut; whichever it was, the other ran on.
    expect([after > before + 5, otherAfter > others + 5].filter(Boolean)).toHaveLength(1);
    scripted.pass(4000);
    expect(scripted.gun.resetCount).toBe(after > before + 5 ? 0 : 1);
  });
});

describe('calls of Espruino', () => {
  it('SPI pulls the chip select of its own for one call, and answers in a new array', () => {
    const scripted = espruino("var cs = new Pin('D5'), data = new Uint8Array(5);");
    expect(scripted.data('(SPI1.send(data, cs) !== data) && SPI1.send(data, cs).length')).toBe(5);
  });

  it('I2C throws where nobody acknowledges', () => {
    const scripted = espruino();
    expect(scripted.run('I2C1.writeTo(0x50, new Uint8Array(2))')).toContain('threw');
    expect(scripted.run('I2C2.readReg(0x50, 0, 1)')).toContain('threw');
    expect(scripted.data('I2C2.readReg(0x2a, 0x1f, 1).length')).toBe(1);
  });

  it('USB hands text of 8-bit characters over, and sends 8 bits of each: 0x20AC is 0xAC', () => {
    const scripted = espruino("var came = ''; USB.on('data', function (text) { came += text; });");
    scripted.gun.hear('A\xff\x00');
    scripted.pass(6000);
    expect(scripted.data('came')).toBe('A\xff\x00');
    scripted.gun.takeSaid();
    scripted.run("USB.write('a\\u20ac\\n')");
    expect(scripted.gun.takeSaid()).toBe('a\xac\n');
  });

  it('Storage keeps the file of the store at a place of its own; flash is raw and takes bytes only', () => {
    const scripted = espruino("var storage = require('Storage'), flash = require('Flash');");
    expect(scripted.run("storage.read('mesogun')")).toBeUndefined();
    expect(scripted.run("storage.write('mesogun', '', 0, 44 * 4096 - 32)")).toBe(true);
    const at = Number(scripted.run("E.getAddressOf(storage.read('mesogun'), true)"));
    expect([at % 4096, scripted.run(`flash.write('text', ${at})`)]).toEqual([32, expect.stringContaining('threw')]);
  });

  it('has no watches and no interrupts here, though the chip has: the gate lets neither into an image', () => {
    expect(['setWatch', 'attachInterrupt', 'clearWatch'].map((name) => espruino().run(`typeof ${name}`))).toEqual(
      Array(3).fill('undefined'),
    );
  });

  it('lacks Map, Set, Symbol, Proxy, globalThis, Math.imul, Math.trunc, Object.freeze and Array.from', () => {
    const names = ['Map', 'Set', 'Symbol', 'Proxy', 'globalThis', 'Math.imul', 'Math.trunc', 'Object.freeze', 'Array.from'];
    expect(names.map((name) => espruino().run(`typeof ${name}`))).toEqual(names.map(() => 'undefined'));
  });
});

/** Measured: the same 4600 texts, seeds 1 to 3, on a desk build of Espruino 2v29.277 and here; all alike but the printing of numbers from 1e30 on. */
describe('JSON of Espruino', () => {
  it.each([
    ['{"a":1,"b":[true,null,"x",-2.5e1]}', { a: 1, b: [true, null, 'x', -25] }],
    ['{"a":1,}', { a: 1 }],
    ['[1,2,]', [1, 2]],
    ["{'a':'b'}", { a: 'b' }],
    ['{"a":1} and more', { a: 1 }],
    ['/* c */ [1, // d\n2]', [1, 2]],
    ['[0x1f,0b11,0o17,010,08,1_000,.5,2.]', [31, 3, 15, 8, 8, 1000, 0.5, 2]],
    ['"\\x41\\101\\q"', 'AAq'],
    ['{"a":1,"a":2}', { a: 1 }],
    ['-', undefined],
    ['[-true]', undefined],
  ])('reads %s', (text, value) => {
    expect(parseAsEspruino(text)).toEqual(value);
  });

  it.each(['', '{a:1}', '{1:2}', '{"a" 1}', '[1 2]', '[,]', '[1,,2]', '{"a":1', '"abc', '"a\nb"', 'nul', '+1', '--1', '"\\u00g0"', '/* c'])(
    'throws at %j',
    (text) => {
      expect(() => parseAsEspruino(text)).toThrow();
    },
  );

  it('is what an image meets: its own parse is lenient there', () => {
    expect(espruino().data("JSON.parse('[1,]').length")).toBe(1);
  });
});
