// Measures what a syringe holds back and how it rubs: one slow push from rest against a capped needle, then three loops back and
// forward. What is found goes into the next dose calibration of the kit. Not responsible for reading curves (push-loop.ts) nor for the
// verdict (compliance-judge.ts). Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import { concludeCompliance } from './compliance-judge.ts';
import type { Conclusion, Procedure } from './conclusion.ts';
import { plainSection } from './dose-conclusion.ts';
import type { Kit } from './kit.ts';
import { librarySyringeData } from './kit.ts';
import type { PushPoint } from './push-loop.ts';
import { bendOfLoadPercent, breakLooseFromRestMn, readLoop } from './push-loop.ts';
import { ServiceDoor } from './service-door.ts';
import { steadyReading } from './steady-reading.ts';
import type { Finding, ReadStep, Reading, Readings, Step, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';

/** Chosen: three loops tell a loose cap from a sound one. */
const LOOPS = 3;
/** Pressure at the end of a push. Chosen: two and a half times the 40 kPa that compensation is bounded by, well below a Luer lock's. */
const END_KPA = 100;
const FOUND_MN = 400;
const SEEK_UM_PER_S = 1000;
const SEEK_MOST_UM = 59_000;
/** The push from rest is slow: the gun says a force every 80 ms, and the rod has 60 N/mm. Chosen. */
const REST_UM_PER_S = 20;
const LOOP_UM_PER_S = 50;
const PUSH_MOST_UM = 2000;
/** Back in a loop: play, the bend of rod and stopper twice over, and a good part slipping. Chosen; the claw lets go 600 µm behind the rod. */
const BACK_UM = 400;
/** Points kept of a curve; a loop has fewer. */
const POINTS_MOST = 300;
const CELL_MN = 5;

export interface ComplianceSetup {
  readonly gun: BenchGun;
  readonly kit: Kit;
}

function pointsOf(values: Values, name: 'back' | 'push'): PushPoint[] {
  const points: PushPoint[] = [];
  for (let index = 0; ; index++) {
    const [plungerUm, forceMn] = [values[`${name}${index}Um`], values[`${name}${index}Mn`]];
    if (plungerUm === undefined || forceMn === undefined) return points;
    points.push({ plungerUm, forceMn });
  }
}

function valuesOf(all: readonly PushPoint[], name: 'back' | 'push'): Values {
  const every = Math.max(1, Math.ceil(all.length / POINTS_MOST));
  const kept = all.filter((_point, index) => index % every === 0);
  return Object.fromEntries(
    kept.flatMap(({ plungerUm, forceMn }, index) => [
      [`${name}${index}Um`, Number(plungerUm.toFixed(3))] as const,
      [`${name}${index}Mn`, forceMn] as const,
    ]),
  );
}

const unread = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the curves of the pushes cannot be read',
    why: 'the force did not rise and stay: no cap on the needle, a leak, or the plunger never met the rod',
    next: 'close the needle tightly and push again',
  });

export class ComplianceProcedure implements Procedure {
  readonly kind = 'compliance';
  readonly title: string;
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>>;
  private readonly setup: ComplianceSetup;
  private readonly nlPerMm: number;
  private readonly endMn: number;
  /** Of the pusher before it met the rod. */
  private freeMn = 0;

  constructor(setup: ComplianceSetup) {
    const { gun, kit } = setup;
    const section = plainSection({ ...kit, syringeData: librarySyringeData(kit.syringe) });
    const door = new ServiceDoor(gun);
    this.setup = setup;
    this.nlPerMm = section.nlPerMm;
    this.endMn = Math.round(1.5 * section.breakLooseMn + (END_KPA * section.nlPerMm) / 1000);
    this.title = `Compliance and friction of ${kit.syringe.name} with ${kit.needle.name}`;
    this.plan = { syringe: kit.syringe.id, needle: kit.needle.id, loops: LOOPS, endMn: this.endMn };
    this.steps = [
      { kind: 'prompt', id: 'kit', says: `Fit a ${kit.syringe.name}, filled, without air, the needle closed tightly with a cap or plug` },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch', run: () => door.enter() },
      { kind: 'do', id: 'home', again: true, says: 'Home needle and plunger', run: () => gun.home() },
      { kind: 'do', id: 'geometry', again: true, says: 'Tell the gun which syringe is in', run: () => gun.trial(section) },
      { kind: 'do', id: 'seek', again: true, says: 'Push until the rod is met', run: () => this.seek() },
      this.restStep(),
      ...Array.from({ length: LOOPS }, (_each, index) => this.loopStep(`loop-${index}`)),
      { kind: 'do', id: 'leave', says: 'Leave service', run: () => door.leave() },
    ];
  }

  conclude(readings: Readings): Conclusion {
    const rest = readings.get('rest');
    const restPoints = pointsOf(rest?.values ?? {}, 'push');
    const fromRestMn = breakLooseFromRestMn(restPoints, valueOf(rest, 'freeMn'));
    const bend = bendOfLoadPercent(restPoints);
    const loops = readingsOf(readings, 'loop-').map((reading) => this.loopOf(reading));
    const read = loops.filter((loop) => loop !== null);
    if (fromRestMn === null || bend === null || read.length < LOOPS) throw unread();
    const curve = (points: readonly PushPoint[], series: string): { x: number; y: number; series: string }[] =>
      points.map((point) => ({ x: (point.plungerUm - (restPoints[0]?.plungerUm ?? 0)) / 1000, y: point.forceMn / 1000, series }));
    return concludeCompliance({
      ...{ syringe: this.setup.kit.syringe, loops: read, fromRestMn, bend },
      plots: [
        {
          ...{ title: 'Push from rest and one loop', xTitle: 'travel, mm', yTitle: 'force, N', limit: null },
          points: [
            ...curve(restPoints, 'from rest'),
            ...curve(pointsOf(readings.get('loop-0')?.values ?? {}, 'back'), 'back'),
            ...curve(pointsOf(readings.get('loop-0')?.values ?? {}, 'push'), 'forward'),
          ],
        },
      ],
    });
  }

  private loopOf({ values }: Pick<Reading, 'values'>): ReturnType<typeof readLoop> {
    return readLoop(pointsOf(values, 'back'), pointsOf(values, 'push'), this.nlPerMm);
  }

  private async seek(): Promise<void> {
    const { gun } = this.setup;
    this.freeMn = (await steadyReading(async () => (await gun.read()).pusherMn, CELL_MN)).mean;
    const points = await this.push(FOUND_MN, SEEK_UM_PER_S, SEEK_MOST_UM);
    if ((points.at(-1)?.forceMn ?? 0) - this.freeMn < FOUND_MN / 2) throw unread();
  }

  private async push(forceMn: number, speedUmPerS: number, travelUm: number): Promise<PushPoint[]> {
    const points: PushPoint[] = [];
    for await (const point of this.setup.gun.push({ forceMn, speedUmPerS, travelUm })) points.push(point);
    return points;
  }

  private restStep(): ReadStep {
    const take = async (): Promise<Values> => {
      const all = await this.push(this.endMn, REST_UM_PER_S, PUSH_MOST_UM);
      return { freeMn: this.freeMn, ...valuesOf(all, 'push') };
    };
    const judge = (values: Values): Finding[] =>
      this.findings(breakLooseFromRestMn(pointsOf(values, 'push'), values['freeMn'] ?? 0) !== null, 'rest');
    return { ...this.reading('rest', 'Push slowly against the closed needle, from rest'), take, judge };
  }

  private loopStep(id: string): ReadStep {
    const take = async (): Promise<Values> => {
      // After a break the syringe may stand relaxed: under full force first.
      await this.push(this.endMn, LOOP_UM_PER_S, PUSH_MOST_UM);
      const back = await this.push(0, LOOP_UM_PER_S, -BACK_UM);
      const forth = await this.push(this.endMn, LOOP_UM_PER_S, PUSH_MOST_UM);
      return { ...valuesOf(back, 'back'), ...valuesOf(forth, 'push') };
    };
    const judge = (values: Values): Finding[] => this.findings(this.loopOf({ values }) !== null, id);
    return { ...this.reading(id, 'Back a little, and against the closed needle again'), take, judge };
  }

  private reading(id: string, says: string): Pick<ReadStep, 'kind' | 'id' | 'instrument' | 'says'> {
    return { kind: 'read', id, instrument: 'plunger cell of the gun', says };
  }

  private findings(readable: boolean, step: string): Finding[] {
    if (readable) return [];
    const { message, why, next } = unread();
    return [{ level: 'stop', code: 'range', step, what: message, why: why ?? '', next: next ?? '' }];
  }
}
