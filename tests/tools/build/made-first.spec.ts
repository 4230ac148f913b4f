// What is made once as the script starts is made where it is declared; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withMadeFirst } from '../../../tools/build/made-first.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers what is left of the script behind the function that makes arrays. */
function same(body: string): string {
  const script = `(()=>{var make=n=>new Int32Array(n),${body}})();`;
  const after = withMadeFirst(script, ['make']);
  expect(resultOf(after)).toBe(resultOf(script));
  return after.slice('(()=>{var make=n=>new Int32Array(n),'.length, -'})();'.length);
}

describe('withMadeFirst', () => {
  it('makes typed arrays and plain lists where they are declared', () => {
    expect(same('a,b;a=make(3),b=[1,-2,"x"],result.push(a.length,b[2]);')).toBe('a=make(3),b=[1,-2,"x"];result.push(a.length,b[2]);');
    expect(same('a;a=make(3);result.push(a.length);')).toBe('a=make(3);;result.push(a.length);');
  });

  it('does so in a function that is called at once, in the head of a loop there, and at the end of a list', () => {
    expect(same('a,b;!function(n){for(a=make(n=4),b=0;b<2;b++);result.push(a.length,b)}();')).toContain('for(a=make(n=4)');
    expect(same('a,b;!function(){for(a=make(4),b=0;b<2;b++);result.push(a.length,b)}();')).toBe(
      'a=make(4),b;!function(){for(b=0;b<2;b++);result.push(a.length,b)}();',
    );
    expect(same('a,b,c;result.push(1),a=make(4),b=make(5);result.push(a.length,b.length);')).toBe(
      'a=make(4),b=make(5),c;result.push(1);result.push(a.length,b.length);',
    );
  });

  it('leaves what is given twice, made in a loop, on a condition, after a return, or by a function called later', () => {
    for (const body of [
      'a;a=make(1),result.push(a.length),a=make(2),result.push(a.length);',
      'a,i;for(i=0;i<2;i++)a=make(i),result.push(a.length);',
      'a;result.length&&(a=make(2)),result.push(typeof a);',
      'a;!function(){if(!result.length)return;a=make(2),result.push(1)}();result.push(typeof a);',
      'a,f=()=>{a=make(2),a[0]++,result.push(a[0])};f(),f();',
      'a,b;result.push((b=1,a=make(2)).length);',
      'a;a=make(result.length),result.push(a.length);',
    ])
      expect(same(body)).toBe(body);
  });

  it('leaves a list of anything but numbers and texts, and what another declares with a value', () => {
    for (const body of ['a,b=5;a=[b],b=6,result.push(a[0]);', 'a=7;a=make(2),result.push(a.length);']) expect(same(body)).toBe(body);
  });
});
