// The session of the emulated chip beside that of the simulator with the same image, world and seed: what differs, and by how much. Ticks
// fall at other moments, so moments and what is measured at them differ; what was asked for must not. Runs at the desk.
import { Guide } from '../guide.ts';
import { decodeJournal, journalSha256 } from '../journal.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import type { ImageFirmware } from '../image-firmware.ts';
import { Link } from '../link.ts';
import type { WorldRequest } from '../../sim/setup.ts';
import { VirtualLine } from '../virtual-line.ts';

/** One field of one kind of entry, over all entries that the two have in common. */
export interface FieldDifference {
  /** As `RESULT.encoderTipUm`. */
  readonly field: string;
  /** Entries of this kind that differ in it, and all of that kind. */
  readonly entries: number;
  readonly of: number;
  /** Largest difference, in the field's own unit. */
  readonly most: number;
}

export interface Beside {
  readonly emulatedSha256: string;
  readonly simulatedSha256: string;
  /** Kinds and pricks of the entries, in order, are the same. */
  readonly sameOrder: boolean;
  readonly fields: readonly FieldDifference[];
}

/** The simulator's journal and what stayed in its tissue, µL. */
export interface Simulated {
  readonly journal: Journal;
  readonly stayedUl: number;
}

const CODE = 'code';
const AT = 'atMs, from the first entry';

function fieldsOf(entry: JournalEntry, first: JournalEntry): [string, number][] {
  return [...Object.entries(entry.fields), [CODE, entry.code], [AT, (entry.atMs - first.atMs) >>> 0]];
}

/** Compares entry by entry, as far as both go. */
export function beside(emulated: Journal, simulated: Journal): Beside {
  const [a, b] = [emulated.entries, simulated.entries];
  const sameOrder = a.length === b.length && a.every((entry, at) => entry.kind === b[at]?.kind && entry.prick === b[at].prick);
  const found = new Map<string, { entries: number; of: number; most: number }>();
  a.forEach((entry, at) => {
    const other = b[at];
    const [first, otherFirst] = [a[0], b[0]];
    if (other?.kind !== entry.kind || first === undefined || otherFirst === undefined) return;
    const others = new Map(fieldsOf(other, otherFirst));
    for (const [name, value] of fieldsOf(entry, first)) {
      const field = `${entry.kind}.${name}`;
      const difference = Math.abs(value - (others.get(name) ?? 0));
      const row = found.get(field) ?? { entries: 0, of: 0, most: 0 };
      found.set(field, { entries: row.entries + (difference > 0 ? 1 : 0), of: row.of + 1, most: Math.max(row.most, difference) });
    }
  });
  const fields = [...found].filter(([, row]) => row.entries > 0).map(([field, row]) => ({ field, ...row }));
  return { emulatedSha256: journalSha256(emulated), simulatedSha256: journalSha256(simulated), sameOrder, fields };
}

/** Runs the same image in the simulator. */
export async function simulate(image: ImageFirmware, world: WorldRequest, words: Int32Array, timeoutMs: number): Promise<Simulated> {
  const line = new VirtualLine({ world, trace: false, image });
  const link = new Link(line.connect());
  try {
    const hello = await link.connect(world);
    const guide = new Guide(link, { words, lastSeq: hello.journal, timeoutMs, onEvent: () => undefined });
    const { entries } = await guide.run();
    return { journal: decodeJournal(entries), stayedUl: line.truth?.deliveredUl ?? 0 };
  } finally {
    await link.close();
  }
}

/** For people. */
export function besideText({ emulatedSha256, simulatedSha256, sameOrder, fields }: Beside): string {
  if (emulatedSha256 === simulatedSha256) return 'journal: byte for byte the simulator\u2019s';
  const head = `journal beside the simulator\u2019s ${simulatedSha256.slice(0, 16)}\u2026: ${sameOrder ? 'the same entries' : 'other entries'}`;
  const rows = fields.map(({ field, entries, of, most }) => `  ${field}: ${entries} of ${of}, by ${most} at most`);
  return [`${head}${fields.length === 0 ? '' : ', which differ in'}`, ...rows].join('\n');
}
