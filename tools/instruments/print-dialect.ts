// Balances that print a line when asked for one: Sartorius SBI, A&D standard, OHAUS. What to say and what a line means, as pure data
// and functions. Not responsible for when to ask (print-balance.ts).

/** What a line of such a balance says. */
export type Printed =
  | { readonly kind: 'weight'; readonly value: number; readonly decimals: number; readonly unit: string; readonly stable: boolean }
  | { readonly kind: 'off'; readonly side: '+' | '-' }
  | { readonly kind: 'refused'; readonly text: string };

export interface PrintDialect {
  readonly maker: string;
  /** Asks for the weight as it is. */
  readonly ask: string;
  readonly tare: string;
  readonly zero: string;
  /** Undefined for what is no line of this dialect. */
  decode(line: string): Printed | undefined;
}

const decimalsOf = (number: string): number => {
  const point = number.search(/[.,]/);
  return point < 0 ? 0 : number.length - point - 1;
};

const weight = (sign: string, digits: string, unit: string, stable: boolean): Printed => ({
  kind: 'weight',
  value: Number(`${sign === '-' ? '-' : ''}${digits.replace(',', '.')}`),
  decimals: decimalsOf(digits),
  unit,
  stable,
});

/**
 * 16 characters, or 22 with an identifier of 6 before them: sign, space, eight of number, space, unit of three; no unit while it
 * moves; a digit in brackets is not verified. Source: Sartorius, Cubis MSE and WZA operating instructions, SBI data output.
 */
const SBI: PrintDialect = {
  maker: 'Sartorius (SBI)',
  ask: '\x1bP\r\n',
  tare: '\x1bU\r\n',
  zero: '\x1bV\r\n',
  decode: (line) => {
    const body = /^(?:N|G|Qnt|Stat) /.test(line) ? line.slice(6) : line;
    const trouble = /^ *(H|L|High|Low|E[Rr][Rr] \S{1,4}) *$/.exec(body)?.[1];
    if (trouble !== undefined) {
      if (trouble.startsWith('H')) return { kind: 'off', side: '+' };
      return trouble.startsWith('L') ? { kind: 'off', side: '-' } : { kind: 'refused', text: trouble };
    }
    const parts = /^([+ -]) *(\d+(?:[.,]\d*)?(?:\[\d\]|\d)?) +([A-Za-zµμ]{0,3}) *$/.exec(body.padEnd(14));
    if (parts === null || body.length > 14) return undefined;
    const [, sign = '', digits = '', unit = ''] = parts;
    return weight(sign, digits.replace(/[[\]]/g, ''), unit, unit !== '');
  },
};

/** Header, comma, sign and nine characters of number, unit of three. Source: A&D, MC and FZ-iWP manuals, A&D standard format. */
const AND: PrintDialect = {
  maker: 'A&D (standard format)',
  ask: 'Q\r\n',
  tare: 'T\r\n',
  zero: 'Z\r\n',
  decode: (line) => {
    const over = /^OL,([+-])9{7}E\+19$/.exec(line);
    if (over !== null) return { kind: 'off', side: over[1] as '+' | '-' };
    if (/^EC,E\d\d$/.test(line)) return { kind: 'refused', text: line };
    const parts = /^(ST|US|WT),([+-])(\d{1,8}(?:\.\d{1,7})?) *([A-Za-zµμ]{1,3})$/.exec(line);
    if (parts === null || (parts[3] ?? '').length > 9) return undefined;
    const [, header = '', sign = '', digits = '', unit = ''] = parts;
    return weight(sign, digits, unit, header !== 'US');
  },
};

/** Number in ten characters, unit, `?` while it moves. Source: OHAUS, RS232 interface manual, and Adventurer service manual (ES). */
const OHAUS: PrintDialect = {
  maker: 'OHAUS',
  ask: 'IP\r\n',
  tare: 'T\r\n',
  zero: 'Z\r\n',
  decode: (line) => {
    if (line === 'ES') return { kind: 'refused', text: line };
    const parts = /^ *(-?)(\d{1,9}(?:\.\d{1,7})?) ([A-Za-zµμ]{1,5}) ?(\??) *(?:[A-Z]{1,10})? *$/.exec(line);
    if (parts === null) return undefined;
    const [, sign = '', digits = '', unit = '', moving = ''] = parts;
    return weight(sign, digits, unit, moving === '');
  },
};

export const PRINT_DIALECTS: Readonly<Record<string, PrintDialect>> = { sbi: SBI, and: AND, ohaus: OHAUS };
