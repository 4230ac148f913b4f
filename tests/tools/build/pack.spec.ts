// A script whose variables and functions are elements of two arrays does what it did; what ticks ask for most keeps a name right before them.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { HOT, TEPID, WARM } from '../../../tools/build/hot.ts';
import { FUNCTIONS, NAMED_AS, VARIABLES, packed, withNames } from '../../../tools/build/pack.ts';

const resultOf = (script: string): unknown => runInContext(`var result=[];${script};result.join()`, createContext({}));

/** The result stays; answers the packed script. */
function same(body: string): string {
  const script = `(()=>{${body}})();`;
  const after = packed(script);
  expect(resultOf(after)).toBe(resultOf(script));
  return after;
}

describe('packed', () => {
  it('makes elements of arrays of all variables, in loops and nested blocks too, and of another of the functions', () => {
    const after = same(
      'var f=x=>a+x*b,a=1,b=3,c=f(2);b=10;if(c===7){var d=5}for(var i=0,n=2;i<n;i++)b+=i;for(var k in {p:1})result.push(k);result.push(f(2),a,b,String(d),i);',
    );
    expect(after).toMatch(/^\(\(\)=>\{var \$=\[3,0,1\],G=\[\],_=\[x=>[$G]\[\d\]\+x\*[$G]\[\d\]\];/);
  });

  it('gives those most spoken of the shortest numbers', () => {
    expect(same('var b=2,a=1;a++;a++;a++;result.push(a,b);')).toContain('$[0]++');
  });

  it('leaves parameters and variables of inner functions, whatever they are called, and names of fields', () => {
    const after = same('var a=1,o={a:2,b(){return a}},f=(a,b)=>{var c=a+b;return ()=>c+o.a};result.push(f(3,4)(),o.b(),a);');
    expect(after).toContain('(a,b)=>{var c=a+b;');
    expect(after).toContain('{a:2,b(){return $[');
  });

  it('writes the field out where it and the variable were one word', () => {
    expect(same('var a=7,o={a};result.push(o.a);')).toContain('{a:$[');
  });

  it('tells a variable from one that a catch has under the same name, and from one after it', () => {
    expect(same('var r=x=>x+1,f=()=>{try{return r(1)}catch(r){return String(r)}};result.push(f(),r(2));')).toContain('return _[');
  });

  it('leaves a class that extends another where it stands, behind the one it needs', () => {
    same('class A{m(){return 1}}var B=class{m(){return 2}},C=class extends B{};result.push(new A().m(),new C().m());');
  });

  it('has what is given first in the arrays from the begin, and grows them one by one: no holes', () => {
    expect(same('var a=1,b=2,c=3;result.push(a+b+c);')).toContain('var $=[1,2],G=[3],_=[];result');
    expect(same('var a,b=0,c=3,d;a=d=c;result.push(a+b+c+d);')).toContain('for(;G.push(0),$.push(0)<');
    const makers = withNames('(()=>{var make$Int32Array=n=>new Int32Array(n),a,b=make$Int32Array(5);a=b.length;result.push(a);})();');
    expect(resultOf(packed(makers))).toBe('5');
    expect(packed(makers)).toMatch(/^\(\(\)=>\{var (\$n\d+)=n=>new Int32Array\(n\),\$=\[\],G=\[\1\(5\)\],/);
  });

  it('gives no 0 where a variable begins with one, but does where something may have been given before', () => {
    expect(same('var f=x=>b=x,a=0,b=0,c=1;result.push(a,b,c);')).not.toContain('=0');
    expect(same('var f=x=>b=x,a=f(5),b=0,c=1;result.push(a,b,c);')).toMatch(/\[\d\]=0/);
    expect(same('var a=0;a=2;var b=a;a=0;result.push(a,b);')).toMatch(/\[\d\]=0/);
  });

  it('from 201 variables and 101 functions on leaves what ticks do not ask for its name, before the arrays: no number has three digits', () => {
    const many = (count: number, one: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => one(index)).join(',');
    const script = `var ${many(120, (index) => `f${String(index)}=x=>x+${String(index)}`)},$w0=x=>x*2,${many(250, (index) => `v${String(index)}=${String(index)}`)},$w1=9;
      result.push(${many(120, (index) => `f${String(index)}(1)`)},${many(250, (index) => `v${String(index)}`)},$w0($w1));`;
    const after = same(script);
    expect(after).toContain(',f119,v0=0,v1=1,');
    expect(after).toContain(',v249=249,$=[9],G=[],_=[x=>x*2];f0=x=>x+0,');
    expect(after).not.toMatch(/\[\d{3}\]/);
    expect(same(`var ${many(100, (index) => `f${String(index)}=x=>x`)};result.push(f7(5));`)).not.toContain('f7');
  });

  it('refuses a script that would see that a variable was not set yet', () => {
    expect(() => packed('(()=>{var a,b=a===void 0;})();')).toThrow('0 in an image');
  });
});

describe('withNames', () => {
  const hottest = HOT[HOT.length - 1] ?? '';
  const last = NAMED_AS[NAMED_AS.length - 1] ?? '';

  it('names what ticks ask for most so that it ends up last before the arrays', () => {
    const other = HOT[0] ?? '';
    const script = `(()=>{var ${hottest}=1;var cold=x=>x;var ${other}=x=>x+${hottest};${hottest}=cold(5);result.push(${other}(2));})();`;
    const after = packed(withNames(script));
    expect(resultOf(after)).toBe('7');
    expect(after).toMatch(
      new RegExp(
        `var ${(NAMED_AS[TEPID.length] ?? '').replace('$', '\\$')},${last.replace('$', '\\$')}=1,\\${VARIABLES[0] ?? ''}=\\[\\],\\${VARIABLES[1] ?? ''}=\\[\\],${FUNCTIONS[0] ?? ''}=\\[x=>x\\]`,
      ),
    );
  });

  it('names what ticks hardly ask for so that it ends up first, where it is in no way', () => {
    const [tepid = ''] = TEPID;
    const after = packed(withNames(`(()=>{var ${hottest}=1,${tepid}=0;result.push(${tepid}+${hottest});})();`));
    expect(resultOf(after)).toBe('1');
    expect(after).toContain(`var ${NAMED_AS[0] ?? ''}=0,`);
  });

  it('gives a word of the runtime a second name in the script', () => {
    expect(HOT).toContain('digitalRead');
    const after = withNames('(()=>{var f=x=>digitalRead(x);result.push(f(-3));})();');
    expect(resultOf(`var digitalRead=Math.abs;${after}`)).toBe('3');
    expect(after).toMatch(/=digitalRead;/);
  });

  it('names what the minifier made a variable of the script, and gives the runtime’s words no second name again', () => {
    const first = withNames('(()=>{var f=x=>digitalRead(x);result.push(f(-3));})();');
    expect(withNames(first, false)).toBe(first);
    expect(withNames(`(()=>{var ${hottest}=1;result.push(${hottest});})();`, false)).toContain(`${last}=1`);
  });

  it('has a name for each', () => {
    expect(new Set(NAMED_AS).size).toBe(TEPID.length + HOT.length);
    expect(HOT.filter((name) => TEPID.includes(name) || WARM.includes(name))).toEqual([]);
    expect(TEPID.filter((name) => WARM.includes(name))).toEqual([]);
  });
});
