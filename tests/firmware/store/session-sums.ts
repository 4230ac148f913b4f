// What the entries of the last session add up to, read back from the journal: nothing but the flash is asked.
// Not responsible for totals: those are the gun's own (firmware/store/ledger.ts).
import { OK } from '../../../hal/devices.ts';
import { E_PAYLOAD, E_SESSION, KIND_BOOT, KIND_END, KIND_INTENT, KIND_RESULT, KIND_SESSION } from '../../../firmware/store/entry.ts';
import type { Journal } from '../../../firmware/store/journal.ts';
import { kindOf, prickOf } from '../../../firmware/store/ledger.ts';

/** Volumes in nL. `isWhole` while its SESSION entry is still in the journal, `lastPrick` −1 before the first. */
export interface SessionSums {
  sessionId: number;
  isWhole: boolean;
  isOpen: boolean;
  pricks: number;
  done: number;
  uncertain: number;
  countedNl: number;
  compensationNl: number;
  estimatedNl: number;
  lastPrick: number;
}

export function sessionSums(journal: Journal): SessionSums {
  const entry = new Int32Array(16);
  const payload = (word: number): number => entry[E_PAYLOAD + word] ?? NaN;
  const isKind = (seq: number, kind: number): boolean => journal.read(seq, entry) === OK && kindOf(entry) === kind;
  let seq = journal.lastSeq;
  while (seq > journal.oldestSeq && !isKind(seq, KIND_SESSION)) seq--;
  const sums = { sessionId: 0, isWhole: false, isOpen: false, pricks: 0, done: 0, uncertain: 0 };
  const volumes = { countedNl: 0, compensationNl: 0, estimatedNl: 0, lastPrick: -1 };
  /** Dose and compensation of the INTENT without RESULT. */
  let waits: readonly [number, number] | null = null;
  for (; seq <= journal.lastSeq; seq++) {
    if (journal.read(seq, entry) !== OK) continue;
    const kind = kindOf(entry);
    if (kind === KIND_RESULT) {
      const [doseNl, compensationNl] = waits ?? [0, 0];
      volumes.countedNl += payload(8) - doseNl;
      volumes.compensationNl += payload(1) - compensationNl;
      volumes.estimatedNl += payload(0);
      sums.done++;
      waits = null;
    } else if ([KIND_BOOT, KIND_SESSION, KIND_INTENT, KIND_END].includes(kind)) {
      if (waits) sums.uncertain++;
      waits = kind === KIND_INTENT ? [payload(0), payload(1)] : null;
    }
    if (kind === KIND_SESSION) Object.assign(sums, { sessionId: entry[E_SESSION], isWhole: true, isOpen: true });
    else if (kind === KIND_END) sums.isOpen = false;
    else if (kind === KIND_INTENT) {
      sums.pricks++;
      volumes.countedNl += payload(0);
      volumes.compensationNl += payload(1);
      volumes.lastPrick = prickOf(entry);
    }
  }
  return { ...sums, ...volumes };
}
