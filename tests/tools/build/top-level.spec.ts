// The image for Espruino without a function around it: its names stand among the runtime's, and are none of them.
import { beforeAll, describe, expect, it } from 'vitest';
import { parsed, listOf, nameOf } from '../../../tools/build/syntax.ts';
import { replayingHarness } from '../../../tools/build/harness.ts';
import { atTopLevel } from '../../../tools/build/top-level.ts';
import { builtImage } from './built-image.ts';

/** What a script declares at its top. */
function declared(script: string): string[] {
  return listOf(parsed(script), 'body').flatMap((each) =>
    each.type === 'VariableDeclaration' ? listOf(each, 'declarations').map((one) => nameOf(one['id'])) : [nameOf(each['id'])],
  );
}

describe('atTopLevel', () => {
  it('takes off the function and its call, and nothing else', () => {
    expect(atTopLevel('(()=>{var a=()=>{},b={c:1};a(b)})();\n')).toBe('var a=()=>{},b={c:1};a(b)\n');
  });

  it('refuses a script that is more than one function called at once', () => {
    expect(() => atTopLevel('var a=1;')).toThrow('not one function called at once');
  });
});

describe('the image for Espruino', () => {
  let text = '';
  beforeAll(async () => {
    text = (await builtImage('pico', 'espruino')).text;
  }, 120_000);

  it('has some 600 names at its top, of one or two signs: none is of the runtime, none of the harness beside it', () => {
    const names = declared(text).filter((name) => name !== '');
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter((name) => name.length > 2 || name === 'E')).toEqual([]);
    const others = declared(replayingHarness('espruino')).filter((name) => name !== '');
    expect(others).toEqual(expect.arrayContaining(['fold', 'num', 'getTime', 'E']));
    expect(others.filter((name) => names.includes(name))).toEqual([]);
  });
});
