// JSON.parse as Espruino has it: the lexer of the language reads it, so it takes more than JSON, and ends with the first value. What it takes
// beyond JSON, and what it answers otherwise, is in espruino-json.spec.ts. Strings are 8-bit. Simulator only.
// Source: Espruino 2v29, src/jswrap_json.c (jswrap_json_parse_internal), src/jslex.c (numbers, strings, comments), src/jsutils.c (getRadix).

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', b: '\b', f: '\f', r: '\r', t: '\t', v: '\v' };
const WORDS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

interface Token {
  /** `''` is the end. */
  readonly kind: 'number' | 'text' | 'word' | 'sign' | '';
  readonly value: unknown;
}

/** 010 is 8, 08 is 8, 0x1f is 31. */
function integer(text: string): number {
  if (/^0[xob]/i.test(text)) {
    const radix = { x: 16, o: 8, b: 2 }[text.charAt(1).toLowerCase()] ?? 10;
    return Number.parseInt(text.slice(2), radix) || 0;
  }
  const isOctal = text.startsWith('0') && !/[89]/.test(text);
  return isOctal ? Number.parseInt(text, 8) : Number.parseInt(text, 10);
}

class Lexer {
  token: Token = { kind: '', value: '' };
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.next();
  }

  next(): void {
    this.skip(/\s+|\/\/[^\n]*\n?|\/\*[^]*?\*\//y);
    this.token = this.read();
  }

  is(sign: string): boolean {
    return this.token.kind === 'sign' && this.token.value === sign;
  }

  /** Takes a sign that must be there. */
  match(sign: string): void {
    if (!this.is(sign)) throw new SyntaxError(`Got ${String(this.token.value) || 'EOF'} expected ${sign}`);
    this.next();
  }

  private skip(pattern: RegExp): void {
    while (this.take(pattern) !== '');
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private read(): Token {
    const base = this.take(/0[xob][\da-f_]*/iy);
    if (base !== '') return { kind: 'number', value: integer(base.replaceAll('_', '')) };
    const digits = this.take(/(?:\d[\d_]*\.?|\.\d)[\d_]*(?:e[+-]?[\d_]*)?/iy).replaceAll('_', '');
    if (/[.e]/i.test(digits)) return { kind: 'number', value: Number.parseFloat(digits) };
    if (digits !== '') return { kind: 'number', value: integer(digits) };
    const word = this.take(/[A-Za-z_$][\w$]*/y);
    if (word !== '') return { kind: 'word', value: word };
    const quote = this.take(/["']/y);
    if (quote !== '') return this.string(quote);
    const sign = this.take(/--|-=|[^]/y);
    return { kind: sign === '' ? '' : 'sign', value: sign };
  }

  private string(quote: string): Token {
    let value = '';
    for (;;) {
      const character = this.take(/[^]/y);
      if (character === quote) return { kind: 'text', value };
      if (character === '' || character === '\n') return { kind: 'sign', value: 'UNFINISHED STRING' };
      value += character === '\\' ? this.escaped() : character;
    }
  }

  /** `\u` beyond 8 bits is left as it is: on a chip it becomes the bytes of UTF-8, or one byte, by the build. */
  private escaped(): string {
    const octal = this.take(/[0-7]{1,3}/y);
    if (octal !== '') return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    const letter = this.take(/[^]/y);
    if (letter !== 'x' && letter !== 'u') return ESCAPES[letter] ?? letter;
    const digits = this.take(letter === 'x' ? /[\da-f]{2}/iy : /[\da-f]{4}/iy);
    if (digits === '') throw new Error('Invalid escape sequence');
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

/** Text between brackets; a comma may stand behind the last. Undefined is what a value in it that is none makes of the whole. */
function list(lexer: Lexer): unknown[] | undefined {
  const values: unknown[] = [];
  lexer.next();
  while (!lexer.is(']')) {
    const one = value(lexer);
    if (one === undefined) return undefined;
    if (!lexer.is(']')) lexer.match(',');
    values.push(one);
  }
  lexer.next();
  return values;
}

/**
 * Of two fields with one name the first counts: the second is there, and never found. Measured: looking anything up in an object with a field
 * `__proto__` that is no object ends a desk build of the runtime by an assertion; here it is a field like any other.
 */
function fields(lexer: Lexer): object | undefined {
  const made: Record<string, unknown> = {};
  lexer.next();
  while (lexer.token.kind === 'text' || lexer.token.kind === 'number' || lexer.token.kind === 'word') {
    if (lexer.token.kind !== 'text') throw new SyntaxError(`Got ${String(lexer.token.value)} expected STRING`);
    const name = String(lexer.token.value);
    lexer.next();
    lexer.match(':');
    const one = value(lexer);
    if (one === undefined) return undefined;
    if (!lexer.is('}')) lexer.match(',');
    if (!Object.hasOwn(made, name)) Object.defineProperty(made, name, { value: one, enumerable: true, writable: true, configurable: true });
  }
  lexer.match('}');
  return made;
}

function value(lexer: Lexer): unknown {
  const { kind, value: read } = lexer.token;
  if (lexer.is('[')) return list(lexer);
  if (lexer.is('{')) return fields(lexer);
  if (lexer.is('-')) {
    lexer.next();
    // Neither a number nor an error: undefined.
    return lexer.token.kind === 'number' ? 0 - (value(lexer) as number) : undefined;
  }
  const isWord = kind === 'word' && WORDS.has(String(read));
  if (kind !== 'number' && kind !== 'text' && !isWord) throw new SyntaxError(`Expecting valid value, got ${String(read) || 'EOF'}`);
  lexer.next();
  return isWord ? WORDS.get(String(read)) : read;
}

/** The first value in a text. Throws as the runtime does; answers undefined where it does. */
export const parseAsEspruino = (text: unknown): unknown => value(new Lexer(String(text)));
