// One letter for what is spoken of most; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withShortNames } from '../../../tools/build/short-names.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

function same(script: string): string {
  const after = withShortNames(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('withShortNames', () => {
  it('gives the first letter to what stands there most often, and lets a function use those that it does not ask for again', () => {
    expect(same('(()=>{var one=1,two=2,f=x=>x+two+two;result.push(f(3),one,f(4))})();')).toBe(
      '(()=>{var c=1,a=2,b=b=>b+a+a;result.push(b(3),c,b(4))})();',
    );
  });

  it('takes no name of the runtime and no word of the language', () => {
    const many = Array.from({ length: 400 }, (_, index) => `v${String(index)}=${String(index)}`).join(',');
    const after = same(`(()=>{var ${many};result.push(v1,v399,Math.abs(-3))})();`);
    expect(after).toContain('Math.abs(-3)');
    expect(after).not.toMatch(/\b(do|if|in|of|result)=/);
  });

  it('gives an inner function no name of an outer variable that is asked for further in', () => {
    same('(()=>{var a=1,f=x=>{var b=2;return ()=>{var c=3;return a+b+c+x}};result.push(f(5)(),a)})();');
    same('(()=>{var f=n=>{try{throw n}catch(e){var m=e+1;return m}},g=function h(n){return n?h(n-1)+1:0};result.push(f(1),g(3))})();');
  });

  it('keeps the names of fields, of short ones too, and of classes’ members', () => {
    const after = same('(()=>{class One{two(x){return{x,y:x}}}var three=new One,four=three.two(4);result.push(four.x,four.y)})();');
    expect(after).toMatch(/\{x:\w,y:\w\}/);
    expect(after).toContain('.two(4)');
  });

  it('refuses a scope with more variables than there are names', () => {
    const many = Array.from({ length: 4000 }, (_, index) => `v${String(index)}`).join(',');
    expect(() => withShortNames(`(()=>{var ${many};})();`)).toThrow('no name is left');
  });
});
