// What is known before a gun on a runtime was ever armed: for whoever builds an image, flashes it, or asks the gun. The gun itself measures its
// ticks and refuses (firmware/core/session-commands.ts); nothing here decides. Runs at the desk.

/**
 * What to tell of a runtime, null for nothing. Ticks from READY to TREATING on Espruino 2v29 on an RP2040 at 125 MHz: 94 to 123 ms median,
 * 219 worst. Source: `npm run bench:ticks`, from statements timed on that firmware in an emulator.
 */
export function armingText(runtime: 'kaluma' | 'espruino' | null): string | null {
  if (runtime !== 'espruino') return null;
  return 'Espruino is for the bench: by estimate its ticks take 94 to 219 ms on an RP2040, and the gun arms with 25 at most (firmware/FLASHING.md)';
}
