// A balance that speaks MT-SICS, in virtual time: commands in, replies out, over a weighing cell. Not responsible for the load nor
// for the cell. Source: Mettler-Toledo, MT-SICS Interface Commands, Reference Manual 30014405 and 11780711. Simulator only.
import type { VirtualClock } from '../clock.ts';
import type { WeighingCell } from '../plant/weighing-cell.ts';
import type { SideDevice } from '../side-line.ts';

export interface MtSicsOptions {
  readonly clock: VirtualClock;
  readonly cell: WeighingCell;
  readonly say: (text: string) => void;
  readonly model: string;
  readonly serial: string;
  readonly readabilityMg: number;
  readonly capacityMg: number;
  /** Told when a stable weight is asked for, with how often that was. */
  readonly onWeighing?: (count: number) => void;
}

/** Time from a command to its reply, to give up on stability, and between weights of SIR. Chosen: 20 ms; source: 40 s, about 10 Hz. */
const REPLY_US = 20_000;
const PATIENCE_US = 40e6;
const REPEAT_US = 100_000;
/** Source: zeroing range ± 2 % of the capacity; SR and SNR tell of 12.5 % change, 30 digits at least. */
const ZERO_RANGE = 0.02;
const CHANGE_SHARE = 0.125;
const CHANGE_DIGITS = 30;
const LINE_MOST = 100;

const COMMANDS = [
  ['0', '@ I0 I1 I2 I3 I4 I5 S SI SIR Z ZI'],
  ['1', 'D DW K SR T TA TAC TI'],
  ['2', 'I10 I11 SNR'],
] as const;

export class MtSicsBalance implements SideDevice {
  /** What the display is told to show; null: the weight. */
  text: string | null = null;
  private readonly o: MtSicsOptions;
  private readonly decimals: number;
  private partial = '';
  /** The load at power-on is zero; Z moves it by the zeroing range at most. */
  private startMg: number;
  private zeroMg: number;
  private tareMg = 0;
  /** The command that waits for stability, and until when. */
  private pending: 'S' | 'T' | 'Z' | null = null;
  private pendingUntilUs = 0;
  private repeating: 'SIR' | 'SR' | 'SNR' | null = null;
  private repeatAtUs = 0;
  /** The weight that SR and SNR told last, and whether one that moves has been told since. */
  private toldMg = Number.NaN;
  private moved = false;
  private weighings = 0;

  constructor(options: MtSicsOptions) {
    this.o = options;
    this.decimals = Math.max(0, Math.round(3 - Math.log10(options.readabilityMg)));
    this.startMg = this.zeroMg = options.cell.shownMg;
  }

  /** The supply came on, or came back: settings of the moment are gone. */
  powerOn(): void {
    this.reset();
    this.startMg = this.zeroMg = this.o.cell.shownMg;
    this.say(`I4 A "${this.o.serial}"`);
  }

  hear(text: string): void {
    this.partial += text;
    for (let end = this.partial.indexOf('\n'); end >= 0; end = this.partial.indexOf('\n')) {
      const line = this.partial.slice(0, end).replace(/\r$/, '');
      this.partial = this.partial.slice(end + 1);
      if (line !== '') this.later(() => this.obey(line));
    }
    if (this.partial.length <= LINE_MOST) return;
    this.partial = '';
    this.say('ET');
  }

  /** After each sample of the cell. */
  sampled(): void {
    const nowUs = this.o.clock.nowUs;
    if (this.pending !== null) this.tryPending(nowUs);
    if (this.repeating === 'SIR' && nowUs >= this.repeatAtUs) {
      this.repeatAtUs = nowUs + REPEAT_US;
      this.tellWeight();
    } else if (this.repeating === 'SR' || this.repeating === 'SNR') this.tellChange();
  }

  private get grossMg(): number {
    return this.o.cell.shownMg - this.zeroMg;
  }

  /** '+' or '-' off the weighing range, '' within. */
  private get range(): '' | '+' | '-' {
    if (this.grossMg > this.o.capacityMg + 9 * this.o.readabilityMg) return '+';
    return this.grossMg < -ZERO_RANGE * this.o.capacityMg ? '-' : '';
  }

  private say(line: string): void {
    this.o.say(`${line}\r\n`);
  }

  private later(act: () => void): void {
    this.o.clock.schedule(this.o.clock.nowUs + REPLY_US, act);
  }

  private reset(): void {
    this.pending = null;
    this.repeating = null;
    this.tareMg = 0;
    this.text = null;
  }

  private weight(mg: number): string {
    const digits = Math.round(mg / this.o.readabilityMg);
    return `${((digits * this.o.readabilityMg) / 1000).toFixed(this.decimals).padStart(10)} g`;
  }

  private tellWeight(): void {
    const { range } = this;
    if (range !== '') this.say(`S ${range}`);
    else this.say(`S ${this.o.cell.stable ? 'S' : 'D'} ${this.weight(this.grossMg - this.tareMg)}`);
  }

  private tellChange(): void {
    const netMg = this.grossMg - this.tareMg;
    const least = Math.max(CHANGE_SHARE * Math.abs(this.toldMg), CHANGE_DIGITS * this.o.readabilityMg);
    const far = Number.isNaN(this.toldMg) || Math.abs(netMg - this.toldMg) >= least;
    if (this.o.cell.stable && (far || this.moved)) {
      this.toldMg = netMg;
      this.moved = false;
      this.tellWeight();
    } else if (far && !this.moved) {
      this.moved = true;
      if (this.repeating === 'SR') this.tellWeight();
    }
  }

  private tryPending(nowUs: number): void {
    const command = this.pending as 'S' | 'T' | 'Z';
    const { range } = this;
    if (range !== '') this.finish(`${command} ${range}`);
    else if (this.o.cell.stable) this.finish(this.settle(command));
    else if (nowUs >= this.pendingUntilUs) this.finish(`${command} I`);
  }

  private finish(line: string): void {
    this.pending = null;
    this.say(line);
  }

  /** What a command does with a weight that stands, or that is taken as it is. Answers the reply. */
  private settle(command: 'S' | 'T' | 'Z' | 'TI' | 'ZI'): string {
    const mg = this.grossMg;
    const flag = this.o.cell.stable ? 'S' : 'D';
    if (command === 'S') return `S S ${this.weight(mg - this.tareMg)}`;
    if (command === 'T' || command === 'TI') {
      if (mg < -this.o.readabilityMg) return `${command} -`;
      this.tareMg = mg;
      return `${command} ${flag} ${this.weight(mg)}`;
    }
    const offMg = this.o.cell.shownMg - this.startMg;
    if (Math.abs(offMg) > ZERO_RANGE * this.o.capacityMg) return `${command} ${offMg > 0 ? '+' : '-'}`;
    this.zeroMg = this.o.cell.shownMg;
    this.tareMg = 0;
    return command === 'Z' ? 'Z A' : `ZI ${flag}`;
  }

  private waitFor(command: 'S' | 'T' | 'Z'): void {
    if (this.pending !== null) {
      this.say(`${command} I`);
      return;
    }
    this.repeating = null;
    this.pending = command;
    this.pendingUntilUs = this.o.clock.nowUs + PATIENCE_US;
    if (command !== 'S') return;
    this.weighings += 1;
    this.o.onWeighing?.(this.weighings);
  }

  private obey(line: string): void {
    if (!/^[\x20-\x7e]*$/.test(line)) {
      this.say('ET');
      return;
    }
    const [name = '', ...rest] = line.split(' ');
    const parameters = rest.join(' ');
    if (name === '@') {
      this.reset();
      this.say(`I4 A "${this.o.serial}"`);
    } else if (name.startsWith('I')) this.inform(name, parameters);
    else if (!this.weigh(name, parameters) && !this.show(name, parameters)) this.say('ES');
  }

  private inform(name: string, parameters: string): void {
    const { model, serial, capacityMg } = this.o;
    const answers: Readonly<Record<string, string>> = {
      I1: '"012" "2.30" "2.22" "1.00"',
      I2: `"${model} ${(capacityMg / 1000).toFixed(this.decimals)} g"`,
      I3: '"1.00 simulated"',
      I4: `"${serial}"`,
      I5: '"00000000A"',
      I10: '"mesogun bench"',
      I11: `"${model}"`,
    };
    if (name === 'I0' && parameters === '') this.list();
    else if (answers[name] === undefined) this.say('ES');
    else this.say(parameters === '' ? `${name} A ${answers[name]}` : `${name} L`);
  }

  private list(): void {
    const all = COMMANDS.flatMap(([level, names]) => names.split(' ').map((each) => `${level} "${each}"`));
    all.forEach((each, index) => {
      this.say(`I0 ${index + 1 < all.length ? 'B' : 'A'} ${each}`);
    });
  }

  /** Weighing commands; false when it is none. */
  private weigh(name: string, parameters: string): boolean {
    if (name === 'TA') {
      this.tare(parameters);
      return true;
    }
    if (!['S', 'SI', 'SIR', 'SR', 'SNR', 'T', 'TI', 'TAC', 'Z', 'ZI'].includes(name)) return false;
    if (parameters !== '') this.say(`${name.startsWith('S') ? 'S' : name} L`);
    else if (name === 'S' || name === 'T' || name === 'Z') this.waitFor(name);
    else if (name === 'SI') {
      this.repeating = null;
      this.tellWeight();
    } else if (name === 'TAC') {
      this.tareMg = 0;
      this.say('TAC A');
    } else if (name === 'TI' || name === 'ZI') this.say(this.range === '' ? this.settle(name) : `${name} ${this.range}`);
    else {
      this.repeating = name as 'SIR' | 'SR' | 'SNR';
      this.repeatAtUs = 0;
      this.toldMg = Number.NaN;
      this.moved = false;
    }
    return true;
  }

  private tare(parameters: string): void {
    const asked = /^(\d{1,7}(?:\.\d{1,7})?) g$/.exec(parameters);
    if (asked !== null) this.tareMg = Number(asked[1]) * 1000;
    if (parameters !== '' && asked === null) this.say('TA L');
    else this.say(`TA A ${this.weight(this.tareMg)}`);
  }

  /** Display and keys; false when the command is none of them. */
  private show(name: string, parameters: string): boolean {
    if (name === 'D') {
      const text = /^"([^"]*)"$/.exec(parameters);
      if (text !== null) this.text = text[1] ?? '';
      this.say(text === null ? 'D L' : 'D A');
    } else if (name === 'DW' && parameters === '') {
      this.text = null;
      this.say('DW A');
    } else if (name === 'K') this.say(/^[1-4]$/.test(parameters) ? 'K A' : 'K L');
    else return false;
    return true;
  }
}
