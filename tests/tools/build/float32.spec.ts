// The image on an engine that counts in 32-bit floats, as some small ones do: what the gun's own assertion at power-on is for. The image is
// the shipped one; only each result of + - * / is rounded as such an engine rounds it.
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAULT_SELF_TEST } from '../../../firmware/core/faults.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import { builtImage } from './built-image.ts';
import { sessionJournal } from './session-journal.ts';

const ROUNDED = new Set([ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken, ts.SyntaxKind.SlashToken]);

/** The same script with every sum, difference, product and quotient given to `round`. */
function rounding(script: string, round: string): string {
  const file = ts.createSourceFile('image.js', script, ts.ScriptTarget.ES2015, true, ts.ScriptKind.JS);
  const edits: { at: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && ROUNDED.has(node.operatorToken.kind)) {
      edits.push({ at: node.getStart(file), text: ' roundedSum(' }, { at: node.end, text: ')' });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let [text, from] = ['', 0];
  for (const edit of edits.sort((a, b) => a.at - b.at || (a.text === ')' ? -1 : 1) - (b.text === ')' ? -1 : 1))) {
    text += script.slice(from, edit.at) + edit.text;
    from = edit.at;
  }
  return `var roundedSum=function(x){return typeof x==='number'?${round}:x};${text}${script.slice(from)}`;
}

let image = '';
beforeAll(async () => {
  image = (await builtImage('pico', 'kaluma')).text;
}, 300_000);

describe('an engine of 32-bit floats', () => {
  const on = (round: string): Promise<{ ending: string; entryBytes: number }> =>
    sessionJournal({ faults: [], pricks: 3, image: firmwareOf(rounding(image, round), { board: 'pico', runtime: 'kaluma' }) });

  it('R46 R51: is refused by the shipped image in its self-test, whose assertions are in it; no session begins', async () => {
    const { ending, entryBytes } = await on('Math.fround(x)');
    expect([ending, entryBytes]).toEqual([expect.stringContaining(`fault ${String(FAULT_SELF_TEST)}`), 0]);
  }, 60_000);

  it('is the only difference: with 64 bits the same script completes 3 pricks', async () => {
    expect((await on('x')).ending).toBe('complete 0');
  }, 60_000);
});
