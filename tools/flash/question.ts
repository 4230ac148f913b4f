// One question to a console of either runtime: an expression out, its value back as text, with its length, so that an answer that lost a
// character is none. Not responsible for asking again. Runs at the desk.
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import { NoAnswer } from './talk.ts';
import type { Talk } from './talk.ts';

/** The line to evaluate, without its end. The marks are put together on the board, so that an echo is not taken for the answer. */
export function questionFor(mark: string, expression: string): string {
  const say = `function(v){v=''+v;print('<'+'${mark} ='+v+' '+v.length+' ${mark}>')}`;
  return `try{(${say})(${expression})}catch(e){print('<'+'${mark} !'+e+' 0 ${mark}>')}`;
}

/** The value. Rejects with NoAnswer for none or a damaged one, with MesogunError 5 for what the expression threw. */
export async function answerTo(talk: Talk, mark: string, forMs: number): Promise<string> {
  const answer = await talk.match('answer', forMs, new RegExp(`<${mark} ([=!])([^]*?) (\\d+) ${mark}>`));
  const [whole, kind, value = '', length] = answer;
  if (kind === '!') throw new MesogunError({ exit: EXIT_DEVICE, what: 'the console refuses a question', why: value });
  if (value.length !== Number(length)) throw new NoAnswer('whole answer', whole);
  return value;
}
