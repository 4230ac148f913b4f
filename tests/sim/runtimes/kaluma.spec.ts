// What bites in Kaluma, as its sources have it (named in sim/runtimes/{kaluma,model}.ts), on the model that images run on.
import { describe, expect, it } from 'vitest';
import { Scripted } from './scripted.ts';

const LOOP = (body: string): string => `var at = []; function f() { at.push(millis()); ${body}; setTimeout(f, 20); } setTimeout(f, 0);`;
const gaps = (scripted: Scripted): number[] => {
  const at = scripted.data('at') as number[];
  return at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
};

describe('timers of Kaluma', () => {
  it('come in the 21st millisecond when 20 are asked for, counted from the begin of the pass, whatever the callback costs', () => {
    const idle = new Scripted('kaluma', LOOP(''));
    const spi = "var spi = new (require('spi').SPI)(0, {}), data = new Uint8Array(5);";
    const busy = new Scripted('kaluma', spi + LOOP('for (var i = 0; i < 50; i++) spi.transfer(data)'));
    for (const scripted of [idle, busy]) {
      scripted.pass(1000);
      const all = gaps(scripted);
      expect(all.length).toBeGreaterThan(40);
      expect(all.every((ms) => ms >= 20 && ms <= 23)).toBe(true);
      expect(all.reduce((sum, ms) => sum + ms, 0) / all.length).toBeGreaterThan(20.9);
    }
  });

  it('take whole milliseconds: 0.9 is 0', () => {
    const most = (forMs: string): number => {
      const scripted = new Scripted(
        'kaluma',
        `var at = []; function f() { at.push(millis()); setTimeout(f, ${forMs}); } setTimeout(f, 0);`,
      );
      scripted.pass(200);
      return Math.max(...gaps(scripted));
    };
    expect(most('0.9')).toBe(most('0'));
    expect(most('12')).toBeGreaterThan(most('0'));
  });

  it('that throw are printed and gone; others go on', () => {
    const script = `var n = 0, m = 0; function bad() { n++; throw new Error('no'); } function good() { m++; setTimeout(good, 10); }
      setTimeout(bad, 5); setTimeout(good, 5);`;
    const scripted = new Scripted('kaluma', script);
    scripted.pass(500);
    expect(scripted.data('n')).toBe(1);
    expect(scripted.data('m')).toBeGreaterThan(20);
    expect(scripted.model.console).toEqual(['Error: no']);
  });
});

describe('btoa of Kaluma', () => {
  it('ends a line after 72 characters: 64 bytes are 72, a line feed and 16', () => {
    const scripted = new Scripted('kaluma', 'var text = btoa(new Uint8Array(64)), line = btoa(new Uint8Array(54));');
    const text = scripted.data('text') as string;
    expect([text.length, text.indexOf('\n')]).toEqual([89, 72]);
    expect((scripted.data('line') as string).length).toBe(72);
  });
});

describe('Kaluma out of memory', () => {
  it('hangs in exit(1): nothing runs or hears any more, and the watchdog of 2 s starts the chip again', () => {
    const script =
      "var n = 0, wdt = new (require('wdt').WDT)(2000); function f() { n++; wdt.feed(); setTimeout(f, 10); } setTimeout(f, 0);";
    const scripted = new Scripted('kaluma', script, { watchdogMs: 2000 });
    scripted.pass(500);
    const before = scripted.data('n');
    expect(before).toBeGreaterThan(30);
    scripted.model.outOfMemory();
    for (let i = 0; i < 2; i++) scripted.gun.step();
    expect([scripted.model.console, scripted.gun.resetCount]).toEqual([[], 1]);
    scripted.pass(100);
    expect(scripted.data('n')).toBeLessThan(12);
    scripted.pass(2000);
    expect([scripted.gun.resetCount, Number(scripted.data('n')) > 50]).toEqual([1, true]);
  });
});

describe('calls of Kaluma', () => {
  const kaluma = (script = ''): Scripted => new Scripted('kaluma', script);

  it('SPI sends the whole buffer under a view, answers in a new array, takes bytes only and opens once', () => {
    const scripted = kaluma("var spi = new (require('spi').SPI)(0, {});");
    expect(scripted.data('Array.from(spi.transfer(new Uint8Array(8).subarray(2, 4))).length')).toBe(8);
    expect(scripted.data('(function (d) { return spi.transfer(d) !== d; })(new Uint8Array(5))')).toBe(true);
    expect(scripted.run('spi.transfer([1, 2])')).toContain('threw TypeError');
    expect(scripted.run("new (require('spi').SPI)(0, {})")).toContain('threw Error');
  });

  it('I2C throws where nobody acknowledges', () => {
    const scripted = kaluma("var bus = new (require('i2c').I2C)(0, {});");
    expect(scripted.run('bus.write(new Uint8Array(2), 0x50)')).toContain('threw');
    expect(scripted.run('bus.memRead(1, 0x50, 0)')).toContain('threw');
    expect(scripted.data('bus.memRead(1, 0x2a, 0x1f).length')).toBe(1);
  });

  it('UART hands bytes over and sends one byte a character: é is 0xE9, a character beyond 8 bits is 0', () => {
    const scripted = kaluma(
      "var came = [], uart = new (require('uart').UART)(0, {}); uart.on('data', function (d) { came = came.concat(Array.from(d)); });",
    );
    scripted.gun.hear('A\xff\x00');
    scripted.pass(6000);
    expect(scripted.data('came')).toEqual([65, 255, 0]);
    scripted.gun.takeSaid();
    scripted.run("uart.write('a\\u00e9\\u20ac\\n')");
    expect(scripted.gun.takeSaid()).toBe('a\xe9\0\n');
  });

  it('flash swallows a page that is not aligned or not whole, without a word', () => {
    const scripted = kaluma("var flash = new (require('flash').Flash)(196, 64), into = new Uint8Array(4);");
    scripted.run('flash.ioctl(6, 60)');
    for (const call of ['flash.write(60, new Uint8Array(256), 8)', 'flash.write(60, new Uint8Array(100), 0)']) {
      expect(scripted.run(call)).toBeUndefined();
    }
    expect(scripted.data('(flash.read(60, into, 0), Array.from(into))')).toEqual([255, 255, 255, 255]);
    scripted.run('flash.write(60, new Uint8Array(256), 0)');
    expect(scripted.data('(flash.read(60, into, 0), Array.from(into))')).toEqual([0, 0, 0, 0]);
  });

  it('watches are not there, though the chip has them: the gate lets none into an image', () => {
    expect(['setWatch', 'attachInterrupt'].map((name) => kaluma().run(`typeof ${name}`))).toEqual(['undefined', 'undefined']);
  });

  it('JSON is strict, and there is no globalThis', () => {
    expect(kaluma().run('JSON.parse(\'{"a":1,}\')')).toContain('threw SyntaxError');
    expect(kaluma().run('typeof globalThis')).toBe('undefined');
  });
});
