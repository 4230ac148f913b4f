// Who attends a calibration: nobody (`--yes`), or a person who answers questions. Words go to a Desk; where answers come from is
// handed in, so that a test or a page can be the person. Not responsible for the run (session.ts). Runs at the desk.
import type { Desk } from '../desk.ts';
import type { Trouble } from '../errors.ts';
import { readTyped } from '../instruments/typed-number.ts';
import type { Ask } from '../instruments/typed-number.ts';
import type { Answer, Attendant } from './session.ts';
import type { Outcome, StepMachine } from './step-machine.ts';
import type { AskStep, Finding, Values } from './steps.ts';

/** Nobody is asked: what did not answer is tried again so often, a reading that does not belong is taken again so often. Chosen. */
const TRIES = 2;
const RETAKES = 2;

const told = (values: Values): string => {
  const shown: readonly [string, string, number][] = [
    ['gaugeMm', 'mm', 3],
    ['lostMg', 'mg lost', 3],
    ['ringUm', 'µm', 0],
    ['ringMn', 'mN', 0],
    ['pusherMn', 'mN', 0],
    ['wheelUm', 'µm', 0],
    ['complianceUlPerKpa', 'µL/kPa', 4],
    ['massG', 'g', 1],
    ['readMn', 'mN', 0],
    ['markMm', 'mm', 1],
    ['umPerS', 'µm/s', 1],
  ];
  const { afterMg, beforeMg } = values;
  if (afterMg !== undefined && beforeMg !== undefined) return `${(afterMg - beforeMg).toFixed(3)} mg`;
  return shown
    .flatMap(([name, unit, digits]) => (values[name] === undefined ? [] : [`${values[name].toFixed(digits)} ${unit}`]))
    .join(', ');
};

/** What every attendant shows: steps, readings, notes, and a bar on a terminal. */
class Teller {
  private readonly desk: Desk;
  private lineLength = 0;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  after(outcome: Outcome, machine: StepMachine): void {
    const { desk } = this;
    if (outcome.kind !== 'done') {
      this.clear();
      return;
    }
    const { done, of } = machine.progress;
    const values = outcome.values === null ? '' : told(outcome.values);
    const line = `${String(done).padStart(3)}/${of}  ${outcome.step.says}${values === '' ? '' : `: ${values}`}`;
    if (desk.isTerminal) this.redraw(line);
    else if (outcome.step.kind !== 'read' || done % 10 === 0) desk.say(line);
    for (const note of outcome.notes) this.finding(note);
  }

  finding(finding: Finding): void {
    this.clear();
    const { desk } = this;
    desk.say(`${desk.colors.yellow(finding.what)}\n  why:  ${finding.why}\n  next: ${finding.next}`);
  }

  trouble(trouble: Trouble): void {
    this.clear();
    this.desk.say(`${this.desk.colors.yellow(trouble.what)}${trouble.why === undefined ? '' : `\n  why:  ${trouble.why}`}`);
    if (trouble.next !== undefined) this.desk.say(`  next: ${trouble.next}`);
  }

  clear(): void {
    if (this.lineLength > 0) this.desk.draw(`\r${' '.repeat(this.lineLength)}\r`);
    this.lineLength = 0;
  }

  private redraw(text: string): void {
    const line = text.slice(0, this.desk.columns - 1);
    this.desk.draw(`\r${line}${' '.repeat(Math.max(0, this.lineLength - line.length))}`);
    this.lineLength = line.length;
  }
}

/** `--yes`: everything is confirmed, usual values are taken; twice at most for the same trouble, two retakes in all. */
export function unattended(desk: Desk): Attendant {
  const teller = new Teller(desk);
  const tries = new Map<string, number>();
  let retakes = 0;
  return {
    before: () => Promise.resolve('go'),
    after: (outcome, machine) => teller.after(outcome, machine),
    decide: (findings, trouble, machine) => {
      for (const finding of findings) teller.finding(finding);
      if (trouble !== null) teller.trouble(trouble);
      const id = machine.current?.id ?? '';
      const again = (tries.get(id) ?? 0) + 1;
      tries.set(id, again);
      if (trouble !== null) return Promise.resolve(again <= TRIES ? 'go' : 'pause');
      const named = findings.find((finding) => finding.step !== undefined);
      if (named === undefined || retakes >= RETAKES) return Promise.resolve('abort');
      retakes += 1;
      // A reading that was refused as it came stands at its step already.
      return Promise.resolve(named.step === id ? 'go' : 'redo');
    },
  };
}

const COMMANDS = 'Enter: go on · r: last reading again · p: pause · a: abort';

function spoken(line: string | null): Answer | null {
  if (line === null) return 'pause';
  const word = line.trim().toLowerCase();
  if (word === '') return 'go';
  if (word === 'r' || word === 'redo') return 'redo';
  if (word === 'p' || word === 'pause') return 'pause';
  return word === 'a' || word === 'abort' ? 'abort' : null;
}

/** A person. Steps that need no hand go on by themselves. */
export function attended(desk: Desk, ask: Ask): Attendant {
  const teller = new Teller(desk);
  let saidHow = false;
  const answer = async (question: string): Promise<Answer> => {
    for (let complaint: string | undefined; ; complaint = COMMANDS) {
      const said = spoken(await ask(question, complaint));
      if (said !== null) return said;
    }
  };
  const number = async (step: AskStep): Promise<Answer> => {
    const usual = step.usual === undefined ? '' : ` [${step.usual}]`;
    for (let complaint: string | undefined; ;) {
      const line = await ask(`${step.says}, ${step.least} to ${step.most} ${step.unit}${usual}`, complaint);
      if (line === null) return 'pause';
      if (line.trim() === '' && step.usual !== undefined) return step.usual;
      const command = spoken(line);
      if (command !== null && command !== 'go') return command;
      const read = readTyped(line, { units: { '': 1, [step.unit]: 1 }, least: step.least, most: step.most });
      if (read.ok) return read.value;
      complaint = read.why;
    }
  };
  return {
    before: async (step) => {
      if (step.kind === 'ask') {
        teller.clear();
        return number(step);
      }
      if (step.kind !== 'prompt') return 'go';
      teller.clear();
      if (!saidHow) desk.say(desk.colors.dim(COMMANDS));
      saidHow = true;
      return answer(`${desk.colors.bold('→')} ${step.says}.`);
    },
    after: (outcome, machine) => teller.after(outcome, machine),
    decide: async (findings, trouble) => {
      for (const finding of findings) teller.finding(finding);
      if (trouble !== null) teller.trouble(trouble);
      const named = findings.some((finding) => finding.step !== undefined);
      if (findings.length > 0 && !named) return 'abort';
      const said = await answer('Try again? (Enter: again · p: pause · a: abort)');
      return said === 'go' && findings.length > 0 ? 'redo' : said;
    },
  };
}
