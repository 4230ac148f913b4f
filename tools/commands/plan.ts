// `mesogun plan`: what a protocol will do before it does it. Moves nothing and asks no gun.
import type { Command } from 'commander';
import { courseDays, dayAfter } from '../../protocols/course.ts';
import { describePlan } from '../../protocols/describe.ts';
import { fluidRows, kitLines } from '../../protocols/describe-fluid.ts';
import { fluidVerdicts } from '../../protocols/fluid-verdict.ts';
import { limitLines, limitsUsed } from '../../protocols/limits-used.ts';
import { formatProblems } from '../../protocols/problems.ts';
import { settingsOf } from '../../protocols/settings-text.ts';
import type { Session } from '../cli.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { pointsSvg } from '../plan-drawing.ts';
import { calendarLines, planPage } from '../plan-page.ts';
import type { Ready } from '../source.ts';
import { readyToRun } from '../source.ts';
import { addSetOption, wholeNumber } from './options.ts';
import { writeText } from '../write-text.ts';

/** The plan for programs: everything but the programme's raw words. */
export function planJson({ treatment, plan, warnings }: Ready, start?: string): Record<string, unknown> {
  const { program, problems, ...rest } = plan;
  const { course } = treatment.protocol;
  const days = course === undefined ? [] : courseDays(course);
  return {
    event: 'plan',
    protocol: treatment.protocol.id,
    technique: treatment.technique.id,
    ...rest,
    course: days.map((one) => (start === undefined ? one : { ...one, date: dayAfter(start, one.day) })),
    limits: limitsUsed(treatment, plan),
    feasibility: fluidVerdicts(treatment),
    settings: settingsOf(treatment),
    programWords: program.length,
    warnings: [...new Set([...warnings, ...problems])],
  };
}

interface Flags {
  readonly set: string[];
  readonly svg?: string;
  readonly html?: string;
  readonly start?: string;
  readonly session: number;
}

/** What this syringe, needle and liquid come to, and what others would. */
function fluidLines({ treatment, plan }: Ready): string[] {
  const verdicts = fluidVerdicts(treatment);
  const [own] = verdicts;
  if (own === undefined) return [];
  const lines = fluidRows(treatment, own, plan.cycle.dwellMs).map(([name, text]) => `  ${name.padEnd(14)}${text}`);
  const others =
    verdicts.length > 1 ? ['', `With another syringe or needle that ${treatment.technique.id} is for`, ...kitLines(verdicts)] : [];
  return ['', 'Fluid', ...lines, ...others];
}

function checkStart(start: string | undefined): void {
  if (start === undefined || dayAfter(start, 0) !== null) return;
  throw new MesogunError({ exit: EXIT_USAGE, what: `--start ${start} is no day`, next: 'write it as 2026-12-01' });
}

export function addPlan(program: Command, { desk }: Session): void {
  const command = program
    .command('plan')
    .description('what a protocol will do: points, layers, volumes, time, course')
    .argument('<id|file>', 'library id or path of a JSON file')
    .option('--svg <file>', 'draw the points on the skin, to scale')
    .option('--html <file>', 'write the plan as a page: drawings, sums, calendar, checklist')
    .option('--start <day>', 'first day of the course, as 2026-12-01')
    .option('--session <k>', 'which session of an area that is split over several', wholeNumber(1, 10), 1)
    .addHelpText(
      'after',
      '\nExamples:\n  mesogun plan mesolift-face --start 2026-12-01\n  mesogun plan my.json --set spacingMm=8 --html plan.html',
    );
  addSetOption(command).action((name: string, { set, svg, html, start, session }: Flags, self: Command) => {
    checkStart(start);
    const ready = readyToRun(name, set, session === 1 ? {} : { part: session });
    if (svg !== undefined) writeText(svg, `${pointsSvg(ready)}\n`);
    if (html !== undefined) writeText(html, planPage(ready, start));
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) {
      desk.out(`${JSON.stringify(planJson(ready, start))}\n`);
      return;
    }
    if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
    const { course } = ready.treatment.protocol;
    const limits = ['', 'Limits', ...limitLines(limitsUsed(ready.treatment, ready.plan))];
    const calendar =
      course === undefined ? [] : ['', 'Course', ...calendarLines(course, start, ready.plan.parts.length).map((line) => `  ${line}`)];
    desk.out(`${[describePlan(ready.treatment, ready.plan), ...fluidLines(ready), ...limits, ...calendar].join('\n')}\n`);
    for (const path of [svg, html]) if (path !== undefined) desk.say(`wrote ${path}`);
  });
}
