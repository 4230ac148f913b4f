// What the gun says during a session, as one JSON object a line for programs. Names, not numbers; unit-suffixed keys.
import { FAULT_NONE } from '../firmware/core/faults.ts';
import { STATE_NAMES } from '../firmware/core/states.ts';
import type { GunEvent } from './link-schemas.ts';
import { faultSays, holdSays, resultSays } from './refusal.ts';

const stateName = (state: number): string => STATE_NAMES[state] ?? `state ${state}`;

/** The event for `--json`, or null for what a program needs not (heartbeats, journal entries). `atMs` is device time since start. */
export function runEvent(event: GunEvent, atMs: number): Record<string, unknown> | null {
  switch (event.ev) {
    case 'state':
      return { event: 'state', from: stateName(event.from), to: stateName(event.to), atMs };
    case 'prick':
      return { event: 'prick', prick: event.n, result: resultSays(event.result), estimatedNl: event.nl, tipUm: event.tipUm, atMs };
    case 'hold':
      return { event: 'hold', why: holdSays(event.why), value: event.value, limit: event.limit, atMs };
    case 'fault':
      return event.code === FAULT_NONE
        ? null
        : { event: 'fault', code: event.code, says: faultSays(event.code), value: event.value, limit: event.limit, atMs };
    case 'stop':
      return { event: 'stop', atMs };
    default:
      return null;
  }
}
