// `mesogun plan`: what a protocol will do before it does it. Moves nothing and asks no gun.
import type { Command } from 'commander';
import { describePlan } from '../../protocols/describe.ts';
import { formatProblems } from '../../protocols/problems.ts';
import type { Session } from '../cli.ts';
import type { Ready } from '../source.ts';
import { readyToRun } from '../source.ts';
import { addSetOption } from './options.ts';

/** The plan for programs: everything but the programme's raw words. */
export function planJson({ treatment, plan, warnings }: Ready): Record<string, unknown> {
  const { program, problems, ...rest } = plan;
  return {
    event: 'plan',
    protocol: treatment.protocol.id,
    technique: treatment.technique.id,
    ...rest,
    programWords: program.length,
    warnings: [...new Set([...warnings, ...problems])],
  };
}

export function addPlan(program: Command, { desk }: Session): void {
  const command = program
    .command('plan')
    .description('what a protocol will do: points, layers, volumes, time')
    .argument('<id|file>', 'library id or path of a JSON file')
    .addHelpText('after', '\nExamples:\n  mesogun plan mesolift-face\n  mesogun plan my.json --set spacingMm=8 --json');
  addSetOption(command).action((name: string, options: { set: string[] }, self: Command) => {
    const ready = readyToRun(name, options.set);
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) {
      desk.out(`${JSON.stringify(planJson(ready))}\n`);
      return;
    }
    if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
    desk.out(`${describePlan(ready.treatment, ready.plan)}\n`);
  });
}
