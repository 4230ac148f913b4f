// A balance that prints a line when asked, in virtual time, in the formats of Sartorius SBI, A&D standard and OHAUS. It confirms no
// command. Not responsible for the load nor for the cell. Sources: those of tools/instruments/print-dialect.ts. Simulator only.
import type { VirtualClock } from '../clock.ts';
import type { WeighingCell } from '../plant/weighing-cell.ts';
import type { SideDevice } from '../side-line.ts';

export const PRINTED = ['sbi', 'and', 'ohaus'] as const;
export type PrintedDialect = (typeof PRINTED)[number];

export interface PrintBalanceOptions {
  readonly clock: VirtualClock;
  readonly cell: WeighingCell;
  readonly say: (text: string) => void;
  readonly dialect: PrintedDialect;
  readonly readabilityMg: number;
  readonly capacityMg: number;
  /** Told when a weight is asked for, with how often that was. */
  readonly onWeighing: (count: number) => void;
}

const REPLY_US = 30_000;
const LINE_MOST = 60;

/** What each command means, by dialect. */
const MEANS: Readonly<Record<PrintedDialect, Readonly<Record<string, 'print' | 'tare'>>>> = {
  sbi: { '\x1bP': 'print', '\x1bU': 'tare', '\x1bT': 'tare', '\x1bV': 'tare' },
  and: { Q: 'print', SI: 'print', T: 'tare', R: 'tare', Z: 'tare' },
  ohaus: { IP: 'print', T: 'tare', Z: 'tare' },
};
const OVERLOADED: Readonly<Record<PrintedDialect, string>> = { sbi: '        H     ', and: 'OL,+9999999E+19', ohaus: 'ES' };
const UNKNOWN: Readonly<Record<PrintedDialect, string>> = { sbi: '', and: 'EC,E01', ohaus: 'ES' };

export class PrintingBalance implements SideDevice {
  private readonly o: PrintBalanceOptions;
  private readonly decimals: number;
  private partial = '';
  private zeroMg: number;
  /** A tare waits for stability. */
  private taring = false;
  private weighings = 0;

  constructor(options: PrintBalanceOptions) {
    this.o = options;
    this.decimals = Math.max(0, Math.round(3 - Math.log10(options.readabilityMg)));
    this.zeroMg = options.cell.shownMg;
  }

  /** The supply came on, or came back. */
  powerOn(): void {
    this.taring = false;
    this.zeroMg = this.o.cell.shownMg;
  }

  hear(text: string): void {
    this.partial = (this.partial + text).slice(-LINE_MOST);
    const pieces = this.partial.split(/[\r\n]+/);
    this.partial = pieces.pop() ?? '';
    for (const line of pieces) if (line !== '') this.o.clock.schedule(this.o.clock.nowUs + REPLY_US, () => this.obey(line));
  }

  /** After each sample of the cell. */
  sampled(): void {
    if (!this.taring || !this.o.cell.stable) return;
    this.taring = false;
    this.zeroMg = this.o.cell.shownMg;
  }

  private obey(line: string): void {
    const { dialect, onWeighing } = this.o;
    const means = MEANS[dialect][line];
    if (means === 'tare') this.taring = true;
    else if (means === 'print') {
      this.weighings += 1;
      onWeighing(this.weighings);
      this.say(this.line());
    } else if (UNKNOWN[dialect] !== '') this.say(UNKNOWN[dialect]);
  }

  private say(line: string): void {
    this.o.say(`${line}\r\n`);
  }

  private line(): string {
    const { cell, dialect, readabilityMg, capacityMg } = this.o;
    const mg = Math.round((cell.shownMg - this.zeroMg) / readabilityMg) * readabilityMg;
    if (mg > capacityMg) return OVERLOADED[dialect];
    const sign = mg < 0 ? '-' : '+';
    const digits = (Math.abs(mg) / 1000).toFixed(this.decimals);
    if (dialect === 'sbi') return `${sign} ${digits.padStart(8)} ${cell.stable ? 'g  ' : '   '}`;
    if (dialect === 'and') return `${cell.stable ? 'ST' : 'US'},${sign}${digits.padStart(8 + (this.decimals > 0 ? 1 : 0), '0')}  g`;
    return `${((sign === '-' ? '-' : '') + digits).padStart(10)} g${cell.stable ? '' : ' ?'}`;
  }
}
