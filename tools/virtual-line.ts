// The virtual gun with its firmware behind a cable: what `sim:` and sim-device plug a host into. Joins firmware and
// simulator, which know nothing of each other. Not responsible for sockets (gun-server.ts).
import { createGun } from '../firmware/main.ts';
import { VirtualGun } from '../sim/board.ts';
import type { CableEnd } from '../sim/cable.ts';
import { SimCable } from '../sim/cable.ts';
import type { WorldRequest } from '../sim/setup.ts';
import type { TruePrick, Truth } from '../sim/truth.ts';
import type { ImageFirmware } from './image-firmware.ts';

export interface VirtualLineOptions {
  /** The world, where the host asks for nothing else. */
  readonly world: WorldRequest;
  /** Keep the continuous trace of the plant. */
  readonly trace: boolean;
  /** Runs on the gun instead of the sources. */
  readonly image?: ImageFirmware;
  /** Hold virtual time back to the wall clock. */
  readonly paced?: boolean;
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
  private readonly cable: SimCable;

  constructor(options: VirtualLineOptions) {
    this.cable = new SimCable({
      world: options.world,
      makeGun: (world) => {
        const gun = new VirtualGun({ boot: createGun, world, trace: options.trace, ...options.image });
        gun.truth.onPrick = (prick) => this.onPrick?.(prick);
        gun.powerOn();
        this.gun = gun;
        return gun;
      },
      onError: (error) => {
        this.crash = error;
      },
      ...(options.paced === true ? { pace: paceToWall() } : {}),
    });
  }

  /** The gun, once a host has spoken. */
  get device(): VirtualGun | null {
    return this.gun;
  }

  get truth(): Truth | null {
    return this.gun?.truth ?? null;
  }

  /** Plugs a host in; one at a time. */
  connect(): CableEnd {
    return this.cable.connect();
  }
}
