// What an emulation took, for people: heap, time, ticks by state, and what differs from the simulator. Runs at the desk.
import { spell } from '../progress.ts';
import { besideText } from './beside.ts';
import { turnsText } from './busy-turns.ts';
import type { Emulated } from './emulate.ts';

const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

function flashSays({ flashWaitCycles, flashMissShare }: Emulated): string {
  if (flashWaitCycles === 0) return 'flash without wait states, so a real one takes longer: --flash-wait 56';
  return `${(100 * flashMissShare).toFixed(1)} % of the reads of program memory waited ${flashWaitCycles} cycles`;
}

export function figuresText(emulated: Emulated): string {
  const { heapBefore, heapAfter, beside } = emulated;
  const after =
    heapAfter === null
      ? 'unknown after the session'
      : `${kb(heapAfter.occupiedBytes)} after the session, peak ${kb(heapAfter.peakBytes)} of ${kb(heapAfter.totalBytes)}`;
  const lines = [
    `${emulated.runtime} ${emulated.version} on an emulated RP2040 (${emulated.bootrom}), image ${emulated.imageId}, ${emulated.imageBytes} bytes`,
    `heap: ${kb(heapBefore.occupiedBytes)} before the image, ${after}`,
    `first word ${spell(emulated.bootMs)} after the start; ${spell(emulated.emulatedMs)} emulated in ${spell(emulated.wallMs)}; resets by the watchdog: ${emulated.resets}`,
    ...emulated.busTroubles.map((text) => `bus: ${text}`),
    ...emulated.violations.map(({ invariant, says }) => `${invariant} broken: ${says}`),
  ];
  if (beside !== null) {
    const { emulatedUl, simulatedUl } = beside;
    lines.push(besideText(beside), `stayed in tissue: ${emulatedUl.toFixed(2)} µL here, ${simulatedUl.toFixed(2)} in the simulator`);
  }
  return `${lines.join('\n')}\n\nticks (turns of the main loop that work; ${flashSays(emulated)}):\n${turnsText(emulated.ticks)}`;
}
