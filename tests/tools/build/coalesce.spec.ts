// Variables that are never needed at the same time become one; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { coalesced } from '../../../tools/build/coalesce.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays for all calls; answers the changed function. */
function same(code: string, ...calls: readonly string[]): string {
  const script = `(()=>{var f=${code},g=7;${calls.map((each) => `result.push(f(${each}));`).join('')}})();`;
  const after = coalesced(script, ['kept']);
  expect(resultOf(after)).toBe(resultOf(script));
  return after.slice('(()=>{var f='.length, after.indexOf(',g=7;'));
}

describe('coalesced', () => {
  it('puts a variable in the place of one that nobody asks for any more, a parameter too', () => {
    expect(same('(x,y)=>{var a=x+y,b=a*2,c=b-1;return c}', '1,2')).toBe('(x,y)=>{var x=x+y,x=x*2,x=x-1;return x}');
    expect(same('x=>{var a,b;return a=x+1,x&&(b=a*2),b||a}', '0', '3')).toBe('x=>{var a,b;return a=x+1,x&&(b=a*2),b||a}');
  });

  it('keeps apart what is asked for later, on any way', () => {
    expect(same('x=>{var a=x+1,b=x+2;return a*b}', '3')).toBe('x=>{var a=x+1,x=x+2;return a*x}');
    expect(same('x=>{var a,b=5;if(x){a=b;b=x}else a=2;return a+b}', '0', '3')).toContain('return a+');
    expect(same('x=>{var a=1,b;switch(x){case 0:a=2;case 1:b=a;break;default:b=x}return a*10+b}', '0', '1', '2')).toContain('a*10+');
  });

  it('keeps what a loop needs in its next round, and after break and continue', () => {
    same('n=>{for(var i=0,s=0,t=1,u;i<n;i++){u=s+t;s=t;t=u}return s}', '1', '9');
    same('n=>{var i=0,a,b=3;for(;;){a=b+i;if(a>n)break;i++;if(i&1)continue;b=a}return a*100+b}', '2', '20');
    same('n=>{var i=0,a=0,b;do{b=a;a=i*2;i++}while(b<n);return a+b*100+i*1e4}', '9');
    same('n=>{var k,s="",v;for(k in n)v=k+1,s+=v;return s+v}', '{a:1,b:2}');
    same('n=>{var k,s=0,v;for(k of n){if(v)s+=v;v=k}return s}', '[1,2,3]');
  });

  it('keeps what is undefined until it is set, beside a parameter that is not', () => {
    expect(same('(x,y)=>{var a;if(x)a=1;return a}', '0,5', '1,5')).toContain('return a');
    same('n=>{var i,last,out="";for(i=0;i<n;i++){out+=last;last=i}return out}', '3');
  });

  it('keeps an operand until the operation is done: Espruino asks for it only then', () => {
    expect(same('x=>{var a;return x+(a=x*2,a+1)}', '3')).toBe('x=>{var a;return x+(a=x*2,a+1)}');
    expect(same('(x,y)=>{var a;return x[y]=(a=y*2,a+1),x}', '[1,2,3],1')).toContain('x[y]=(a=');
  });

  it('keeps what an error may need', () => {
    const after = same('x=>{var a=1,b;try{a=2;b=x.y.z;a=b}catch(e){return a}return b}', '{}', '{y:{z:8}}');
    expect(after).toContain('catch(e){return a}');
  });

  it('leaves what a function within asks for, names that are kept, and functions with arguments of their own', () => {
    const code = 'x=>{var a=x+1,h=()=>a,b=3;return h()+b}';
    expect(same(code, '4')).toContain('()=>a');
    expect(same('x=>{var kept=x+1,b=kept+1;return b}', '4')).toBe('x=>{var kept=x+1,x=kept+1;return x}');
    const plain = 'function(x){var a=x+1,b=a+1;return b+arguments.length}';
    expect(same(plain, '4')).toBe(plain);
  });

  it('names the field where a short one held the variable, and declares nothing twice', () => {
    expect(same('x=>{var a=x,b;return b={a},b.a}', '4')).toBe('x=>{var x=x;return x={a:x},x.a}');
    expect(same('x=>{var a,b;return x?(a=x+1,a*2):(b=x-1,b*3)}', '0', '4')).toBe('x=>{return x?(x=x+1,x*2):(x=x-1,x*3)}');
  });

  it('leaves the variables of the outermost function', () => {
    const script = '(()=>{var a=1,b=a+1,c=b+1;result.push(c)})();';
    expect(coalesced(script)).toBe(script);
  });
});
