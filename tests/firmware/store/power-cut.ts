// Power cuts on a reference session: a gun in miniature whose plunger moves only after the INTENT's commit() answered OK.
// Cut at a flash step, reboot, judge; cut again while it recovers, reboot, judge; then it must be able to finish.
// Used by the sampled spec (every few steps) and by power-cut-campaign.ts (every step).
import { Journal } from '../../../firmware/store/journal.ts';
import { RECORD_SETTINGS, Records } from '../../../firmware/store/record.ts';
import { NorFlashChip, PowerCut, TEARS } from '../../../sim/chips/nor-flash.ts';
import type { Tear } from '../../../sim/chips/nor-flash.ts';
import * as bench from './bench.ts';
import { sessionSums } from './session-sums.ts';

const JOURNAL_SECTORS = 3;
const RECORD_FIRST_SECTOR = 3;
const SECTORS = 5;
const PRICKS = 12;
const HOLD_AFTER = 5;
const RECORD_WORDS = 70;
const NEW_RECORD = 3;

/** What really happened, kept outside the gun. */
interface World {
  chip: NorFlashChip;
  /** Everything that left the needle, nL, and by which prick of the session. */
  dispensedNl: number;
  dispensedPricks: number[];
  /** Sequence number of the last entry whose commit() answered OK. */
  durableSeq: number;
  /** The prick that moved and has no durable RESULT, -1 for none. */
  openPrick: number;
  /** The record that stands, and the one whose save has begun. */
  record: number;
  recordBegun: number;
  finished: boolean;
}

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const recordOf = (version: number): Int32Array => new Int32Array(RECORD_WORDS).fill(version);

/** G1, G5: load answers the old or the new record, and from then on always the same. */
function judgeRecord(world: World): Records {
  const records = new Records(world.chip, RECORD_FIRST_SECTOR, 1);
  const into = new Int32Array(RECORD_WORDS);
  expectThat(records.load(RECORD_SETTINGS, into) === RECORD_WORDS, 'G1: no record after the cut');
  const version = into[0] ?? 0;
  expectThat(
    into.every((word) => word === version),
    'G1: a record mixed of two',
  );
  expectThat(
    version === world.record || version === world.recordBegun,
    `G1: record ${version}, neither ${world.record} nor ${world.recordBegun}`,
  );
  world.record = version;
  world.recordBegun = version;
  return records;
}

/** G1, G3, I3, I10: nothing that was durable is gone, nothing dispensed is uncounted, the chain holds. */
function judgeJournal(world: World): Journal {
  const journal = new Journal(world.chip, 0, JOURNAL_SECTORS);
  expectThat(journal.scan() === 0, 'G1: the totals are lost');
  expectThat(journal.brokenAt === -1, `chain broken at ${journal.brokenAt}`);
  expectThat(journal.lastSeq >= world.durableSeq, `G1: newest entry is ${journal.lastSeq}, durable was ${world.durableSeq}`);
  expectThat(journal.lastSeq <= world.durableSeq + 2, `G1: newest entry is ${journal.lastSeq}, only ${world.durableSeq + 2} were begun`);
  expectThat(
    bench.countedNl(journal) >= world.dispensedNl,
    `G3: counted ${bench.countedNl(journal)} nL, dispensed ${world.dispensedNl} nL`,
  );
  if (world.openPrick >= 0 && journal.lastSeq === world.durableSeq)
    expectThat(journal.uncertainPrick === world.openPrick, `R10: prick ${world.openPrick} moved, uncertain is ${journal.uncertainPrick}`);
  // What was cut may be the RESULT or the BOOT that closes it, and have become durable all the same.
  if (journal.lastSeq > world.durableSeq) world.openPrick = journal.uncertainPrick;
  world.durableSeq = journal.lastSeq;
  return journal;
}

const done = (world: World, journal: Journal, code: number): void => {
  expectThat(code === 0, `liveness: commit answered ${code}`);
  world.durableSeq = journal.lastSeq;
};

function prickOnce(world: World, journal: Journal, prick: number): void {
  done(world, journal, bench.intent(journal, prick));
  expectThat(!world.dispensedPricks.includes(prick), `R10: prick ${prick} dosed twice`);
  const doseNl = prick % 3 === 2 ? 6100 : bench.DOSE_NL; // every third one is stopped half-way
  world.dispensedPricks.push(prick);
  world.dispensedNl += doseNl;
  world.openPrick = prick;
  done(world, journal, bench.result(journal, prick, doseNl));
  world.openPrick = -1;
  expectThat(bench.countedNl(journal) >= world.dispensedNl, 'G3: RAM counts less than was dispensed');
}

/** One power life: boot, recover, go on with the session to its end. Throws PowerCut where the chip does. */
function live(world: World): void {
  const records = judgeRecord(world);
  const journal = judgeJournal(world);
  expectThat(bench.makeRoom(journal, 2 * PRICKS + 8), 'liveness: no room');
  const wasOpen = sessionSums(journal).isOpen;
  done(world, journal, bench.boot(journal));
  world.openPrick = -1;
  if (world.record !== NEW_RECORD) {
    world.recordBegun = NEW_RECORD;
    expectThat(records.save(RECORD_SETTINGS, recordOf(NEW_RECORD), RECORD_WORDS) === 0, 'liveness: save failed');
    world.record = NEW_RECORD;
  }
  if (wasOpen) done(world, journal, bench.resume(journal));
  else if (!world.finished) done(world, journal, bench.begin(journal) || bench.probed(journal));
  const first = sessionSums(journal).lastPrick + 1;
  for (let prick = first; prick < PRICKS; prick++) {
    prickOnce(world, journal, prick);
    if (prick === HOLD_AFTER) done(world, journal, bench.hold(journal) || bench.resume(journal));
  }
  world.finished = true;
  done(world, journal, bench.end(journal));
}

/** A chip that has seen some use: the ring has wrapped, the newest sector is nearly full, a record was saved twice. */
function usedWorld(): World {
  const chip = new NorFlashChip({ sectorCount: SECTORS });
  const records = new Records(chip, RECORD_FIRST_SECTOR, 1);
  records.save(RECORD_SETTINGS, recordOf(1), RECORD_WORDS);
  records.save(RECORD_SETTINGS, recordOf(2), RECORD_WORDS);
  const journal = new Journal(chip, 0, JOURNAL_SECTORS);
  journal.scan();
  for (let session = 1; session <= 8; session++) {
    bench.makeRoom(journal, 30);
    bench.runSession(journal, PRICKS, session);
  }
  const dispensedNl = bench.countedNl(journal);
  return { chip, dispensedNl, dispensedPricks: [], durableSeq: journal.lastSeq, openPrick: -1, record: 2, recordBegun: 2, finished: false };
}

const copyOf = (world: World): World => ({ ...world, chip: world.chip.copy(), dispensedPricks: [...world.dispensedPricks] });

/** Lives until the cut. Answers whether it came. */
function liveUntilCut(world: World, step: number, tear: Tear, seed: number): boolean {
  world.chip.cutAfter(world.chip.stepsDone + step, tear, seed);
  try {
    live(world);
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
  world.chip.cutAfter(Infinity, 'none', 0);
  return false;
}

/** Flash steps of the reference session from boot to END, uncut. */
export function referenceSteps(): number {
  const world = usedWorld();
  const before = world.chip.stepsDone;
  live(world);
  return world.chip.stepsDone - before;
}

export interface Campaign {
  /** Cases judged: first cuts, and second cuts during recovery. */
  firstCuts: number;
  secondCuts: number;
  failures: string[];
}

/**
 * Cuts at every `firstEvery`-th step with each tear; after each, every `secondEvery`-th step of the recovery is cut too, with the
 * tear that comes next. 0 for `secondEvery` leaves the second cut out. `recoverySteps` bounds where a second cut may fall.
 */
export function cutEverywhere(options: { firstEvery: number; secondEvery: number; recoverySteps: number; seed: number }): Campaign {
  const campaign: Campaign = { firstCuts: 0, secondCuts: 0, failures: [] };
  const start = usedWorld();
  const steps = referenceSteps();
  const judge = (world: World, label: string): void => {
    try {
      live(world);
      live(world);
    } catch (error) {
      campaign.failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (let step = 0; step < steps; step += options.firstEvery) {
    for (let tearAt = 0; tearAt < TEARS.length; tearAt++) {
      const tear = TEARS[tearAt] ?? 'none';
      const world = copyOf(start);
      const seed = options.seed + step * 4 + tearAt;
      liveUntilCut(world, step, tear, seed);
      const offset = options.secondEvery > 0 ? seed % options.secondEvery : 0;
      for (let second = offset; options.secondEvery > 0 && second < options.recoverySteps; second += options.secondEvery) {
        const again = TEARS[(tearAt + second) % TEARS.length] ?? 'none';
        const twice = copyOf(world);
        const label = `step ${step} ${tear}, then ${second} ${again}, seed ${seed}`;
        try {
          liveUntilCut(twice, second, again, seed + second);
        } catch (error) {
          campaign.failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
        }
        judge(twice, label);
        campaign.secondCuts++;
      }
      judge(world, `step ${step} ${tear}, seed ${seed}`);
      campaign.firstCuts++;
    }
  }
  return campaign;
}
