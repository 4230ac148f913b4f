// Objects whose fields are their own become arrays; what the script does stays the same.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withArrays } from '../../../tools/build/fields.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the changed script. */
function same(body: string, own = ['a', 'b', 'c', 'd', 'e']): string {
  const script = `(()=>{${body}})();`;
  const after = withArrays(script, own);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}
const POINT = 'class P{constructor(a,b){this.a=a;this.b=b}}';

describe('withArrays', () => {
  it('makes fields elements, wherever they are asked for', () => {
    const after = same(`${POINT}var f=(p)=>p.a*(p||0).b++;var p=new P(3,4);f(p);result.push(f(p),p.a,p.b);`);
    expect(after).toContain('class P extends Array{constructor(a,b){super(0,0);this[0]=a;this[1]=b}}');
    expect(after).toContain('p[0]*(p||0)[1]++');
  });

  it('gives a class with a base places behind those of its base, two beside each other the same ones', () => {
    const after = same(
      `${POINT}class Q extends P{constructor(c){super(1,2);this.c=c}}class R extends P{constructor(d){super(3,4);this.d=d}sum(){return this.a+this.d}}
      var q=new Q(5),r=new R(6);result.push(q.a,q.b,q.c,r.a,r.b,r.d,r.sum());`,
    );
    expect(after).toContain('super(0,0,0');
    expect(after).toContain('class Q extends P{constructor(c){super(1,2);this[2]=c}}');
  });

  it('gives a name that two families share one place', () => {
    same(`${POINT}class X{constructor(){this.c=1;this.b=2}}var p=new P(3,4),x=new X();result.push([p,x].map((each)=>each.b),p.a,x.c);`);
  });

  it('leaves a class that shares a name with an object, a method or what the runtime knows, and with it all that share a name with that', () => {
    const after = same(
      `${POINT}class X{constructor(){this.b=1;this.c=2}}class Y{constructor(){this.d=3}}var o={a:9},p=new P(3,4),x=new X(),y=new Y();
      result.push(o.a,p.a,p.b,x.b,x.c,y.d);`,
    );
    expect(after).toContain(POINT);
    expect(after).toContain('class X{');
    expect(after).toContain('class Y extends Array');
    expect(same('class L{constructor(){this.length=7}}result.push(new L().length);')).not.toContain('Array');
    expect(
      same('class M{constructor(){this.a=7}e(){return 1}}class N{constructor(){this.e=1}}result.push(new M().e(),new N().e);'),
    ).toContain('class N{');
  });

  it('gives no field a 0 that nothing was given before: it is there from the begin', () => {
    expect(same('class O{constructor(a){this.a=0;this.b=a;this.c=0}}var o=new O(5);result.push(o.a,o.b,o.c);')).toContain(
      '{super(0,0,0);this[1]=a;}',
    );
    const set = 'var set=(o)=>{o.b=7};class O{constructor(){this.a=1;this.a=0;set(this);this.b=0}}var o=new O();result.push(o.a,o.b);';
    expect(same(set)).toContain('this[0]=1;this[0]=0;set(this);this[1]=0');
  });

  it('makes room for two where there is one field: one number alone would be a length', () => {
    expect(same('class O{constructor(a){this.a=a}}result.push(new O(5).a);')).toContain('super(0,0)');
  });
});
