// Variables that hold one number for good give way to the number; the script does what it did.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withNumbers } from '../../../tools/build/constants.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed script. */
function same(body: string): string {
  const script = `(()=>{${body}})();`;
  const after = withNumbers(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('withNumbers', () => {
  it('puts a number wherever its variable stood, a negative one in parentheses, as value of a field too', () => {
    const after = same('var a=15,b=-3,f=x=>x-b+a,o={a,b:b};result.push(f(1),o.a,o.b,-b);');
    expect(after).toBe('(()=>{var f=x=>x-(-3)+15,o={a:15,b:(-3)};result.push(f(1),o.a,o.b,-(-3));})();');
  });

  it('leaves nothing of a declaration that held only numbers', () => {
    expect(same('var a=1;var b=2;result.push(a+b);')).toBe('(()=>{result.push(1+2);})();');
  });

  it('leaves variables that are set again, counted up, declared twice or run through a loop', () => {
    const after = same('var a=1,b=2,c=3,d=4,f=()=>{a=7;b++};var c;for(d in {p:1,q:2});f();result.push(a,b,c,d);');
    expect(after).toContain('result.push(a,b,c,d)');
  });

  it('leaves a variable of a function that has the same name, and fields', () => {
    expect(same('var a=1,o={a:5},f=a=>a+o.a;result.push(f(2),a);')).toContain('f=a=>a+o.a;result.push(f(2),1)');
  });

  it('puts a text where its variable stood when that was one place, and leaves one that is asked for in two', () => {
    const after = same("var a='one',b='two',f=x=>x+a;result.push(f(b),b);");
    expect(after).toBe("(()=>{var b='two',f=x=>x+'one';result.push(f(b),b);})();");
  });

  it('leaves one that is declared in a branch, where it may not come to be', () => {
    expect(same('if(result.length){var a=1}result.push(String(a));')).toContain('String(a)');
  });
});
