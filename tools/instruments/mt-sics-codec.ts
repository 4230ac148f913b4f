// MT-SICS on the wire as pure functions: command to line, line to reply. Not responsible for what to ask when, nor for
// time (mt-sics.ts). Source: Mettler-Toledo, MT-SICS Interface Commands, Reference Manuals 30014405, 11780711 and 11781363 (public).

/** What a reply's second field says. */
export type Status =
  /** Stable weight. */
  | 'S'
  /** Weight that still moves. */
  | 'D'
  /** Not now: busy, or no stability in time. */
  | 'I'
  /** The parameter is wrong. */
  | 'L'
  /** Above and below the weighing range. */
  | '+'
  | '-'
  /** Done; and, for lists, more follows. */
  | 'A'
  | 'B';

export type Reply =
  | {
      readonly kind: 'weight';
      readonly command: string;
      readonly status: 'S' | 'D' | 'A';
      readonly value: number;
      readonly unit: string;
      readonly decimals: number;
      /** Characters of the number with its leading spaces: always 10 where the maker's format is kept. */
      readonly width: number;
    }
  | { readonly kind: 'answer'; readonly command: string; readonly status: Status; readonly parameters: readonly string[] }
  /** Instead of a weight: the balance is out of order. */
  | { readonly kind: 'fault'; readonly command: string; readonly code: string }
  /** ES syntax, ET transmission, EL parameter: which command it was is not said. */
  | { readonly kind: 'error'; readonly error: 'ES' | 'ET' | 'EL' };

/** Longest line that is one. Source: texts of I-commands; Chosen: generous. */
export const LINE_MOST = 160;

const WEIGHT = /^([A-Z][A-Z0-9]{0,4}) ([SDA])( +)([+-]?\d{1,9}(?:\.\d{1,7})?) ([A-Za-zµμ%]{1,5})$/;
const FAULT = /^([A-Z][A-Z0-9]{0,4}) [SDA] +Error (\S{1,12})$/;
const ANSWER = /^([A-Z][A-Z0-9]{0,4}|@) ([SDILAB+-])((?: (?:"[^"]*"|[!#-~]+))*)$/;

/** What a line without CR LF says; undefined when it is no reply, for instance because noise got into it. */
export function decodeReply(line: string): Reply | undefined {
  if (line === 'ES' || line === 'ET' || line === 'EL') return { kind: 'error', error: line };
  if (line.length > LINE_MOST) return undefined;
  const weight = WEIGHT.exec(line);
  if (weight !== null) {
    const [, command = '', status = '', gap = '', number = '', unit = ''] = weight;
    const point = number.indexOf('.');
    return {
      kind: 'weight',
      command,
      status: status as 'S' | 'D' | 'A',
      value: Number(number),
      unit,
      decimals: point < 0 ? 0 : number.length - point - 1,
      width: gap.length - 1 + number.length,
    };
  }
  const fault = FAULT.exec(line);
  if (fault !== null) return { kind: 'fault', command: fault[1] ?? '', code: fault[2] ?? '' };
  const answer = ANSWER.exec(line);
  if (answer === null) return undefined;
  const [, command = '', status = '', rest = ''] = answer;
  const parameters = (rest.match(/"[^"]*"|[^\s"]+/g) ?? []).map((each) => (each.startsWith('"') ? each.slice(1, -1) : each));
  return { kind: 'answer', command, status: status as Status, parameters };
}

/**
 * A command with its parameters as a line with CR LF. Texts that are shown or stored come quoted by the caller's `quoted`.
 * A name that is not upper case, or a parameter that would break the line, is a mistake of ours and throws.
 */
export function encodeCommand(name: string, ...parameters: readonly string[]): string {
  const line = [name, ...parameters].join(' ');
  if (!/^(?:@|[A-Z][A-Z0-9]{0,4})$/.test(name) || !/^[\x20-\x7e]+$/.test(line)) throw new RangeError(`not an MT-SICS command: ${line}`);
  return `${line}\r\n`;
}

/** A text parameter. Quotation marks within it become apostrophes: not every balance knows how to escape them. */
export const quoted = (text: string): string => `"${text.replaceAll('"', "'")}"`;

/** What `I2` tells: `"XPR205 220.0090 g"`, or the same cut into several texts. Undefined when it ends in no weight. */
export function readBalanceData(
  parameters: readonly string[],
): { model: string; capacity: number; decimals: number; unit: string } | undefined {
  const words = parameters.join(' ').split(/\s+/);
  const unit = words.pop() ?? '';
  const number = words.pop() ?? '';
  if (!/^\d+(?:\.\d+)?$/.test(number)) return undefined;
  const point = number.indexOf('.');
  return { model: words.join(' '), capacity: Number(number), decimals: point < 0 ? 0 : number.length - point - 1, unit };
}
