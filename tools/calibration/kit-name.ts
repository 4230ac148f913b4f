// From the number by which a gun knows a syringe with a needle back to their library ids. Runs at the desk.
import { kitId } from '../../protocols/canonical.ts';
import { idsOf } from '../../protocols/library.ts';

/** `1ml with 30g-4mm`, or null when the library has no such pair. */
export function kitName(kit: number): string | null {
  for (const syringe of idsOf('syringe')) {
    for (const needle of idsOf('needle')) if (kitId(syringe, needle) === kit) return `${syringe} with ${needle}`;
  }
  return null;
}
