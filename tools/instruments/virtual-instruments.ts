// The instruments beside a virtual gun, or of a bench without one, as `sim:…` opens them. Not responsible for them (sim/bench.ts).
import type { BalanceSetup, Bench } from '../../sim/bench.ts';
import type { BenchHands } from '../../sim/bench-hands.ts';
import type { Climate } from '../../sim/plant/pan-parameters.ts';
import { sideWire } from './side-wire.ts';
import type { Ask } from './typed-number.ts';
import { passOn } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

export class VirtualInstruments {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  /** What thermometer, barometer and hygrometer on the bench show. */
  get climate(): Climate {
    return this.bench.climate;
  }

  /** Somebody's hands at the bench: fill the same syringe again, take it out, lay a weight, roll the wheel. */
  get hands(): BenchHands {
    return this.bench.hands;
  }

  balance(setup: BalanceSetup): InstrumentWire {
    return sideWire('sim:mt-sics', this.bench.connectBalance(setup), () => this.bench.nowUs);
  }

  gauge(): InstrumentWire {
    return sideWire('sim:mitutoyo', this.bench.connectGauge(), () => this.bench.nowUs);
  }

  /** Somebody who reads the gauge a second after being asked and types what it shows, now and then wrongly where a fault says so. */
  typist(): { readonly ask: Ask; readonly wire: InstrumentWire } {
    const wire = this.gauge();
    const gauge = this.bench.placeGauge();
    return {
      wire,
      ask: async () => {
        await passOn(wire, 1000);
        return gauge.typed();
      },
    };
  }
}
