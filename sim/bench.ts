// The measuring place of the virtual gun: held in a fixture, its tip over the pan of a balance or against a gauge, in the same virtual
// time. Costs nothing until an instrument is connected. Not responsible for what hosts do with readings. Simulator only.
import { BenchHands, heldGun } from './bench-hands.ts';
import type { HeldGun, HeldWorld } from './bench-hands.ts';
import type { VirtualClock } from './clock.ts';
import { DepthGauge } from './instruments/depth-gauge.ts';
import { MtSicsBalance } from './instruments/mt-sics.ts';
import { PrintingBalance } from './instruments/print-balance.ts';
import type { PrintedDialect } from './instruments/print-balance.ts';
import { Pan } from './plant/pan.ts';
import { PAN } from './plant/pan-parameters.ts';
import type { Climate } from './plant/pan-parameters.ts';
import type { Tip } from './plant/pendant-drop.ts';
import { SAMPLE_US, WeighingCell } from './plant/weighing-cell.ts';
import { SideLine } from './side-line.ts';

/** What the measuring place needs of the gun in it. */
export interface BenchGun extends HeldGun {
  /** All that has left the needle into air so far, µL, at this moment, whatever syringe it came from. */
  outUl(): number;
  /** Tip from the ring's plane, mm. */
  tipMm(): number;
}

/** What the measuring place sees of a world. */
export interface BenchWorld extends HeldWorld {
  readonly needle: { tipMm(atUs: number): number };
  readonly plunger: HeldWorld['plunger'] & { sync(): void; readonly fluid: { readonly airUl: number } };
}

/** A world as the gun on the bench; a new syringe counts on from where the one before stopped. */
export function benchGun(world: BenchWorld): BenchGun {
  let fluid = world.plunger.fluid;
  let beforeUl = 0;
  let seenUl = 0;
  return {
    outUl: () => {
      world.plunger.sync();
      if (world.plunger.fluid !== fluid) {
        beforeUl += seenUl;
        fluid = world.plunger.fluid;
      }
      seenUl = fluid.airUl;
      return beforeUl + seenUl;
    },
    tipMm: () => world.needle.tipMm(world.clock.nowUs),
    ...heldGun(world),
  };
}

export interface BalanceSetup {
  readonly dialect: 'mt-sics' | PrintedDialect;
  readonly readabilityMg: number;
  readonly capacityMg: number;
  readonly tip: Tip;
  readonly relativeDensity: number;
  readonly mouthMm: number;
}

export const USUAL_BALANCE: BalanceSetup = {
  dialect: 'mt-sics',
  readabilityMg: 0.01,
  capacityMg: 220_000,
  tip: 'touching',
  relativeDensity: 1,
  mouthMm: PAN.mouthMm.nominal,
};

export const BENCH_CLIMATE: Climate = {
  temperatureC: PAN.temperatureC.nominal,
  pressureHpa: PAN.pressureHpa.nominal,
  humidityPercent: PAN.humidityPercent.nominal,
};

/** Mass that makes any balance say overload. */
const TOO_MUCH_MG = 1e9;

export interface BenchOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly exact: boolean;
  /** Outer diameter of the needle. */
  readonly outerMm: number;
  readonly gun: BenchGun;
}

export class Bench {
  /** Told when a host of an instrument has said something or waits: time must go on. */
  onSpoke: (() => void) | null = null;
  /** Told before the n-th stable weight is waited for. */
  onWeighing: ((count: number) => void) | null = null;
  pan: Pan | null = null;
  gauge: DepthGauge | null = null;
  readonly climate = BENCH_CLIMATE;
  readonly hands: BenchHands;
  private readonly o: BenchOptions;
  private readonly lines: SideLine[] = [];
  private cell: WeighingCell | null = null;
  private balance: MtSicsBalance | PrintingBalance | null = null;
  private balanceLine: SideLine | null = null;
  private gaugeLine: SideLine | null = null;
  private outUl = 0;
  /** Faults that struck before their instrument was there. */
  private readonly early: [string, number][] = [];

  constructor(options: BenchOptions) {
    this.o = options;
    this.hands = new BenchHands(options);
  }

  get nowUs(): number {
    return this.o.clock.nowUs;
  }

  /** A host waits for a timer at one of the instruments. */
  get waiting(): boolean {
    return this.lines.some((line) => line.waiting);
  }

  /** Hands over what instruments have said; true when there was anything. */
  flush(): boolean {
    let any = false;
    for (const line of this.lines) any = line.flush() || any;
    return any;
  }

  /** A cable to the balance; the first one puts the balance on the bench. */
  connectBalance(setup: BalanceSetup = USUAL_BALANCE): SideLine {
    const line = this.newLine();
    this.balanceLine = line;
    this.balance ??= this.placeBalance(setup);
    line.plug(this.balance);
    this.strikeEarly();
    return line;
  }

  /** A cable to the gauge; the first one puts the gauge under the needle. */
  connectGauge(): SideLine {
    const line = this.newLine();
    this.gaugeLine = line;
    this.placeGauge();
    line.plug(this.gauge as DepthGauge);
    this.strikeEarly();
    return line;
  }

  /** The gauge without a cable: somebody reads it. */
  placeGauge(): DepthGauge {
    const { clock, seed, exact, gun } = this.o;
    if (this.gauge) return this.gauge;
    this.gauge = new DepthGauge({ clock, seed, exact, tipMm: () => gun.tipMm(), say: (text) => this.gaugeLine?.say(text) });
    this.strikeEarly();
    return this.gauge;
  }

  /** What a fault called `balance.…` or `gauge.…` does; where that instrument is not in use yet, as soon as it is. */
  strike(name: string, value: number): void {
    if (name.startsWith('balance.')) {
      if (this.balanceLine && this.pan) this.strikeBalance(this.balanceLine, this.pan, name, value);
      else this.early.push([name, value]);
    } else if (name === 'gauge.mistyped' && this.gauge) this.gauge.mistypes += 1;
    else if (name === 'gauge.unplugged' && this.gaugeLine) this.gaugeLine.unplug();
    else if (name === 'gauge.noise-bytes' && this.gaugeLine) this.gaugeLine.noiseBytes = value;
    else this.early.push([name, value]);
  }

  private strikeBalance(line: SideLine, pan: Pan, name: string, value: number): void {
    const cell = this.cell as WeighingCell;
    if (name === 'balance.unplugged') line.unplug();
    else if (name === 'balance.noise-bytes') line.noiseBytes = value;
    else if (name === 'balance.drifting') cell.extraDriftMgPerMin = value / 1000;
    else if (name === 'balance.unstable') cell.draughtUntilUs = this.nowUs + value * 1000;
    else if (name === 'balance.overload') this.overload(pan, value);
    else this.balance?.powerOn();
  }

  private strikeEarly(): void {
    for (const [name, value] of this.early.splice(0)) this.strike(name, value);
  }

  private overload(pan: Pan, forMs: number): void {
    pan.extraMg += TOO_MUCH_MG;
    this.o.clock.schedule(this.nowUs + forMs * 1000, () => {
      pan.extraMg -= TOO_MUCH_MG;
    });
  }

  private newLine(): SideLine {
    const line = new SideLine(this.o.clock, () => this.onSpoke?.());
    this.lines.push(line);
    return line;
  }

  private placeBalance(setup: BalanceSetup): MtSicsBalance | PrintingBalance {
    const { clock, seed, exact, outerMm, gun } = this.o;
    const { dialect, readabilityMg, capacityMg, tip, relativeDensity, mouthMm } = setup;
    const pan = new Pan({ seed, exact, tip, outerMm, climate: this.climate, relativeDensity, mouthMm }, this.nowUs);
    const cell = new WeighingCell({ seed, digitMg: readabilityMg, exact });
    cell.begin(pan.loadMg);
    const device = {
      ...{ clock, cell, readabilityMg, capacityMg },
      say: (text: string): void => this.balanceLine?.say(text),
      onWeighing: (count: number): void => this.onWeighing?.(count),
    };
    const model = `SIM${Math.round(capacityMg / 1000)}`;
    const balance =
      dialect === 'mt-sics'
        ? new MtSicsBalance({ ...device, model, serial: `S${String(seed).padStart(9, '0')}` })
        : new PrintingBalance({ ...device, dialect });
    this.outUl = gun.outUl();
    this.pan = pan;
    this.cell = cell;
    const sample = (): void => {
      this.weigh(pan, cell);
      balance.sampled();
      clock.schedule(this.nowUs + SAMPLE_US, sample);
    };
    clock.schedule(this.nowUs + SAMPLE_US, sample);
    return balance;
  }

  private weigh(pan: Pan, cell: WeighingCell): void {
    const outUl = this.o.gun.outUl();
    pan.advance(this.nowUs, outUl - this.outUl);
    this.outUl = outUl;
    cell.take(pan.loadMg, this.nowUs);
  }
}
