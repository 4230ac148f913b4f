// Variables become parameters that nobody gives; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withParameters } from '../../../tools/build/parameters.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed functions. The array of functions is A, in functions `_` too. */
function same(functions: string, use: string): string {
  const script = `(()=>{var B=[3,4],A=[${functions}];${use}})();`;
  const after = withParameters(script, ['_', 'A']);
  expect(resultOf(after)).toBe(resultOf(script));
  return after.slice(after.indexOf('A=[') + 3, after.indexOf(`];${use}`));
}

describe('withParameters', () => {
  it('makes parameters of variables, and an expression of what is left when that is a return', () => {
    expect(same('x=>{var y,z;return y=x+1,z=y*2,y+z}', 'result.push(A[0](4));')).toBe('(x,y,z)=>(y=x+1,z=y*2,y+z)');
    expect(same('()=>{var y=5,z;for(z=0;z<3;z++)y+=z;return y}', 'result.push(A[0]());')).toBe(
      '(y,z)=>{y=5;for(z=0;z<3;z++)y+=z;return y}',
    );
    expect(same('()=>{var o;return o=B[0],{o}}', 'result.push(A[0]().o);')).toBe('o=>(o=B[0],{o})');
  });

  it('leaves the text where it would be no shorter', () => {
    const longer = '(x,n)=>{var _=A,a=x+1,b=a*2,c=b-x;n&&result.push(_.length);return a+b+c}'.replace('_.length', '_[1](3)');
    expect(same(`${longer},x=>x`, 'result.push(A[0](4,1),A[1](2));')).toBe(`${longer},x=>x`);
  });

  it('leaves a function that a call gives more than it takes, one that is handed on, and one that is no arrow', () => {
    const one = '()=>{var y;return y=B[1],y}';
    expect(same(one, 'result.push(A[0](7));')).toBe(one);
    expect(same(one, 'result.push([1,2].map(A[0]));')).toBe(one);
    expect(same(one, 'result.push(A[0](...[7]));')).toBe(one);
    const plain = 'function(){var y;return y=arguments.length,y}';
    expect(same(plain, 'result.push(A[0](7));')).toBe(plain);
    expect(same(`${one},x=>{var _=A;return _[0](x)}`, 'result.push(A[1](7));')).toBe(`${one},(x,_)=>(_=A,_[0](x))`);
  });

  it('does the same to functions that have a name, unless one is set again, handed on, or given more than it takes', () => {
    const named = (declared: string, use: string): string => {
      const script = `(()=>{var ${declared};${use}})();`;
      const after = withParameters(script, []);
      expect(resultOf(after)).toBe(resultOf(script));
      return after.slice('(()=>{var '.length, after.indexOf(`;${use}`));
    };
    const one = 'f=x=>{var y;return y=x+1,y*2}';
    expect(named(one, 'result.push(f(4),f());')).toBe('f=(x,y)=>(y=x+1,y*2)');
    expect(named(`${one},g=f`, 'result.push(g(4,7));')).toBe(`${one},g=f`);
    expect(named(one, 'result.push(f(4,7));')).toBe(one);
    expect(named(one, 'result.push([1,2].map(f));')).toBe(one);
    expect(named(one, 'f=x=>x;result.push(f(4));')).toBe(one);
    expect(named(`${one},g=f=>f(1,2)`, 'result.push(g(f),f(1));')).toBe(`${one},g=f=>f(1,2)`);
  });

  it('declares a variable that is a parameter too but once', () => {
    expect(same('x=>{var x,y;return y=x,y}', 'result.push(A[0](7));')).toBe('(x,y)=>(y=x,y)');
    expect(same('x=>{var x=x+1,y=x;return y*x}', 'result.push(A[0](7));')).toBe('(x,y)=>(x=x+1,y=x,y*x)');
  });

  it('refuses an array of functions that is handed on, or of which one is chosen by a sum', () => {
    expect(() => withParameters('(()=>{var A=[x=>x];result.push(A.length,A[0](1));})();', ['A'])).toThrow('chosen by a number');
    expect(() => withParameters('(()=>{var A=[x=>x],b=1;result.push(A[b](1));})();', ['A'])).toThrow('chosen by a number');
    expect(() => withParameters('(()=>{var A=[x=>x];result.push(A);})();', ['A'])).toThrow('A: the functions are handed on');
  });
});
