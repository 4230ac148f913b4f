// Shows an instrument to whoever tries its cable: identity first, then readings, to people or as JSON lines. Not responsible for
// what readings mean.
import type { Desk } from '../desk.ts';
import type { Balance, BalanceIdentity, Weighing } from './balance.ts';
import type { Gauge } from './gauge.ts';
import { parseBalance } from './open-balance.ts';
import { parseGauge } from './open-gauge.ts';
import { WALL_CLOCK } from './place.ts';
import type { InstrumentPlace } from './place.ts';

export interface ShowOptions {
  readonly count: number;
  /** Until Ctrl-C. */
  readonly watch: boolean;
  readonly json: boolean;
}

/** A simulated instrument stands on a bench of its own, in step with the wall where somebody watches. */
async function place(simulated: boolean, paced: boolean, desk: Desk): Promise<InstrumentPlace> {
  const clock = WALL_CLOCK;
  if (!simulated) return { virtual: null, clock, prompt: () => desk.say('press DATA on the gauge') };
  const { LoneBench } = await import('./lone-bench.ts');
  const { VirtualInstruments } = await import('./virtual-instruments.ts');
  return { virtual: new VirtualInstruments(new LoneBench({ paced }).bench), clock };
}

const decimals = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

function weightLine({ mg, stable }: Weighing, { readabilityMg }: BalanceIdentity): string {
  return `${mg.toFixed(decimals(readabilityMg)).padStart(12)} mg  ${stable ? 'stable' : 'moving'}`;
}

/** Resolves at Ctrl-C. */
function interrupted(desk: Desk): { readonly wait: Promise<void>; done(): void } {
  let stop = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    stop = desk.onInterrupt(resolve);
  });
  return { wait, done: () => stop() };
}

async function watchBalance(balance: Balance, options: ShowOptions, desk: Desk): Promise<void> {
  const end = interrupted(desk);
  const redraw = desk.isTerminal && !options.json;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const stop = await balance.stream((weighing) => {
    if (options.json) desk.out(`${JSON.stringify({ event: 'weight', ...weighing })}\n`);
    else if (redraw) desk.draw(`\r${weightLine(weighing, balance.identity)}`);
    else desk.out(`${weightLine(weighing, balance.identity)}\n`);
  }, fail);
  try {
    await Promise.race([end.wait, failed]);
    if (redraw) desk.draw('\n');
    await stop();
  } finally {
    end.done();
  }
}

/** Says who the balance is and what it weighs. Rejects with MesogunError. */
export async function showBalance(text: string, options: ShowOptions, desk: Desk): Promise<void> {
  const { openBalance } = await import('./open-balance.ts');
  const balance = await openBalance(text, await place(parseBalance(text).way.kind === 'sim', options.watch, desk));
  try {
    const { identity } = balance;
    if (options.json) desk.out(`${JSON.stringify({ event: 'balance', ...identity })}\n`);
    else {
      const { maker, model, serial, readabilityMg, capacityMg } = identity;
      desk.say(`${maker}, ${model}, serial number ${serial}; shows ${readabilityMg} mg, weighs up to ${capacityMg / 1000} g`);
    }
    if (options.watch) await watchBalance(balance, options, desk);
    else {
      for (let n = 0; n < options.count; n += 1) {
        const weighing = await balance.stable();
        desk.out(options.json ? `${JSON.stringify({ event: 'weight', ...weighing })}\n` : `${weightLine(weighing, identity)}\n`);
      }
    }
  } finally {
    await balance.close();
  }
}

async function readGauge(gauge: Gauge, options: ShowOptions, desk: Desk): Promise<void> {
  const end = interrupted(desk);
  const ended = end.wait.then(() => null);
  try {
    for (let n = 0; options.watch || n < options.count; n += 1) {
      const reading = await Promise.race([gauge.read(), ended]);
      if (reading === null) return;
      const digits = decimals(gauge.identity.resolutionMm);
      desk.out(options.json ? `${JSON.stringify({ event: 'reading', ...reading })}\n` : `${reading.mm.toFixed(digits).padStart(10)} mm\n`);
    }
  } finally {
    end.done();
  }
}

/** Shows what a gauge reads. Rejects with MesogunError. */
export async function showGauge(text: string, options: ShowOptions, desk: Desk): Promise<void> {
  const { openGauge } = await import('./open-gauge.ts');
  const gauge = await openGauge(text, await place(parseGauge(text).way.kind === 'sim', options.watch, desk));
  try {
    await readGauge(gauge, options, desk);
  } finally {
    await gauge.close();
  }
}
