// What a small function answers stands in the place of its calls; the script does what it did, in the order it did.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { substituted } from '../../../tools/build/substitute.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed script. */
function same(body: string): string {
  const script = `(()=>{${body}})();`;
  const after = substituted(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}
const SINCE = 'function since(now,then){return now-then>>>0;}';

describe('substituted', () => {
  it('puts one expression in the place of each call', () => {
    const after = same(`${SINCE}function main(a,b){return since(a,b)+since(b,a)*2;}result.push(main(7,5),main(1,4294967295));`);
    expect(after).toContain('((a)-(b)>>>0)+((b)-(a)>>>0)*2');
  });

  it('binds what is given as tightly as it was', () => {
    same(`${SINCE}function main(a,b){return -since(a+1,b-(a,2))*since(a?b:a,b);}result.push(main(7,5));`);
  });

  it('asks once for what is asked for once: a field may stand there, a call as well when nothing else can change by it', () => {
    const after = same(
      `${SINCE}var clock={n:9,now(){return this.n++}};function main(a){return since(clock.n,a)+since(clock.now(),a);}result.push(main(5),clock.n);`,
    );
    expect(after).not.toMatch(/[^n] since\(/);
    expect(after).not.toContain('+since(');
  });

  it('leaves a call whose argument is dear and would be asked for twice', () => {
    const twice = 'function square(a){return a*a;}var o={n:3};';
    expect(same(`${twice}function main(){return square(o.n);}result.push(main());`)).toContain('return square(');
    expect(same(`${twice}function main(a){return square(a);}result.push(main(3));`)).not.toContain('return square(');
  });

  it('leaves a call with an argument that changes something which is not always asked for, or which another one sees', () => {
    const pick = 'function pick(a,b){return a?b:0;}var n=0;function next(){n+=1;return n;}';
    expect(same(`${pick}function main(a){return pick(a,next());}result.push(main(0),main(1),n);`)).toContain('pick(a,next())');
    expect(same(`${SINCE}${pick}function main(){return since(n,next());}result.push(main(),n);`)).toContain('since(n,next())');
  });

  it('leaves a function that sets its parameter, is long, recursive, or speaks of a name that means another thing at the call', () => {
    expect(same('function f(a){return a=a+1;}function main(a){return f(a)+a;}result.push(main(1));')).toContain('return f(');
    expect(same('function f(a){return a?f(a-1)+1:0;}function main(a){return f(a);}result.push(main(3));')).toContain('return f(');
    expect(same('var k=2;function f(a){return a*k;}function main(k){return f(k);}result.push(main(5));')).toContain('return f(');
    const long = 'a+1+a+2+a+3+a+4+a+5+a+6+a+7+a+8+a';
    expect(same(`function f(a){return ${long};}function main(a){return f(a);}result.push(main(5));`)).toContain('return f(');
  });

  it('leaves calls with arguments too many or too few, and those of the outermost function itself', () => {
    expect(same(`${SINCE}function main(a){return String(since(a));}result.push(main(5));`)).toContain('since(a)');
    expect(same(`${SINCE}result.push(since(9,4));`)).toContain('since(9,4)');
  });

  it('puts a call inside the arguments of another there too', () => {
    expect(same(`${SINCE}function main(a,b){return since(since(a,b),b);}result.push(main(9,2));`)).not.toContain('return since');
  });
});
