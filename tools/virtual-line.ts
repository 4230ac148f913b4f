// The virtual gun with its firmware behind a cable: what `sim:` and sim-device plug a host into. Joins firmware and
// simulator, which know nothing of each other. Not responsible for sockets (gun-server.ts).
import { createGun } from '../firmware/main.ts';
import type { Board } from '../hal/io.ts';
import { VirtualGun } from '../sim/board.ts';
import type { Firmware } from '../sim/board.ts';
import type { CableEnd } from '../sim/cable.ts';
import { SimCable } from '../sim/cable.ts';
import type { WorldRequest } from '../sim/setup.ts';
import type { TruePrick, Truth } from '../sim/truth.ts';
import type { ImageFirmware } from './image-firmware.ts';
import { SideEnd } from './instruments/side-end.ts';
import { withoutCompensation } from './plant.ts';
import { VirtualInstruments } from './instruments/virtual-instruments.ts';

export interface VirtualLineOptions {
  /** The world, where the host asks for nothing else. */
  readonly world: WorldRequest;
  /** Keep the continuous trace of the plant. */
  readonly trace: boolean;
  /** Runs on the gun instead of the sources. */
  readonly image?: ImageFirmware;
  /** Overwrite the gun's compensation in its memory (plant.ts). Sources only. */
  readonly uncompensated?: boolean;
  /** Hold virtual time back to the wall clock. */
  readonly paced?: boolean;
  /** The turn that hosts of instruments get after an instrument has spoken; absent: hosts are in this process. */
  readonly benchTurn?: () => Promise<void>;
}

/** Virtual time may run ahead of the wall by this much before it waits. Chosen: below what an eye sees. */
const AHEAD_MS = 10;

/** Waits so that virtual time keeps step with the wall clock from the first call on. */
function paceToWall(): (nowUs: number) => Promise<void> {
  let offsetMs: number | null = null;
  return async (nowUs) => {
    offsetMs ??= performance.now() - nowUs / 1000;
    const aheadMs = nowUs / 1000 + offsetMs - performance.now();
    if (aheadMs > AHEAD_MS) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  };
}

export class VirtualLine {
  /** Called after each prick with what really happened. Set it before the host's first line. */
  onPrick: ((prick: TruePrick) => void) | null = null;
  /** What the gun's own code threw, if it did: a defect. */
  crash: unknown = null;
  private gun: VirtualGun | null = null;
  private beside: VirtualInstruments | null = null;
  private readonly sides: SideEnd[] = [];
  private readonly cable: SimCable;

  constructor(options: VirtualLineOptions) {
    const boot = (board: Board): Firmware => (options.uncompensated === true ? withoutCompensation(createGun(board)) : createGun(board));
    this.cable = new SimCable({
      world: options.world,
      makeGun: (world) => {
        const gun = new VirtualGun({ boot, world, trace: options.trace, ...options.image });
        gun.truth.onPrick = (prick) => this.onPrick?.(prick);
        gun.powerOn();
        this.gun = gun;
        for (const side of this.sides.splice(0)) side.place(gun.bench);
        return gun;
      },
      onError: (error) => {
        this.crash = error;
      },
      ...(options.paced === true ? { pace: paceToWall() } : {}),
      ...(options.benchTurn ? { benchTurn: options.benchTurn } : {}),
    });
  }

  /** The gun, once a host has spoken. */
  get device(): VirtualGun | null {
    return this.gun;
  }

  get truth(): Truth | null {
    return this.gun?.truth ?? null;
  }

  /** Balance and gauge beside the gun, in its time; null until a host of the gun has spoken. */
  get instruments(): VirtualInstruments | null {
    if (this.gun) this.beside ??= new VirtualInstruments(this.gun.bench);
    return this.beside;
  }

  /** Virtual time stands still until the answer is called: somebody at the desk thinks or types. */
  hold(): () => void {
    return this.cable.hold();
  }

  /** The line of an instrument for a host elsewhere; what it says before there is a gun waits. */
  connectInstrument(which: 'balance' | 'gauge'): SideEnd {
    const side = new SideEnd(which);
    if (this.gun) side.place(this.gun.bench);
    else this.sides.push(side);
    return side;
  }

  /** Plugs a host in; one at a time. */
  connect(): CableEnd {
    return this.cable.connect();
  }
}
