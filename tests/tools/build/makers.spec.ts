// Typed arrays are made by a function a kind; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withMakers } from '../../../tools/build/makers.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed script. Only Int32Array has a name for what makes it, `$`. */
function same(body: string): string {
  const script = `(()=>{${body}})();`;
  const after = withMakers(script, (array) => (array === 'Int32Array' ? '$' : ''));
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}
const FOUR =
  'var a=new Int32Array(4),b=new Int32Array([1,2]),c=new Int32Array(b.length);result.push(a.length,b[1],c[1],new Int32Array(1)[0]);';

describe('withMakers', () => {
  it('makes four arrays of one kind with one function, in the declaration at the head', () => {
    const after = same(FOUR);
    expect(after).toBe('(()=>{var $=n=>new Int32Array(n),a=$(4),b=$([1,2]),c=$(b.length);result.push(a.length,b[1],c[1],$(1)[0]);})();');
    expect(same(`result.push(0);${FOUR}`)).toContain('{var $=n=>new Int32Array(n);result');
  });

  it('leaves three of a kind, one with two arguments, a kind without a name for its maker, and other classes', () => {
    const three = 'result.push(new Int32Array(3),new Int32Array(2),new Int32Array(1));';
    const view = 'var room=new ArrayBuffer(8),v=new Int32Array(room,4);result.push(v.length);';
    const other = 'for(var i=0;i<4;i++)result.push(new Uint8Array(2),new Uint8Array(i),new Uint8Array(1),new Uint8Array(5));';
    const others = 'result.push(new Array(1),new Array(2),new Array(3),new Array(4));';
    for (const body of [three, view, other, others]) expect(same(body)).toBe(`(()=>{${body}})();`);
  });

  it('leaves a class of the script by such a name', () => {
    expect(same(`class Int32Array{constructor(n){this.length=n;this[0]=7}}${FOUR}`)).not.toContain('$');
  });
});
