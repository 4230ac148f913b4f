// The small drivers a hand touches: trigger, ring, OK button, lamp, buzzer; and the pin that keeps the drivers on.
import { describe, expect, it } from 'vitest';
import { STAMP_DRIVEN, STAMP_MANUAL, STAMP_PASSIVE } from '../../../hal/devices.ts';
import type { DigitalIn, Level } from '../../../hal/io.ts';
import { LampPanel } from '../../../hal/drivers/lamp-panel.ts';
import { Monostable } from '../../../hal/drivers/monostable.ts';
import { RingStamp } from '../../../hal/drivers/ring-stamp.ts';
import { TriggerInput } from '../../../hal/drivers/trigger-input.ts';
import type { AtMs } from '../../../hal/units.ts';

class Contact {
  level: Level = 0;
  readonly read: DigitalIn = () => this.level;
}
const at = (ms: number): AtMs => (ms >>> 0) as AtMs;

describe('TriggerInput', () => {
  const make = (level: Level): { contact: Contact; trigger: TriggerInput } => {
    const contact = new Contact();
    contact.level = level;
    return { contact, trigger: new TriggerInput() };
  };

  it('R27: closed at boot is held but is no press', () => {
    const { contact, trigger } = make(1);
    for (let ms = 0; ms < 200; ms += 20) trigger.poll(contact.read(), at(ms));
    expect([trigger.held, trigger.pressCount]).toEqual([1, 0]);
  });

  it('R27: counts a press after 30 ms of standing closed, not after 29', () => {
    const { contact, trigger } = make(0);
    trigger.poll(contact.read(), at(0));
    contact.level = 1;
    trigger.poll(contact.read(), at(1));
    trigger.poll(contact.read(), at(30));
    expect([trigger.held, trigger.pressCount]).toEqual([0, 0]);
    trigger.poll(contact.read(), at(31));
    expect([trigger.held, trigger.pressCount]).toEqual([1, 1]);
  });

  it('R27: makes one press of one that bounces for 25 ms, and no release of a gap of 29 ms', () => {
    const { contact, trigger } = make(0);
    trigger.poll(contact.read(), at(0));
    for (let ms = 1; ms < 400; ms++) {
      contact.level = ms < 26 ? ((ms & 1) as Level) : ms >= 200 && ms < 229 ? 0 : 1;
      trigger.poll(contact.read(), at(ms));
    }
    expect([trigger.held, trigger.pressCount]).toEqual([1, 1]);
  });

  it('R32: debounces across the wrap of the 32-bit clock', () => {
    const { contact, trigger } = make(0);
    trigger.poll(contact.read(), at(2 ** 32 - 40));
    contact.level = 1;
    trigger.poll(contact.read(), at(2 ** 32 - 20));
    trigger.poll(contact.read(), at(2 ** 32 + 9));
    expect(trigger.pressCount).toBe(0);
    trigger.poll(contact.read(), at(2 ** 32 + 10));
    expect(trigger.pressCount).toBe(1);
  });
});

describe('RingStamp', () => {
  const make = (): { ring: Contact; duty: number[]; stamp: RingStamp } => {
    const ring = new Contact();
    const duty: number[] = [];
    return { ring, duty, stamp: new RingStamp((permille) => duty.push(permille)) };
  };

  it('R25: loses contact after 20 ms, regains it after 100 ms', () => {
    const { ring, stamp } = make();
    stamp.poll(ring.read(), at(0));
    ring.level = 1;
    stamp.poll(ring.read(), at(10));
    stamp.poll(ring.read(), at(109));
    expect(stamp.contact).toBe(0);
    stamp.poll(ring.read(), at(110));
    expect(stamp.contact).toBe(1);
    ring.level = 0;
    stamp.poll(ring.read(), at(200));
    stamp.poll(ring.read(), at(219));
    expect(stamp.contact).toBe(1);
    stamp.poll(ring.read(), at(220));
    expect(stamp.contact).toBe(0);
  });

  it('pulls in at full duty for 30 ms, then holds in proportion to the force', () => {
    const { duty, stamp } = make();
    stamp.configure(STAMP_DRIVEN);
    duty.length = 0;
    stamp.press(2000, at(0));
    stamp.poll(0, at(29));
    expect(duty).toEqual([1000]);
    stamp.poll(0, at(30));
    expect(duty).toEqual([1000, 333]);
    stamp.press(3000, at(50));
    expect(duty).toEqual([1000, 333, 500]);
    expect(stamp.pressing).toBe(1);
    stamp.release();
    expect([duty.at(-1), stamp.pressing]).toEqual([0, 0]);
  });

  it('never asks for more than full duty', () => {
    const { duty, stamp } = make();
    stamp.configure(STAMP_DRIVEN);
    stamp.press(60_000, at(0));
    stamp.poll(0, at(40));
    expect(Math.max(...duty)).toBe(1000);
  });

  it.each([STAMP_PASSIVE, STAMP_MANUAL])('drives nothing in mode %i', (mode) => {
    const { duty, stamp } = make();
    stamp.configure(mode);
    stamp.press(2000, at(0));
    stamp.poll(0, at(50));
    expect(duty.filter((permille) => permille > 0)).toEqual([]);
    expect(stamp.pressing).toBe(0);
  });

  it('lets go when it is configured anew', () => {
    const { duty, stamp } = make();
    stamp.configure(STAMP_DRIVEN);
    stamp.press(2000, at(0));
    stamp.configure(STAMP_PASSIVE);
    stamp.poll(0, at(50));
    expect(duty.at(-1)).toBe(0);
  });
});

describe('LampPanel', () => {
  const make = (): { colours: number[]; tones: number[]; button: Contact; up: Contact; down: Contact; panel: LampPanel } => {
    const colours: number[] = [];
    const tones: number[] = [];
    const [button, up, down] = [new Contact(), new Contact(), new Contact()];
    const panel = new LampPanel({
      lamp: (rgb) => colours.push(rgb),
      buzzer: (hz) => tones.push(hz),
      okButton: button.read,
      upButton: up.read,
      downButton: down.read,
    });
    return { colours, tones, button, up, down, panel };
  };

  it('writes the lamp only when its colour changes, black at first too', () => {
    const { colours, panel } = make();
    for (const rgb of [0, 0, 0xff0000, 0xff0000, 0]) panel.lamp(rgb);
    expect(colours).toEqual([0, 0xff0000, 0]);
  });

  it('ends a tone after its time and once; a newer tone replaces it', () => {
    const { tones, panel } = make();
    panel.beep(2000, 50, at(0));
    panel.beep(1000, 100, at(40));
    panel.poll(at(60), 1);
    panel.poll(at(139), 1);
    expect(tones).toEqual([2000, 1000]);
    panel.poll(at(140), 1);
    panel.poll(at(200), 1);
    expect(tones).toEqual([2000, 1000, 0]);
  });

  it('R25: counts presses of the OK button, debounced 30 ms, none for one held at boot', () => {
    const { button, panel } = make();
    button.level = 1;
    panel.poll(at(0), 1);
    panel.poll(at(100), 1);
    expect(panel.okCount).toBe(0);
    button.level = 0;
    panel.poll(at(120), 1);
    panel.poll(at(160), 1);
    button.level = 1;
    panel.poll(at(180), 1);
    panel.poll(at(220), 1);
    panel.poll(at(240), 1);
    expect(panel.okCount).toBe(1);
  });

  it('looks at up and down in turn while OK means nothing: each counts when held for 80 ms', () => {
    const { up, down, panel } = make();
    for (const ms of [0, 20, 40]) panel.poll(at(ms), 0);
    up.level = 1;
    for (const ms of [60, 80, 100, 120]) panel.poll(at(ms), 0);
    up.level = 0;
    down.level = 1;
    for (const ms of [140, 160, 180, 200]) panel.poll(at(ms), 0);
    expect([panel.okCount, panel.upCount, panel.downCount]).toEqual([0, 1, 1]);
  });

  it('R25, R45: does not look at OK while it means nothing, and takes one held from then on for no press', () => {
    const { button, panel } = make();
    panel.poll(at(0), 1);
    for (const ms of [20, 40, 60, 80]) {
      button.level = 1;
      panel.poll(at(ms), 0);
    }
    for (const ms of [100, 120, 140, 160]) panel.poll(at(ms), 1);
    expect(panel.okCount).toBe(0);
    button.level = 0;
    for (const ms of [180, 220]) panel.poll(at(ms), 1);
    button.level = 1;
    for (const ms of [240, 280]) panel.poll(at(ms), 1);
    expect(panel.okCount).toBe(1);
  });

  it('counts up and down apart from OK, each debounced 30 ms', () => {
    const { up, down, panel } = make();
    panel.poll(at(0), 1);
    for (let press = 0; press < 3; press++) {
      const fromMs = 100 + 200 * press;
      up.level = 1;
      if (press === 0) down.level = 1;
      panel.poll(at(fromMs), 1);
      panel.poll(at(fromMs + 40), 1);
      up.level = 0;
      down.level = 0;
      panel.poll(at(fromMs + 100), 1);
      panel.poll(at(fromMs + 140), 1);
    }
    expect([panel.okCount, panel.upCount, panel.downCount]).toEqual([0, 3, 1]);
  });
});

describe('Monostable', () => {
  it('puts one edge on the pin and feeds the watchdog once a kick', () => {
    const levels: number[] = [];
    let fed = 0;
    const watchdog = new Monostable({ kick: (level) => levels.push(level), feedWatchdog: () => void (fed += 1) });
    for (let i = 0; i < 4; i++) watchdog.kick();
    expect(levels).toEqual([1, 0, 1, 0]);
    expect(fed).toBe(4);
  });
});
