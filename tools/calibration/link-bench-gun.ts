// A gun on the bench over its link: works begun with `bench` and asked after until they are done. Not responsible for what a
// calibration wants of them (procedures) nor for opening the link (open-bench.ts). Runs at the desk.
import * as F from '../../firmware/core/faults.ts';
import * as B from '../../firmware/core/session-bench.ts';
import { BOOT, FAULT, IDLE, SELF_TEST, SERVICE } from '../../firmware/core/states.ts';
import { RECORD_CALIBRATION } from '../../firmware/store/record.ts';
import { PLUNGER_STEPS_PER_MM } from '../../hal/drivers/plunger-axis.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import { readStatus, sendWords, unlock } from '../link-calls.ts';
import type { Asking } from '../link-calls.ts';
import type { Answer, Hello } from '../link-schemas.ts';
import { faultTrouble, refusalTrouble } from '../refusal.ts';
import type { BenchGun, BenchReading, NeedlePlace, PushPointRead, ShotResult } from './bench-gun.ts';
import type { GunSection, TrialSection } from './gun-record.ts';
import { readGunSections, readGunWords } from './gun-sections.ts';
import { trialWords, withSection, withoutSection } from './section-words.ts';

export interface BenchGunOptions {
  /** Has said hello. */
  readonly link: Asking & { onClose(listener: (reason: Error) => void): void; close(): Promise<void> };
  readonly hello: Hello;
  readonly key: Uint8Array;
  readonly simulated: boolean;
}

/** What a bench answer says beyond a reading. */
interface Standing extends BenchReading {
  readonly work: number;
  readonly outcome: number;
  readonly tookMs: number;
  readonly peakMn: number;
}

const UM_PER_STEP = 1000 / PLUNGER_STEPS_PER_MM;
const PRIME_NL_PER_S = 20_000;
const BOTH_CELLS = 3;
const KEEPS_MOST = 3;
/** Source: firmware/link, a heartbeat each 500 ms. Wall time without one after which the gun is asked all the same. Chosen. */
const BEAT_MS = 500;
const BEAT_MOST_MS = 3000;
/** Looks at the status until the self-test is over. Chosen: as many heartbeats as boot and self-test may take. */
const LOOKS_MOST = 2000;
/** How far a needle may stand from where it was sent when it has arrived, and what a shot's travel may lack, µm. Chosen: R03 and a step. */
const ASTRAY_UM = 100;
const LACKS_UM = 2;

const trouble = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_DEVICE, what, why, next });

export class LinkBenchGun implements BenchGun {
  readonly gunId: string;
  readonly firmware: string;
  readonly simulated: boolean;
  private readonly o: BenchGunOptions;
  private nlPerMm = 0;
  /** The needle was sent out since SERVICE was entered. */
  private sent = false;
  private beat: () => void = () => undefined;

  constructor(options: BenchGunOptions) {
    this.o = options;
    this.gunId = String(options.hello.device);
    this.firmware = String(options.hello.firmware);
    this.simulated = options.simulated;
    options.link.onEvent((event) => {
      if (event.ev === 'hb' || event.ev === 'state') this.beat();
    });
    options.link.onClose(() => {
      this.beat();
    });
  }

  async enter(): Promise<void> {
    this.sent = false;
    const { link, key, hello } = this.o;
    let state = BOOT;
    for (let look = 0; look < LOOKS_MOST && (state === BOOT || state === SELF_TEST); look++)
      state = (await readStatus(link))['state'] ?? FAULT;
    if (state === FAULT) throw await this.fault();
    if (state !== IDLE)
      throw trouble('the gun is busy', 'somebody has a session or SERVICE open', 'end it at the gun, or switch the gun off and on');
    const answer = await unlock(link, key, hello.device);
    if (answer.no === F.REFUSED_AUTH)
      throw trouble(
        'the gun does not let a technician in',
        'its service switch is open, or the key is not that of this gun',
        'close the service switch; `mesogun device key` gives a gun its first key',
      );
    if (answer.no !== undefined) throw new MesogunError(refusalTrouble('unlock', answer));
  }

  async leave(): Promise<void> {
    await this.o.link.request('log-out');
  }

  async home(): Promise<{ latchUm: number }> {
    // The gun forgets its ring plane when it homes, and with it how deep the needle may be.
    if (this.sent) await this.needleHome();
    this.sent = false;
    const end = await this.work(B.BENCH_HOME, []);
    return { latchUm: end.homeErrorUm };
  }

  async probe(): Promise<{ ringUm: number; touchMn: number }> {
    const end = await this.work(B.BENCH_PROBE, []);
    return { ringUm: end.ringUm, touchMn: end.outcome };
  }

  async needleTo(tipUm: number, speedUmPerS: number): Promise<NeedlePlace> {
    this.sent = true;
    const end = await this.work(B.BENCH_NEEDLE, [tipUm, speedUmPerS]);
    const place = { commandedUm: tipUm, encoderUm: end.encoderUm - end.ringUm, axisUm: end.ringUm + tipUm };
    if (Math.abs(end.needleUm - place.axisUm) <= ASTRAY_UM) return place;
    throw trouble(
      `the needle stands at ${end.needleUm} µm from home, not at ${place.axisUm} µm`,
      'the chip did not take the move',
      'home again; see the log',
    );
  }

  async needleRun(tipUm: number, speedUmPerS: number): Promise<readonly { readonly um: number; readonly atMs: number }[]> {
    const seen: { readonly um: number; readonly atMs: number }[] = [];
    this.sent = true;
    let standing = await this.begin(B.BENCH_NEEDLE, [tipUm, speedUmPerS]);
    for (;;) {
      seen.push({ um: standing.needleUm - standing.ringUm, atMs: standing.atMs });
      if (standing.work === 0) return seen;
      standing = await this.look();
    }
  }

  async needleHome(): Promise<void> {
    const { ringUm } = await this.look();
    await this.needleTo(-ringUm, 20_000);
  }

  async prime(volumeNl: number, rateNlPerS = PRIME_NL_PER_S): Promise<void> {
    const end = await this.work(B.BENCH_PRIME, [volumeNl, rateNlPerS]);
    if (end.outcome === 1)
      throw trouble('priming was cut short', 'the trigger was let go', 'prime again and hold it until the lamp changes');
    if (end.outcome !== 0) throw trouble('the plunger met no rod', 'no syringe in reach', 'put the filled syringe in and home again');
  }

  async shoot(shot: { doseNl: number; rateNlPerS: number; count: number; gapMs?: number }): Promise<ShotResult> {
    const from = await this.look();
    const end = await this.work(B.BENCH_SHOOT, [shot.doseNl, shot.rateNlPerS, shot.count, shot.gapMs ?? 0]);
    const result = {
      fromUm: from.plungerUm,
      toUm: end.plungerUm,
      peakForceMn: end.peakMn,
      steadyForceMn: end.pusherMn,
      tookMs: end.tookMs,
    };
    const meantUm = this.nlPerMm > 0 ? (1000 * shot.doseNl * shot.count) / this.nlPerMm : 0;
    if (result.toUm - result.fromUm >= 0.98 * meantUm - LACKS_UM) return result;
    throw trouble(
      `the plunger went ${(result.toUm - result.fromUm).toFixed(1)} µm instead of ${meantUm.toFixed(1)} µm`,
      `${shot.rateNlPerS / 1000} µL/s may be too fast for this syringe (6 mm/s at most), or the syringe is empty`,
      'take a slower rate or fill the syringe',
    );
  }

  async *push(to: { forceMn: number; speedUmPerS: number; travelUm: number }): AsyncGenerator<PushPointRead> {
    let standing = await this.begin(B.BENCH_PUSH, [to.forceMn, to.speedUmPerS, to.travelUm]);
    for (;;) {
      yield { plungerUm: standing.plungerUm, forceMn: standing.pusherMn, atMs: standing.atMs };
      if (standing.work === 0) return;
      standing = await this.look();
    }
  }

  async tare(): Promise<void> {
    await this.work(B.BENCH_TARE, [BOTH_CELLS]);
  }

  async read(): Promise<BenchReading> {
    return this.look();
  }

  async trial(section: TrialSection): Promise<void> {
    if (section.kind === 'dose') this.nlPerMm = section.nlPerMm;
    await this.begin(B.BENCH_TRY, trialWords(section));
  }

  sections(): Promise<GunSection[]> {
    return readGunSections(this.o.link);
  }

  async store(section: GunSection): Promise<void> {
    await this.write(withSection(await readGunWords(this.o.link), section));
  }

  async remove(sha256: string): Promise<boolean> {
    const words = withoutSection(await readGunWords(this.o.link), sha256);
    if (words !== null) await this.write(words);
    return words !== null;
  }

  private async write(words: readonly number[]): Promise<void> {
    const sent = await sendWords(this.o.link, words);
    let answer = sent.no === undefined ? await this.keep() : sent;
    // The first time the gun only switches its drivers off.
    for (let again = 0; again < KEEPS_MOST && answer.no === F.REFUSED_CAUSE; again++) {
      await this.heartbeat();
      answer = await this.keep();
    }
    if (answer.no !== undefined) throw await this.refused('keep', answer);
    const stored = await readGunWords(this.o.link);
    if (words.some((word, at) => word !== stored[at]))
      throw trouble(
        'the gun did not keep the calibration',
        'what it reads back differs',
        'store it again; if it stays, have its flash looked at',
      );
  }

  async wait(forMs: number): Promise<void> {
    const from = await this.look();
    let now = from;
    while ((now.atMs - from.atMs) >>> 0 < forMs) {
      if (forMs > BEAT_MS) await this.heartbeat();
      now = await this.look();
    }
  }

  close(): Promise<void> {
    return this.o.link.close();
  }

  private keep(): Promise<Answer> {
    return this.o.link.request('keep', { type: RECORD_CALIBRATION });
  }

  private async work(kind: number, ints: readonly number[]): Promise<Standing> {
    let standing = await this.begin(kind, ints);
    while (standing.work !== 0) {
      await this.heartbeat();
      standing = await this.look();
    }
    return standing;
  }

  /** Until the gun is heard again: half a second of its time. A dead wire shows at the next question. */
  private heartbeat(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, BEAT_MOST_MS);
      this.beat = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private look(): Promise<Standing> {
    return this.begin(B.BENCH_READ, []);
  }

  private async begin(kind: number, ints: readonly number[]): Promise<Standing> {
    const whole = ints.map(Math.round);
    const answer = await this.o.link.request('bench', { kind, ints: whole.length === 0 ? [0] : whole });
    const words = answer['bench'];
    if (answer.no !== undefined || !Array.isArray(words)) throw await this.refused('bench', answer);
    const [work = 0, outcome = 0, tookMs = 0, needleUm = 0, encoderUm = 0, steps = 0, ringMn = 0, ...more] = words.map(Number);
    const [pusherMn = 0, peakMn = 0, homeErrorUm = 0, ringUm = 0, wheelUm = 0, atMs = 0] = more;
    const plungerUm = steps * UM_PER_STEP;
    return { work, outcome, tookMs, needleUm, encoderUm, plungerUm, ringMn, pusherMn, peakMn, homeErrorUm, ringUm, wheelUm, atMs };
  }

  private async fault(): Promise<MesogunError> {
    return new MesogunError(faultTrouble((await readStatus(this.o.link))['fault'] ?? 0));
  }

  /** Why the gun refused: often because it is not in SERVICE any more. */
  private async refused(asked: string, answer: Answer): Promise<MesogunError> {
    const status = await readStatus(this.o.link);
    if (status['state'] === FAULT) return this.fault();
    if (answer.no === F.REFUSED_AUTH && status['state'] !== SERVICE)
      return trouble(
        'the gun has left SERVICE',
        'the service switch was opened, a stop was given, or a work took too long',
        'close the switch and begin again',
      );
    if (answer.no === F.REFUSED_CAUSE)
      return trouble(
        'the gun does not do this now',
        'the ring must be free, the needle home, and the syringe known and primed before the plunger moves; probed before the needle does',
        'free the ring and go back a step',
      );
    return new MesogunError(refusalTrouble(asked, answer));
  }
}
