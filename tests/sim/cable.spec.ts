// The host cable: power-on at first contact, text at sync instants only, acks, stop at once, the gun left alone.
import { describe, expect, it } from 'vitest';
import { SimCable, SYNC_US } from '../../sim/cable.ts';
import type { CableEnd, CableGun } from '../../sim/cable.ts';
import type { WorldRequest } from '../../sim/setup.ts';

/** A gun that says a numbered heartbeat every 500 ms, ticks every 20 ms and notes what it hears and when. */
class FakeGun implements CableGun {
  nowUs = 0;
  atRest = true;
  hostSilentUntilUs = 0;
  readonly heard: { atUs: number; text: string }[] = [];
  private seq = 0;
  private said = '';
  step(): void {
    this.nowUs += 20_000;
    if (this.nowUs % 500_000 === 0) this.say('{"ev":"hb"}');
  }
  say(json: string): void {
    this.seq += 1;
    this.said += `${String(this.seq)} ${json} 00000000\n`;
  }
  hear(text: string): void {
    this.heard.push({ atUs: this.nowUs, text });
  }
  takeSaid(): string {
    const text = this.said;
    this.said = '';
    return text;
  }
}

interface Bench {
  readonly cable: SimCable;
  readonly gun: FakeGun;
  readonly worlds: WorldRequest[];
}

function bench(): Bench {
  const gun = new FakeGun();
  const worlds: WorldRequest[] = [];
  const makeGun = (world: WorldRequest): CableGun => {
    worlds.push(world);
    gun.say('{"ev":"boot"}');
    return gun;
  };
  return { cable: new SimCable({ makeGun, world: { seed: 4 } }), gun, worlds };
}

/** Acks each line after `delay`; answers the n-th line with a command before its ack; resolves after `lines` lines. */
function host(
  end: CableEnd,
  lines: number,
  options: { commands?: Record<number, string>; delay?: () => Promise<void>; pieces?: boolean } = {},
): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    const take = async (line: string): Promise<void> => {
      seen.push(line);
      if (line.startsWith('%')) return;
      const seq = Number.parseInt(line, 10);
      if (options.delay) await options.delay();
      const command = options.commands?.[seq];
      if (command) end.write(`${command}\n`);
      const ack = `9 {"ack":${String(seq)}} 00000000\n`;
      setImmediate(() => {
        if (seen.length > lines) return;
        if (options.pieces) for (const character of ack) end.write(character);
        else end.write(ack);
        if (seen.length === lines) resolve(seen);
      });
    };
    end.onText((text) => {
      for (const line of text.split('\n')) if (line !== '') void take(line);
    });
  });
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('host cable', () => {
  it('greets with the seed and powers the gun on at the first line, not before', async () => {
    const { cable, worlds } = bench();
    const end = cable.connect();
    const greeting = await new Promise((resolve) => {
      end.onText(resolve);
    });
    expect(greeting).toBe('% mesogun-sim {"seed":4}\n');
    expect(worlds).toEqual([]);
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    expect(worlds).toEqual([{ seed: 4 }]);
    await end.close();
  });

  it('configures the world, and only the world, from a % world line before power-on', async () => {
    const { cable, gun, worlds } = bench();
    const end = cable.connect();
    end.write('% world {"seed":7,"points":[[0,0]]}\n');
    expect(worlds).toEqual([{ seed: 7, points: [[0, 0]] }]);
    await end.close();
    expect(gun.heard).toEqual([]);
  });

  it('answers a % world line that is no JSON with an error line and hangs up', async () => {
    const { cable, worlds } = bench();
    const end = cable.connect();
    const seen: string[] = [];
    end.onText((text) => seen.push(text));
    const closed = new Promise<void>((resolve) => {
      end.onClose(resolve);
    });
    end.write('% world {\n');
    await closed;
    expect(seen.join('')).toContain('% error');
    expect(worlds).toEqual([]);
  });

  it('hands host text over at the sync instant, 20 ms of virtual time after the line it answers', async () => {
    const { cable, gun } = bench();
    const end = cable.connect();
    const done = host(end, 4, { commands: { 2: '5 {"id":5,"do":"status"} 00000000' } });
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    await done;
    await end.close();
    const command = gun.heard.find((heard) => heard.text.includes('status'));
    expect(command?.atUs).toBe(500_000 + SYNC_US);
    expect(command?.text.endsWith('{"ack":2} 00000000\n')).toBe(true);
  });

  it('is the same for a host that answers at once, after 3 ms of wall time, and byte by byte', async () => {
    const play = async (options: Parameters<typeof host>[2]): Promise<string> => {
      const { cable, gun } = bench();
      const end = cable.connect();
      const done = host(end, 8, { commands: { 1: 'a', 3: 'b', 6: 'c' }, ...options });
      end.write('1 {"id":1,"do":"hello"} 00000000\n');
      await done;
      const heard = gun.heard.filter(({ text }) => !text.includes('"ack":7'));
      await end.close();
      return JSON.stringify(heard);
    };
    const plain = await play({});
    expect(await play({ delay: () => new Promise((resolve) => setTimeout(resolve, 3)) })).toBe(plain);
    expect(await play({ pieces: true })).toBe(plain);
  });

  it('halts virtual time while a line is unacknowledged, however long the host thinks', async () => {
    const { cable, gun } = bench();
    const end = cable.connect();
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    await settle();
    const haltedUs = gun.nowUs;
    await settle();
    expect(gun.nowUs).toBe(haltedUs);
    expect(haltedUs).toBe(2 * SYNC_US);
    await end.close();
  });

  it("R35: delivers '!' at once, even while it waits for an ack and inside half a line", async () => {
    const { cable, gun } = bench();
    const end = cable.connect();
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    await settle();
    end.write('2 {"id"!');
    expect(gun.heard).toEqual([{ atUs: gun.nowUs, text: '!' }]);
    await end.close();
  });

  it('R37: runs on without its host until the gun has been at rest for 5 s, then halts; another host may come', async () => {
    const { cable, gun } = bench();
    gun.atRest = false;
    const end = cable.connect();
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    const gone = end.close();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    gun.atRest = true;
    const restsUs = gun.nowUs;
    await gone;
    expect(gun.nowUs - restsUs).toBeGreaterThanOrEqual(5_000_000);
    const haltedUs = gun.nowUs;
    await settle();
    expect(gun.nowUs).toBe(haltedUs);
    const again = cable.connect();
    const done = host(again, 3);
    again.write('1 {"id":1,"do":"hello"} 00000000\n');
    await done;
    expect(gun.nowUs).toBeGreaterThan(haltedUs);
    await again.close();
  });

  it('loses what a silent host says while a fault keeps it silent, and keeps in step', async () => {
    const { cable, gun } = bench();
    gun.hostSilentUntilUs = 1_200_000;
    const end = cable.connect();
    const done = host(end, 6, { commands: { 1: 'early', 4: 'late' } });
    end.write('1 {"id":1,"do":"hello"} 00000000\n');
    await done;
    await end.close();
    const texts = gun.heard.map(({ text }) => text).join('');
    expect(texts).not.toContain('early');
    expect(texts).toContain('late');
  });

  it('refuses a second host while one is plugged in', async () => {
    const { cable } = bench();
    const end = cable.connect();
    expect(() => cable.connect()).toThrow('in use');
    await end.close();
  });
});
