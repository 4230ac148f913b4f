// After a flash: is it this image that speaks on the link, and did it pass its self-test? Runs at the desk.
import type { Manifest } from '../build/image.ts';
import type { Device } from '../device/open-device.ts';
import { parseBuild } from '../device/info.ts';
import { EXIT_DEVICE, EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import { faultTrouble } from '../refusal.ts';

export interface Greeted {
  readonly imageId: string;
  readonly device: number;
  readonly board: string;
  readonly selfTest: 'passed';
}

/** Throws MesogunError: 6 for another image than was flashed, 5 for a self-test that failed. */
export async function greet({ link, hello, status }: Device, manifest: Manifest): Promise<Greeted> {
  const { image } = parseBuild((await link.request('info'))['build']);
  if (image !== manifest.imageId)
    throw new MesogunError({
      exit: EXIT_TOLERANCE,
      what: 'another image than the one flashed speaks on the link',
      why: `it says ${image ?? 'that it runs unbuilt'}; flashed was ${manifest.imageId}`,
      next: 'is this the link of the same gun?',
    });
  const fault = status['fault'] ?? 0;
  if (fault !== 0) {
    const { what, next } = faultTrouble(fault);
    throw new MesogunError({
      exit: EXIT_DEVICE,
      what: `the image runs, and its self-test failed: ${what}`,
      next: `${next ?? 'check the wiring'}; mesogun device selftest says which test`,
    });
  }
  return { imageId: manifest.imageId, device: hello.device, board: hello.board, selfTest: 'passed' };
}
