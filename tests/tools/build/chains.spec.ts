// Variables that are given the same number one after the other are given it at once; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withChains } from '../../../tools/build/chains.ts';

const resultOf = (script: string): unknown =>
  runInContext(`var result=[],a,b,c,d,f=()=>0;${script};result.push(a,b,c,d);result.join()`, createContext({}));

/** The result stays; answers the changed script. */
function same(script: string): string {
  const after = withChains(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('withChains', () => {
  it('gives two, or three, the same number at once', () => {
    expect(same('a=0,b=0;')).toBe('a=b=0;');
    expect(same('d=a=5,b=-1,c=-1,d=-1,a=-1;')).toBe('d=a=5,b=c=d=a=-1;');
    expect(same('f(a=1,b=1),a=2,b=2;')).toBe('f(a=1,b=1),a=b=2;');
  });

  it('leaves other numbers, texts, sums, declarations, and what is an element or a field, which may hold less than it is given', () => {
    const scripts = ['a=0,b=1;', 'a="x",b="x";', 'a=3,b=3+0;', 'var x=0,y=0;', 'a=1,a+=1,b=1;', 'a=f(),b=f();'];
    const elements = ['var u=new Uint8Array(2);u[0]=-1,a=-1,u[1]=-1;a+=u[0];', 'var o={};o.x=0,a=0,o.y=0;'];
    for (const script of [...scripts, ...elements]) expect(same(script)).toBe(script);
  });
});
