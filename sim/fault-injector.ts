// Makes the faults of a world happen: waits for their moment, then does to chips, contacts, plant or power what the name says.
// The language is faults.ts. Not responsible for what the gun does about it. Simulator only.
import type { VirtualGun } from './board.ts';
import { FAULT_KINDS, isBenchFault, parseFault } from './faults.ts';
import type { Fault, Phase } from './faults.ts';
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../hal/io.ts';
import type { WorldListener } from './strokes.ts';

/** Microsteps in a full step of the two axes. */
const NEEDLE_MICROSTEPS = 16;
const PLUNGER_MICROSTEPS = 256;
/** A hand that lifts by mistake. */
const LIFT_FOR_US = 40_000;
const PRESS_FOR_US = 80_000;

export class FaultInjector implements WorldListener {
  /** Faults that have struck, as they were written. */
  readonly struck: string[] = [];
  private readonly gun: VirtualGun;
  private waiting: Fault[] = [];
  private readonly actions: Readonly<Record<string, (value: number) => void>>;

  constructor(gun: VirtualGun, texts: readonly string[]) {
    this.gun = gun;
    this.actions = this.makeActions();
    for (const text of texts) this.arm(parseFault(text));
    gun.world.listeners.push(this);
    gun.bench.onWeighing = (count) => {
      this.strikeDue((fault) => fault.when.weighing === count);
    };
  }

  /** One more fault; without a moment it strikes now. */
  arm(fault: Fault): void {
    const { when } = fault;
    if (when.flashOp !== undefined) {
      this.gun.flash.cutAfter(when.flashOp, 'random', this.gun.setup.seed);
      this.gun.offAfterCutMs = fault.value;
    } else if (when.atMs !== undefined)
      this.gun.clock.schedule(when.atMs * 1000, () => {
        this.strike(fault);
      });
    else if (when.prick === undefined && when.phase === undefined && when.weighing === undefined) this.strike(fault);
    else this.waiting.push(fault);
  }

  phase(prick: number, phase: Phase): void {
    this.strikeDue((fault) => {
      const wanted = fault.when.phase ?? FAULT_KINDS[fault.name]?.phase;
      return fault.when.weighing === undefined && wanted === phase && (fault.when.prick ?? 1) === prick;
    });
  }

  /** Those that wait for what has just come. */
  private strikeDue(isDue: (fault: Fault) => boolean): void {
    if (this.waiting.length === 0) return;
    const due = this.waiting.filter(isDue);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((fault) => !due.includes(fault));
    // Not from within the chip's own access: as the next event at this moment.
    for (const fault of due)
      this.gun.clock.schedule(this.gun.clock.nowUs, () => {
        this.strike(fault);
      });
  }

  private strike(fault: Fault): void {
    this.struck.push(fault.text);
    if (isBenchFault(fault.name)) this.gun.bench.strike(fault.name, fault.value);
    else this.actions[fault.name]?.(fault.value);
  }

  private makeActions(): Record<string, (value: number) => void> {
    return { ...this.axisActions(), ...this.sensorActions(), ...this.supplyActions() };
  }

  private axisActions(): Record<string, (value: number) => void> {
    const { world, clock } = this.gun;
    const { needleChip, plungerChip, needleRotor, plungerRotor, plunger } = world;
    /** What happens to a chip or a rotor happens to an up-to-date world, and the world looks again afterwards. */
    const now = (act: (value: number) => void) => (value: number) => {
      plunger.sync();
      act(value);
      world.chipsChanged();
    };
    return {
      'needle.steps-lost': now((steps) => {
        needleRotor.lose(steps / NEEDLE_MICROSTEPS);
      }),
      'needle.jam': now(() => {
        needleRotor.jam(needleChip.positionAt(clock.nowUs), clock.nowUs);
      }),
      'needle.brown-out': now(() => {
        needleChip.brownOut(clock.nowUs);
        world.needle.driveWire();
      }),
      'needle.overheat': now(() => {
        needleChip.setFault('ot', true);
      }),
      'plunger.steps-lost': now((steps) => {
        plungerRotor.lose(steps / PLUNGER_MICROSTEPS);
      }),
      'plunger.jam': now(() => {
        plungerRotor.jam(plungerChip.positionAt(clock.nowUs), clock.nowUs);
      }),
      'plunger.brown-out': now(() => {
        plungerChip.brownOut(clock.nowUs);
        plunger.driveWire();
      }),
      'plunger.overheat': now(() => {
        plungerChip.setFault('ot', true);
      }),
      'plunger.occluded': now(() => {
        plunger.fluid.setNeedle(Infinity);
      }),
      'spi.stuck-0': () => {
        needleChip.setAnswer('stuck-0');
      },
      'spi.stuck-1': () => {
        needleChip.setAnswer('stuck-1');
      },
      'spi.missing': () => {
        needleChip.setAnswer('missing');
      },
      'spi.flip': (bit) => {
        needleChip.flipNextBit(bit);
      },
      'plunger-spi.stuck-0': () => {
        plungerChip.setAnswer('stuck-0');
      },
      'plunger-spi.stuck-1': () => {
        plungerChip.setAnswer('stuck-1');
      },
      'plunger-spi.missing': () => {
        plungerChip.setAnswer('missing');
      },
      'plunger-spi.flip': (bit) => {
        plungerChip.flipNextBit(bit);
      },
    };
  }

  private sensorActions(): Record<string, (value: number) => void> {
    const { world } = this.gun;
    return {
      'contact.lost': (forMs) => {
        this.lift(forMs);
      },
      'contact.flap': (forMs) => {
        this.flap(forMs);
      },
      'trigger.stuck': () => {
        world.trigger.stuckAt = 1;
      },
      'trigger.bounce': (forMs) => {
        world.trigger.nextBounceForUs = forMs * 1000;
      },
      'ring-switch.stuck-open': () => {
        world.ringSwitch.stuckAt = 0;
      },
      'ring-switch.stuck-closed': () => {
        world.ringSwitch.stuckAt = 1;
      },
      'home-switch.stuck-open': () => {
        world.needle.setHomeStuck(0);
      },
      'home-switch.stuck-closed': () => {
        world.needle.setHomeStuck(1);
      },
      'ring-cell.stuck': () => {
        world.ringChip.setAnswer('stuck');
      },
      'ring-cell.missing': () => {
        world.ringChip.setAnswer('missing');
      },
      'pusher-cell.stuck': () => {
        world.pusherChip.setAnswer('stuck');
      },
      'pusher-cell.missing': () => {
        world.pusherChip.setAnswer('missing');
      },
      'wheel.stuck': () => {
        world.stickWheel();
      },
    };
  }

  private supplyActions(): Record<string, (value: number) => void> {
    const { gun } = this;
    return {
      'enable.cut': () => {
        gun.world.chain.open();
      },
      'tick.late': (forMs) => {
        gun.lateUs = forMs * 1000;
      },
      'flash.refuse': () => {
        this.refuseFlash();
      },
      'power.cut': (forMs) => {
        gun.powerCut(forMs);
      },
      'host.silent': (forMs) => {
        gun.hostSilentUntilUs = gun.nowUs + forMs * 1000;
      },
    };
  }

  /** The hand leaves the skin and comes back with the force it had. */
  private lift(forMs: number): void {
    const { world, clock } = this.gun;
    const newtons = world.hand.aimN;
    if (newtons <= 0) return;
    world.press(0, LIFT_FOR_US);
    clock.schedule(clock.nowUs + forMs * 1000, () => {
      if (world.hand.aimN <= 0) world.press(newtons, PRESS_FOR_US);
    });
  }

  private flap(forMs: number): void {
    const { world, clock } = this.gun;
    if (world.ringSwitch.settled === 0) return;
    world.ringSwitch.set(clock.nowUs, 0);
    clock.schedule(clock.nowUs + forMs * 1000, () => {
      world.updateRingSwitch();
    });
  }

  private refuseFlash(): void {
    const pages = (this.gun.flash.sectorCount * FLASH_SECTOR_BYTES) / FLASH_PAGE_BYTES;
    for (let page = 0; page < pages; page += 1) this.gun.flash.refuse('program', page);
  }
}
