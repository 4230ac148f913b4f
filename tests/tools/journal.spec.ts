import { describe, expect, it } from 'vitest';
import * as faults from '../../firmware/core/faults.ts';
import * as entry from '../../firmware/store/entry.ts';
import { END_TEXTS, FAULT_TEXTS, HOLD_TEXTS, REFUSAL_TEXTS, RESULT_TEXTS } from '../../tools/fault-texts.ts';
import type { CodeTexts } from '../../tools/fault-texts.ts';
import { KIND_NAMES, decodeJournal, journalCsv, journalJsonl, journalSha256, splitEntries, verifyExport } from '../../tools/journal.ts';
import type { Journal } from '../../tools/journal.ts';
import * as bench from '../firmware/store/bench.ts';

const sessionBytes = (pricks = 3): Uint8Array[] => {
  const { journal } = bench.freshJournal();
  bench.boot(journal);
  bench.runSession(journal, pricks);
  return splitEntries(bench.exportOf(journal));
};
const sample = (): Journal => decodeJournal(sessionBytes());
const withBit = (raw: readonly Uint8Array[], index: number, bit: number): Uint8Array[] =>
  raw.map((bytes, at) => (at === index ? bytes.map((byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : bytes));

describe('Journal decoder', () => {
  it('names kinds and fields of a session of 3 pricks', () => {
    const { entries, firstBreak } = sample();
    expect(firstBreak).toBeNull();
    expect(entries.map((one) => one.kind).join(' ')).toBe('CHECKPOINT BOOT SESSION INTENT RESULT INTENT RESULT INTENT RESULT END');
    expect(entries.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(entries[7]?.fields).toMatchObject({ doseNl: 10_000, compensationNl: 300, tipUm: 4600, depthUm: 4000, permitCount: 3 });
    expect(entries[8]).toMatchObject({ prick: 2, session: bench.SESSION_ID, code: 0, meaning: 'done' });
    expect(entries[8]?.fields).toMatchObject({ estimatedNl: 9960, countedNl: 10_000, travelUm: 3 });
  });

  it('has a name for every KIND_ of firmware/store/entry.ts, in the order of the numbers', () => {
    const kinds = Object.entries(entry).filter(([name]) => name.startsWith('KIND_'));
    expect(kinds.length).toBe(15);
    for (const [name, number] of kinds) expect(KIND_NAMES[number as number]).toBe(name.slice('KIND_'.length));
    for (const [name, number] of kinds)
      expect(entry.PAYLOAD_FIELDS[number as number]?.length, name).toBeLessThanOrEqual(entry.PAYLOAD_WORDS);
    expect(entry.PAYLOAD_FIELDS.length).toBe(16);
  });

  it('shows a moment past 2^31 ms unsigned (R32)', () => {
    const raw = sessionBytes()[1] ?? new Uint8Array(64);
    new DataView(raw.buffer).setUint32(entry.E_AT_MS * 4, 4_294_967_290, true);
    expect(decodeJournal([raw]).entries[0]?.atMs).toBe(4_294_967_290);
  });

  it('names the first damaged entry for every one of the 512 bits of entry 5', () => {
    const raw = sessionBytes();
    for (let bit = 0; bit < 512; bit++) expect(decodeJournal(withBit(raw, 4, bit)).firstBreak).toMatchObject({ index: 4 });
  });

  it('says what is missing, and what was replaced', () => {
    const raw = sessionBytes();
    expect(decodeJournal(raw.toSpliced(4, 1)).firstBreak).toMatchObject({
      index: 4,
      seq: 6,
      why: 'it does not follow entry 4: something is missing',
    });
    const { journal } = bench.freshJournal();
    bench.boot(journal);
    bench.runSession(journal, 3, 72);
    const other = splitEntries(bench.exportOf(journal));
    expect(decodeJournal(raw.with(4, other[4] ?? new Uint8Array(64))).firstBreak?.why).toContain('replaced');
  });

  it('refuses a dump that is not a whole number of entries', () => {
    expect(() => splitEntries(new Uint8Array(65))).toThrow('65 bytes');
  });

  it('gives one SHA-256 for one journal and another after any change', () => {
    const raw = sessionBytes();
    const hash = journalSha256(decodeJournal(raw));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(journalSha256(decodeJournal(sessionBytes()))).toBe(hash);
    expect(journalSha256(decodeJournal(withBit(raw, 3, 100)))).not.toBe(hash);
  });
});

describe('Journal export', () => {
  it.each([
    ['CSV', journalCsv],
    ['JSON lines', journalJsonl],
  ])('%s: verifies as written, names the first line after a change or removal, and sees a line cut off', (_name, write) => {
    const text = write(sample());
    expect(verifyExport(text)).toBe(0);
    const lines = text.split('\n').slice(0, -1);
    for (let at = 0; at < lines.length; at++) {
      const changed = lines.with(
        at,
        (lines[at] ?? '').replace(/\d/, (digit) => (digit === '9' ? '8' : String(Number(digit) + 1))),
      );
      expect(verifyExport(`${changed.join('\n')}\n`), `line ${at + 1}`).toBe(changed[at] === lines[at] ? 0 : at + 1);
      if (at < lines.length - 1) expect(verifyExport(`${lines.toSpliced(at, 1).join('\n')}\n`)).toBe(at + 1);
    }
    expect(verifyExport(text.slice(0, -1))).toBeGreaterThan(0);
  });

  it('CSV: one line an entry, names with units, meaning in words', () => {
    const lines = journalCsv(sample()).split('\n');
    expect(lines.length).toBe(1 + 10 + 1);
    expect(lines[4]).toMatch(/^4,300,71,0,INTENT,0,,doseNl=10000 compensationNl=300 doseSteps=1745 .*,[0-9a-f]{64}$/);
    expect(lines[10]).toContain(',END,0,complete,pricksDone=12 ');
  });

  it('JSON lines: carry the 64 bytes, from which the same journal can be decoded again', () => {
    const journal = sample();
    const raw = journalJsonl(journal)
      .split('\n')
      .slice(0, -1)
      .map((line) => new Uint8Array(Buffer.from((JSON.parse(line) as { raw: string }).raw, 'hex')));
    expect(journalSha256(decodeJournal(raw))).toBe(journalSha256(journal));
  });
});

describe('Texts of the codes', () => {
  const codesOf = (module: object, prefix: string): [string, number][] =>
    Object.entries(module).filter((pair): pair is [string, number] => pair[0].startsWith(prefix) && typeof pair[1] === 'number');

  it.each([
    ['FAULT_', faults, FAULT_TEXTS, 25],
    ['REFUSED_', faults, REFUSAL_TEXTS, 14],
    ['RESULT_', faults, RESULT_TEXTS, 5],
    ['HOLD_', entry, HOLD_TEXTS, 6],
  ] as const)('every %s code has what happened and what to do', (prefix, module, texts: CodeTexts, atLeast) => {
    const codes = codesOf(module, prefix);
    expect(codes.length).toBeGreaterThanOrEqual(atLeast);
    for (const [name, code] of codes) {
      expect(texts[code]?.says.length, name).toBeGreaterThan(3);
      expect(texts[code]?.next.length, name).toBeGreaterThan(3);
    }
    expect(Object.keys(texts).length).toBe(codes.length);
  });

  it('no two codes of a table say the same', () => {
    for (const texts of [FAULT_TEXTS, REFUSAL_TEXTS, RESULT_TEXTS, HOLD_TEXTS, END_TEXTS]) {
      const says = Object.values(texts).map((one) => one?.says);
      expect(new Set(says).size).toBe(says.length);
    }
  });
});
