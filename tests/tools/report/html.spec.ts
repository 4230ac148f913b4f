// The page as text: what it is drawn from, what it says, what it must not hold. How it behaves is in page.spec.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { journalSha256 } from '../../../tools/journal.ts';
import type { ReportInput } from '../../../tools/report/html.ts';
import { writeReport } from '../../../tools/report/html.ts';
import { readyToRun } from '../../../tools/source.ts';
import { asRealGun, forged, sessionOf, without } from './session.ts';

let whole: ReportInput;
let broken: ReportInput;
beforeAll(async () => {
  whole = await sessionOf(12);
  broken = await sessionOf(14, ['contact.lost@prick=4', 'needle.steps-lost@prick=9']);
});

const section = (page: string, id: string): string => new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? '';
const dataOf = (page: string): string => /id="session-data">(.*?)<\/script>/.exec(page)?.[1] ?? '';
const texts = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('Report of a session', () => {
  it('is the same bytes for the same session, seed 1', async () => {
    expect(writeReport(await sessionOf(12))).toBe(writeReport(whole));
  });

  it('says what ran, on what, and that it is not a cleared medical device', () => {
    const page = texts(writeReport(whole));
    for (const text of ['simulated gun', 'Face mesolift', '2026-01-01', 'port sim:', 'seed 1', 'firmware 1.0', 'Complete: 12 of 12'])
      expect(page).toContain(text);
    expect(page).toContain('A development platform, not a cleared medical device.');
    expect(page).toContain(journalSha256(whole.journal));
    expect(page).toContain('chain verified');
  });

  it('holds everything itself: no address is loaded, uPlot stands inside with its licence, and a policy forbids the rest', () => {
    const page = writeReport(whole);
    expect(page).not.toMatch(/\ssrc=|<link|@import|url\(|fetch\(|XMLHttpRequest/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('uPlot=function');
    expect(page).toContain('Leon Sorokin');
  });

  it('draws each prick of the truth once on the map, at its place and with its number', () => {
    const map = section(writeReport(whole), 'map');
    const marks = [...map.matchAll(/data-prick="(\d+)".*?transform="translate\(([-\d.]+) ([-\d.]+)\)"/g)];
    expect(marks.map((mark) => Number(mark[1]))).toEqual(whole.truth?.pricks.map((prick) => prick.n));
    for (const [at, prick] of (whole.truth?.pricks ?? []).entries()) {
      expect(Number(marks[at]?.[2])).toBeCloseTo(prick.xUm / 1000, 2);
      expect(Number(marks[at]?.[3])).toBeCloseTo(prick.yUm / 1000, 2);
    }
    expect(map).toContain('10 mm</text>');
  });

  it('names faults with what to do next, broken pricks with what was counted, and shows them in their own shape', () => {
    const page = writeReport(broken);
    const verdict = texts(section(page, 'verdict'));
    expect(verdict).toMatch(/Stopped by a fault: \d of 14/);
    expect(verdict).toMatch(/Fault 2 at prick 9: .*lost steps\. Next: /);
    expect(verdict).toMatch(/Prick 4 broke off: contact or ring force was lost; \d\.\d\d µL counted/);
    expect([...section(page, 'map').matchAll(/class="mark failed" data-prick="(\d+)"/g)].map((mark) => mark[1])).toEqual(['4', '9']);
  });

  it('shows a name that looks like markup as text', () => {
    const { treatment } = whole.ready;
    const protocol = { ...treatment.protocol, name: '</script><img alt="x"><b>&' };
    const page = writeReport({ ...whole, ready: { ...whole.ready, treatment: { ...treatment, protocol } } });
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;/script&gt;&lt;img alt=&quot;x&quot;&gt;&lt;b&gt;&amp;');
  });

  it('stays below 1.5 MB for 200 pricks with a change of syringe, and its shares of the liquid below 100 %, seed 1', async () => {
    const page = writeReport(await sessionOf(200));
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
    const shares = [...section(page, 'balance').matchAll(/<td>(−?\d+) %<\/td>/g)].map((share) => Number(share[1]));
    expect(shares.length).toBeGreaterThan(2);
    for (const share of shares) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(100);
    }
  });
});

describe('What the report is drawn from', () => {
  it('changes with a RESULT of the journal: 9 µL estimated for prick 5 instead of 5 µL', () => {
    const change = { kind: 'RESULT', prick: 5, field: 'estimatedNl', value: 9000 };
    const page = writeReport({ ...whole, journal: forged(whole.journal, change, true) });
    expect(texts(section(writeReport(whole), 'verdict'))).toContain('60.0 µL estimated');
    expect(texts(section(page, 'verdict'))).toContain('64.0 µL estimated');
    expect(texts(section(page, 'ledger'))).toContain('9.00');
    expect(dataOf(page)).toContain('"estimated":9000');
    expect(texts(page)).toContain('chain verified');
  });

  it('says where the chain breaks when a RESULT is changed without its check', () => {
    const change = { kind: 'RESULT', prick: 5, field: 'estimatedNl', value: 9000 };
    const page = writeReport({ ...whole, journal: forged(whole.journal, change, false) });
    const seq = whole.journal.entries.find((entry) => entry.kind === 'RESULT' && entry.prick === 5)?.seq ?? NaN;
    expect(texts(section(page, 'ledger'))).toContain(`chain broken at entry ${seq}`);
    expect(texts(section(page, 'verdict'))).toContain(`The journal is broken at entry ${seq}`);
    expect(texts(page)).not.toContain('chain verified');
  });

  it('calls an INTENT without RESULT uncertain, counted in full', () => {
    const page = writeReport({ ...whole, journal: without(whole.journal, 'RESULT', 7) });
    expect(texts(section(page, 'verdict'))).toContain('1 uncertain : begun, but the journal has no result');
    expect(page).toContain('class="mark uncertain" data-prick="7"');
  });

  it('does not change with the plan: with 4 µL instead of 5 µL planned, only programme and head differ', () => {
    const other = readyToRun('mesolift-face', ['pricks=12', 'doseUl=4', 'depthMm=1.1']);
    expect(other.plan.sessionUl).toBe(48);
    const [asPlanned, replanned] = [writeReport(whole), writeReport({ ...whole, ready: other })];
    for (const id of ['verdict', 'map', 'balance', 'spread', 'session', 'ledger']) {
      expect(section(asPlanned, id), id).not.toBe('');
      expect(section(replanned, id), id).toBe(section(asPlanned, id));
    }
    expect(dataOf(replanned)).toBe(dataOf(asPlanned));
    expect(section(replanned, 'programme')).not.toBe(section(asPlanned, 'programme'));
    expect(section(replanned, 'programme')).toContain('<strong class="bad">5000</strong>');
  });

  it('draws no place, no depth in skin and no trace for a real gun, and says so', () => {
    const page = writeReport(asRealGun(whole));
    expect(section(page, 'map')).toContain('class="planned"');
    expect(section(page, 'map')).not.toContain('data-prick');
    expect(section(page, 'balance')).toBe('');
    expect(dataOf(page)).not.toMatch(/"trace"|"truth"/);
    expect(dataOf(page)).toContain('"session":null');
    const says = texts(page);
    expect(says).toContain('This gun does not know where it stood on the skin');
    expect(says).toContain('this gun has no truth beside it');
    expect(says).not.toContain('simulated gun');
    expect(says).toContain('60.0 µL estimated');
  });
});
