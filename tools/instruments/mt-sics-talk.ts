// Question and answer with an MT-SICS balance over a wire that may lose, double and spoil lines: one question at a time, sent again
// when nothing comes or the balance did not understand it; what belongs to no question is dropped. Not responsible for weights.
import { BalanceError } from './balance.ts';
import { isCancelled, isGone } from './balance-troubles.ts';
import { LineCutter } from './line-cutter.ts';
import { decodeReply, encodeCommand, LINE_MOST } from './mt-sics-codec.ts';
import type { Reply } from './mt-sics-codec.ts';
import type { InstrumentWire } from './wire.ts';

/** How often a question is sent in all. Chosen: one spoilt line and one more. */
const TRIES = 3;
/** Nothing more comes after so long without a line, and when we stop waiting for that. Chosen: three weights of a stream at 10 Hz. */
const QUIET_MS = 300;
const QUIET_MOST_MS = 3000;

const faulty = (code: string): BalanceError =>
  new BalanceError(
    'faulty',
    `the balance reports its own error ${code}`,
    'it is out of order, and shows no weight until it is put right',
    'switch it off and on; if the error stays, look it up in its manual or call its maker',
  );

interface Question {
  readonly line: string;
  readonly accepts: (reply: Reply) => boolean;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: BalanceError) => void;
  readonly timeoutMs: number;
  /** Nothing may come for long: only a spoilt line is a reason to ask again. */
  readonly patient: boolean;
  triesLeft: number;
  stopTimer: () => void;
}

export class MtSicsTalk {
  /** Lines that were no reply, and replies that nobody had asked for. */
  badLines = 0;
  staleLines = 0;
  /** Gets every weight while it is set and nothing is asked. */
  onWeight: ((reply: Reply) => void) | null = null;
  readonly wire: InstrumentWire;
  private readonly cutter = new LineCutter(LINE_MOST);
  private question: Question | null = null;
  private gone: BalanceError | null = null;
  private readonly goneListeners: ((error: BalanceError) => void)[] = [];
  private restarted = false;
  private onLine: (() => void) | null = null;

  constructor(wire: InstrumentWire) {
    this.wire = wire;
    wire.onText((text) => {
      for (const line of this.cutter.take(text)) this.hear(line);
    });
    wire.onClose(() => {
      this.lose();
    });
  }

  /** Called once when the wire is gone. */
  onGone(listener: (error: BalanceError) => void): void {
    this.goneListeners.push(listener);
  }

  /**
   * Asks, and resolves with the first reply that `accepts` takes. Rejects: `silent` when none comes in `timeoutMs` after the last
   * try, `refused` when the balance does not know the command, `unplugged`, `restarted`, `cancelled`. One at a time. Asked
   * patiently it is sent again only when a spoilt line comes, and `timeoutMs` is all there is.
   */
  ask(command: string, accepts: (reply: Reply) => boolean, timeoutMs: number, how?: 'patient'): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const error = this.gone ?? (this.restarted && command !== '@' ? this.restartedError() : null);
      this.restarted = false;
      if (error) {
        reject(error);
        return;
      }
      const line = encodeCommand(...(command.split(' ') as [string, ...string[]]));
      const question: Question = {
        line,
        accepts,
        resolve,
        reject,
        timeoutMs,
        patient: how === 'patient',
        triesLeft: TRIES,
        stopTimer: () => undefined,
      };
      this.question = question;
      this.send(question);
    });
  }

  /** Sends without waiting for a reply. */
  tell(command: string): void {
    this.wire.write(encodeCommand(command));
  }

  /** Whatever is asked is given up. */
  giveUp(): void {
    const { question } = this;
    if (!question) return;
    this.end(question);
    question.reject(isCancelled());
  }

  /** Waits until no line has come for a while: what was under way is through. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.onLine = null;
        stop();
        stopAtLast();
        resolve();
      };
      let stop = this.wire.after(QUIET_MS, done);
      const stopAtLast = this.wire.after(QUIET_MOST_MS, done);
      this.onLine = () => {
        stop();
        stop = this.wire.after(QUIET_MS, done);
      };
      if (this.gone) done();
    });
  }

  /** Ends a command that somebody before us left half sent. */
  breakLine(): void {
    this.cutter.clear();
    this.wire.write('\r\n');
  }

  /** What was said of a new start before this moment is known. */
  forgetRestart(): void {
    this.restarted = false;
  }

  private send(question: Question): void {
    const first = question.triesLeft === TRIES;
    question.triesLeft -= 1;
    if (first || !question.patient) {
      question.stopTimer();
      question.stopTimer = this.wire.after(question.timeoutMs, () => {
        if (question.triesLeft > 0 && !question.patient) this.send(question);
        else this.fail(question, this.silence(question));
      });
    }
    this.wire.write(question.line);
  }

  private end(question: Question): void {
    question.stopTimer();
    if (this.question === question) this.question = null;
  }

  private fail(question: Question, error: BalanceError): void {
    this.end(question);
    question.reject(error);
  }

  private hear(line: string): void {
    this.onLine?.();
    const reply = decodeReply(line);
    const { question } = this;
    if (reply === undefined) this.spoilt(question);
    else if (reply.kind === 'fault' && question) this.fail(question, faulty(reply.code));
    else if (question?.accepts(reply) === true) {
      this.end(question);
      question.resolve(reply);
    } else if (reply.kind === 'error') this.misunderstood(question, reply.error);
    else if (reply.kind === 'answer' && reply.command === 'I4' && reply.status === 'A') this.restart(question);
    else if (reply.command === 'S' && !question && this.onWeight) this.onWeight(reply);
    else this.staleLines += 1;
  }

  /** It may have been the answer. */
  private spoilt(question: Question | null): void {
    this.badLines += 1;
    if (question && question.triesLeft > 0) this.send(question);
  }

  private misunderstood(question: Question | null, error: string): void {
    if (!question) this.staleLines += 1;
    else if (error !== 'EL' && question.triesLeft > 0) this.send(question);
    else {
      const command = question.line.trim();
      this.fail(
        question,
        new BalanceError(
          'refused',
          `the balance refuses the command ${command}`,
          `it answers ${error}: ${error === 'EL' ? 'wrong parameter' : 'not understood'}`,
          'set its interface to MT-SICS (host), not to a printer, and check baud rate and parity',
        ),
      );
    }
  }

  private restart(question: Question | null): void {
    if (question) this.fail(question, this.restartedError());
    else this.restarted = true;
  }

  private restartedError(): BalanceError {
    return new BalanceError(
      'restarted',
      'the balance has started anew',
      'it lost its supply, or somebody pressed its reset; the tare is gone',
      'wait until it has warmed up, tare, and repeat this reading',
    );
  }

  private silence({ line, timeoutMs }: Question): BalanceError {
    const spoilt = this.badLines > 0 ? `; ${this.badLines} line(s) came that are not MT-SICS` : '';
    return new BalanceError(
      this.badLines > 0 ? 'garbled' : 'silent',
      `no answer from the balance at ${this.wire.name}`,
      `nothing came to ${line.trim()} within ${(timeoutMs / 1000).toFixed(1)} s${spoilt}`,
      'is it on, is the cable in, is its interface set to MT-SICS (host), and do baud rate and parity agree?',
    );
  }

  private lose(): void {
    this.gone ??= isGone(this.wire.name);
    const { question } = this;
    if (question) this.fail(question, this.gone);
    for (const listener of this.goneListeners.splice(0)) listener(this.gone);
  }
}
