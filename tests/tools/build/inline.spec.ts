// Functions called from one place are put there; what the script does stays the same, whatever returns, loops or names stand in the way.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { inlined } from '../../../tools/build/inline.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** Both scripts have the same result; answers the inlined one. */
function same(body: string): string {
  const script = `(()=>{${body}})();`;
  const after = inlined(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('inlined', () => {
  it('puts a function that is called once in the place of the call', () => {
    const after = same('function add(a,b){var sum=a+b;return sum;}function main(x){var y=add(x,2);result.push(y);}main(1);main(5);');
    expect(after).not.toContain('add');
    expect(after).toContain('main');
  });

  it('makes branches of early returns', () => {
    const body = `function sign(n){if(n<0){if(n<-10)return 'deep';return 'below';}if(n===0)return 'zero';result.push('more');return 'above';}
      function main(n){if(sign(n)==='zero')result.push('was zero');result.push(sign2(n));}function sign2(n){return n+1;}main(-20);main(-2);main(0);main(3);`;
    expect(same(body)).not.toContain('sign(');
  });

  it('makes nothing of a function that falls off its end', () => {
    expect(same('function find(n){if(n>2)return n;}function main(n){var f=find(n);result.push(String(f));}main(1);main(3);')).not.toContain(
      'find(',
    );
  });

  it('takes the returns of a loop only where the caller returns them', () => {
    const loop = 'function first(list){for(var i=0;i<list.length;i++)if(list[i]>2)return i;return -1;}';
    expect(same(`${loop}function main(list){return first(list);}result.push(main([1,5]),main([1]));`)).not.toContain('first(');
    expect(same(`${loop}function main(list){var at=first(list);return at*2;}result.push(main([1,5]),main([1]));`)).toContain('first(');
  });

  it('gives a variable no value of the round before', () => {
    const body =
      'function pick(n){var found;if(n===1)found=7;return found;}function main(){for(var i=0;i<3;i++){var p=pick(i);result.push(String(p));}}main();';
    expect(same(body)).not.toContain('pick(');
  });

  it('keeps apart names that two functions have in common', () => {
    const body =
      'var n=100;function twice(x){var n=x*2;return n;}function main(n,x){x=x+1;var m=twice(n);result.push(n,m,x);}main(4,5);result.push(n);';
    expect(same(body)).not.toContain('twice(');
  });

  it('leaves a function whose own outer names mean something else at the call', () => {
    expect(same('var n=100;function more(x){return x+n;}function main(n){var m=more(n);result.push(m);}main(4);')).toContain('more(');
  });

  it('evaluates in the same order: what stands before the call and may change stays before it', () => {
    const change = 'var n=1;function change(){n=n*10;return n;}';
    expect(same(`${change}function main(){result.push(n+change());}main();main();`)).toContain('change(');
    expect(same(`${change}function main(){var a=n,b=change(),c=n;result.push(a,b,c);}main();main();`)).not.toContain('change(');
    expect(same(`${change}function main(ok){if(ok&&change())result.push(n);}main(0);main(1);`)).toContain('change(');
  });

  it('leaves functions that call themselves, make functions, or are handed on', () => {
    const after = same(`function down(n){return n>0?down(n-1):n;}function make(n){return function(){return n;};}function given(){return 3;}
      function main(){var f=make(5);result.push(down(3),f(),[given].map(function(each){return each();})[0]);}main();`);
    for (const name of ['down', 'make', 'given']) expect(after).toContain(`function ${name}(`);
  });

  it('goes on until nothing is called once: three functions deep', () => {
    const body =
      'function c(n){var k=n+1;return k;}function b(n){var k=c(n);return k*2;}function a(n){var k=b(n);return k-1;}function main(n){var k=a(n);result.push(k);}main(1);main(2);';
    expect(same(body)).not.toMatch(/function [abc]\(/);
  });
});
