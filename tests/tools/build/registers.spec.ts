// A function that uses an outer array often keeps it in a variable of its own; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withRegisters } from '../../../tools/build/registers.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed script. */
function same(body: string): string {
  const script = `(()=>{var _=[],$=[1,2,3,4];${body}})();`;
  const after = withRegisters(script, ['_', '$']);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('withRegisters', () => {
  it('takes an array that is used 4 times into a variable at the head of the function', () => {
    expect(same('var f=(a)=>{return $[0]+$[1]+$[2]+$[3]+a};result.push(f(5));')).toContain('(a)=>{var $=B;return $[0]');
  });

  it('leaves one that is used 3 times an outer variable', () => {
    expect(same('var f=(a)=>{return $[0]+$[1]+$[2]+a};result.push(f(5));')).toContain('return B[0]+B[1]+B[2]+a');
  });

  it('makes a body of an expression, one in parentheses too', () => {
    const after = same('var f=a=>({a:$[0]+$[1]+$[2]+$[3]+a}),g=()=>$[0]*$[1]*$[2]*$[3];result.push(f(1).a,g());');
    expect(after).toContain('a=>{var $=B;return ({a:');
    expect(after).toContain('()=>{var $=B;return $[0]*');
  });

  it('counts for each function what it asks for itself: one inside another has its own variable or none', () => {
    const after = same(
      'var f=()=>{var g=()=>$[0]+$[1];return $[0]+$[1]+$[2]+$[3]+g()},h=()=>()=>$[0]+$[1]+$[2]+$[3];result.push(f(),h()());',
    );
    expect(after).toContain('{var $=B,g=()=>B[0]+B[1];');
    expect(after).toContain('()=>()=>{var $=B;return');
  });

  it('keeps both arrays where both are used often, and leaves fields that are called as they are', () => {
    const after = same(
      'for(var i=0;i<4;i++)_[i]=x=>x+1;var o={$:5},f=()=>{return _[0]($[0])+_[1]($[1])+_[2]($[2])+_[3]($[3])+o.$};result.push(f());',
    );
    expect(after).toContain('var _=A,$=B;');
    expect(after).toContain('o.$');
  });
});
