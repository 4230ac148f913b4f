// From two files to a prompt: the runtime's firmware and the boot ROM, judged, started, until the console answers and the main loop is
// known. Not responsible for images (real-kaluma.ts). Runs at the desk.
import { readFileSync } from 'node:fs';
import type { WorldRequest } from '../../sim/setup.ts';
import { EXIT_FILE, EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { readBootrom } from './bootrom.ts';
import { EmulatedGun } from './emulated-gun.ts';
import { MainLoop } from './main-loop.ts';
import { readUf2 } from './uf2.ts';

/** Emulated time for a runtime to open its console. Chosen: Kaluma takes 12 ms; a file system that is made new takes longer. */
const CONSOLE_WITHIN_US = 5e6;
/** Start-up goes on after the port is there. Chosen. */
const SETTLES_FOR_US = 1e6;

export interface EmulatorFiles {
  readonly uf2: string;
  readonly bootrom: string;
  /** Processor cycles that a line of program memory takes from the flash chip; absent: 0. */
  readonly flashWait?: number;
}

export interface OpenEmulator {
  readonly gun: EmulatedGun;
  readonly loop: MainLoop;
  /** Revision of the ROM: B0, B1, B2. */
  readonly revision: string;
}

function bytesOf(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MesogunError({
      exit: EXIT_FILE,
      what: `cannot read the ${what} ${path}`,
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Starts the firmware with nothing else in its flash. `onStep` is called each emulated millisecond. Throws MesogunError 3 or 4. */
export async function openEmulator(
  files: EmulatorFiles,
  world: WorldRequest,
  trace: boolean,
  onStep: (gun: EmulatedGun) => void,
): Promise<OpenEmulator> {
  const { words, revision } = readBootrom(bytesOf(files.bootrom, 'boot ROM'), files.bootrom);
  const firmware = readUf2(bytesOf(files.uf2, 'firmware'), files.uf2);
  const gun = new EmulatedGun({ bootrom: { words, revision }, firmware, world, trace, flashWaitCycles: files.flashWait ?? 0 });
  gun.onStep.push(() => onStep(gun));
  const run = async (until: () => boolean): Promise<void> => {
    for (let steps = 0; !until(); steps += 1) {
      gun.step();
      if (steps % 16 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  await run(() => gun.console.isOpen || gun.nowUs > CONSOLE_WITHIN_US);
  if (!gun.console.isOpen)
    throw new MesogunError({
      exit: EXIT_NO_DEVICE,
      what: `${files.uf2} starts, but opens no USB console`,
      why: `the processor is at 0x${gun.chip.mcu.core.PC.toString(16)} after ${CONSOLE_WITHIN_US / 1e6} s, started ${gun.chip.starts} times`,
      next: 'give the firmware of Kaluma for the Pico (not Pico W), and the ROM of an RP2040',
    });
  const atUs = gun.nowUs + SETTLES_FOR_US;
  await run(() => gun.nowUs >= atUs);
  return { gun, loop: new MainLoop(gun.chip), revision };
}
