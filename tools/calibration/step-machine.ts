// Walks the steps of a procedure: perform, redo the last reading, pause, take up again after a crash, abort. Whatever shows it
// (a terminal, a page) asks for `current` and calls `perform`. Not responsible for what steps do. Runs at the desk.
import type { Trouble } from '../errors.ts';
import { troubleOf } from '../errors.ts';
import type { LogLine, ReadingLog } from './reading-log.ts';
import type { Finding, Reading, Readings, Step, Values } from './steps.ts';

export type MachineState = 'running' | 'paused' | 'aborted' | 'complete';

export type Outcome =
  /** The step is done; what it measured, and what was noted. */
  | { readonly kind: 'done'; readonly step: Step; readonly values: Values | null; readonly notes: readonly Finding[] }
  /** The step is refused: the reading does not count and the machine stands where it can be taken again. */
  | { readonly kind: 'refused'; readonly step: Step; readonly findings: readonly Finding[] }
  /** Something did not answer or could not: the machine stands at the step, to be performed again. */
  | { readonly kind: 'trouble'; readonly step: Step; readonly trouble: Trouble };

export interface MachineOptions {
  readonly steps: readonly Step[];
  readonly log: ReadingLog;
  readonly who: string;
  /** Wall clock as ISO 8601, for the log only. */
  now(): string;
}

/** Most often a reading that does not count is withdrawn, the rest of a run would not mean anything. Chosen: 5. */
export const WITHDRAWN_MOST = 5;

export class StepMachine {
  state: MachineState = 'running';
  readonly steps: readonly Step[];
  /** Notes of all checks so far. */
  readonly notes: Finding[] = [];
  private readonly o: MachineOptions;
  private readonly taken = new Map<string, Reading>();
  private readonly confirmed = new Set<string>();
  /** Steps that must be done again before the run goes on where it was, by index. */
  private readonly pending: number[] = [];
  private index = 0;
  private withdrawals = 0;
  private busy = false;

  constructor(options: MachineOptions) {
    this.o = options;
    this.steps = options.steps;
    this.replay(options.log.lines);
    if (this.index >= this.steps.length) this.state = 'complete';
  }

  /** The step to perform; null when there is none any more. */
  get current(): Step | null {
    if (this.state === 'aborted' || this.state === 'complete') return null;
    return this.steps[this.pending[0] ?? this.index] ?? null;
  }

  /** Steps done and all of them. */
  get progress(): { readonly done: number; readonly of: number } {
    return { done: this.index, of: this.steps.length };
  }

  get readings(): Readings {
    return this.taken;
  }

  /** Readings that were withdrawn. */
  get withdrawn(): number {
    return this.withdrawals;
  }

  /** Performs the current step. `typed` is the number of an ask step. One at a time. */
  async perform(typed?: number): Promise<Outcome> {
    const step = this.current;
    if (step === null || this.busy) throw new Error(step === null ? 'there is no step to perform' : 'a step is being performed');
    if (this.state === 'paused') this.resume();
    this.busy = true;
    try {
      return await this.doStep(step, typed);
    } catch (thrown) {
      const trouble = troubleOf(thrown);
      this.note('trouble', step.id, trouble.what);
      return { kind: 'trouble', step, trouble };
    } finally {
      this.busy = false;
    }
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.note('paused', this.current?.id ?? '');
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    this.note('resumed', this.current?.id ?? '');
  }

  /** Withdraws the last reading (or the one of a given step) and goes back to it; its step, or null when there is none. */
  redo(stepId?: string): Step | null {
    const last = stepId ?? [...this.taken.keys()].at(-1);
    const index = this.steps.findIndex((step) => step.id === last);
    if (last === undefined || index < 0 || !this.taken.has(last)) return null;
    this.withdraw(last);
    const undone = this.steps
      .slice(index, this.index)
      .flatMap((step) => (step.kind === 'do' && step.renews !== undefined ? [step.renews] : []));
    const redone = this.steps[index];
    if (redone?.kind === 'ask' && redone.renews !== undefined) this.withdrawAll([redone.renews]);
    this.withdrawAll(undone);
    this.pending.length = 0;
    this.index = index;
    // What was applied since must be taken back first: the gun is set up as it was for this reading.
    if (undone.length > 0) this.setUpAgain();
    this.skipDone();
    this.state = 'running';
    return this.steps[index] ?? null;
  }

  abort(): void {
    if (this.state === 'complete') return;
    this.note('aborted', this.current?.id ?? '');
    this.state = 'aborted';
  }

  private async doStep(step: Step, typed?: number): Promise<Outcome> {
    if (step.kind === 'prompt') {
      this.confirmed.add(step.id);
      this.note('confirmed', step.id);
      return this.next(step, null, []);
    }
    if (step.kind === 'do') {
      await step.run(this.taken);
      return this.next(step, null, []);
    }
    if (step.kind === 'check') return this.judged(step, null, step.judge(this.taken));
    if (step.kind === 'ask') {
      const value = typed ?? step.usual;
      const finding = askFinding(step, value);
      if (finding !== null) return { kind: 'refused', step, findings: [finding] };
      return this.judged(step, { [step.name]: value ?? 0 }, []);
    }
    const values = await step.take(this.taken);
    return this.judged(step, values, step.judge?.(values) ?? []);
  }

  private judged(step: Step, values: Values | null, findings: readonly Finding[]): Outcome {
    const stops = findings.filter((finding) => finding.level === 'stop');
    for (const finding of findings) this.note('finding', step.id, `${finding.code}: ${finding.what}`);
    if (stops.length > 0) return { kind: 'refused', step, findings: stops };
    this.notes.push(...findings);
    if (values !== null) this.take(step, values);
    return this.next(step, values, findings);
  }

  private take(step: Step, values: Values): void {
    const instrument = step.kind === 'read' ? step.instrument : 'typed';
    const reading: Reading = { step: step.id, values, instrument, who: this.o.who, at: this.o.now() };
    this.o.log.append({ event: 'reading', ...reading });
    this.taken.delete(step.id);
    this.taken.set(step.id, reading);
  }

  private next(step: Step, values: Values | null, notes: readonly Finding[]): Outcome {
    if (this.pending.length > 0) this.pending.shift();
    else {
      this.index += 1;
      this.skipDone();
    }
    if (this.index >= this.steps.length && this.pending.length === 0) {
      this.state = 'complete';
      this.note('complete', step.id);
    }
    return { kind: 'done', step, values, notes };
  }

  /** Steps whose reading stands need not be taken again after a redo; what only looks or sets up is. */
  private skipDone(): void {
    for (;;) {
      const step = this.steps[this.index];
      const stands = step !== undefined && (step.kind === 'read' || step.kind === 'ask') && this.taken.has(step.id);
      if (!stands) return;
      this.index += 1;
    }
  }

  /** Restores the readings that stand, and finds what must be done again before going on. */
  private replay(lines: readonly LogLine[]): void {
    for (const line of lines) {
      if (line.event === 'reading') {
        const { event: _event, ...reading } = line;
        this.taken.delete(line.step);
        this.taken.set(line.step, reading);
      } else if (line.event === 'withdrawn') {
        this.taken.delete(line.step);
        this.withdrawals += 1;
      } else if (line.event === 'confirmed') this.confirmed.add(line.step);
    }
    if (lines.length === 0) return;
    const open = (step: Step): boolean =>
      step.kind === 'prompt' ? !this.confirmed.has(step.id) : (step.kind === 'read' || step.kind === 'ask') && !this.taken.has(step.id);
    const first = this.steps.findIndex(open);
    // What comes after the last reading is done again from there: it leaves nothing behind.
    this.index = first < 0 ? this.afterLastReading() : first;
    this.setUpAgain();
  }

  private setUpAgain(): void {
    for (let at = 0; at < this.index; at++) {
      const step = this.steps[at] as Step;
      if ((step.kind === 'do' || step.kind === 'prompt') && step.again === true) this.pending.push(at);
    }
  }

  private afterLastReading(): number {
    let at = this.steps.length;
    while (at > 0 && !['read', 'ask'].includes(this.steps[at - 1]?.kind ?? '')) at -= 1;
    return at;
  }

  private withdrawAll(prefixes: readonly string[]): void {
    for (const each of [...this.taken.keys()]) if (prefixes.some((prefix) => each.startsWith(prefix))) this.withdraw(each);
  }

  private withdraw(step: string): void {
    this.taken.delete(step);
    this.withdrawals += 1;
    this.note('withdrawn', step);
  }

  private note(event: Exclude<LogLine['event'], 'reading'>, step: string, says?: string): void {
    this.o.log.append({ event, step, who: this.o.who, at: this.o.now(), ...(says === undefined ? {} : { says }) });
  }
}

function askFinding(step: Extract<Step, { kind: 'ask' }>, value: number | undefined): Finding | null {
  const range = `${step.least} to ${step.most} ${step.unit}`;
  if (value === undefined || !Number.isFinite(value))
    return { level: 'stop', code: 'missing', what: `${step.says}: no number`, why: 'nothing was typed', next: `type a number, ${range}` };
  if (value >= step.least && value <= step.most) return null;
  return {
    ...{ level: 'stop', code: 'range', what: `${value} ${step.unit} is out of range`, why: `${step.says}: ${range}` },
    next: 'type it again; a comma or a point for decimals',
  };
}
