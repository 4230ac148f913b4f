// What happens to the sources of an image before they are bundled and after they are shortened: objects of which there is one become
// variables, block scopes become names, functions become arrows; the script still does the same.
import { createContext, runInContext } from 'node:vm';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { withArrows } from '../../../tools/build/arrows.ts';
import type { Flattened } from '../../../tools/build/flatten.ts';
import { flatten } from '../../../tools/build/flatten.ts';
import { onlyVars } from '../../../tools/build/variables.ts';

const resultOf = (script: string): unknown => runInContext(`${script}\nresult`, createContext({}));

/** Flattens those files, `main.ts` being the entry, and runs what comes out: the value of its `result`. */
function flattened(files: Readonly<Record<string, string>>): Flattened & { result: unknown } {
  const root = `${mkdtempSync(join(tmpdir(), 'mesogun-flatten-'))}/`;
  try {
    const config = {
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2015'],
        module: 'NodeNext',
        strict: true,
        noEmit: true,
        types: [],
        allowImportingTsExtensions: true,
      },
    };
    writeFileSync(`${root}tsconfig.device.json`, JSON.stringify(config));
    writeFileSync(`${root}package.json`, '{"type":"module"}');
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, text);
    };
    for (const [path, text] of Object.entries(files)) write(path, text);
    const flat = flatten(ts, root, Object.keys(files));
    for (const [path, text] of flat.texts) write(path, text);
    const bundled = buildSync({ entryPoints: [`${root}main.ts`], bundle: true, write: false, format: 'iife', target: 'es2015' });
    return { ...flat, result: resultOf(`var result;${flat.prelude}${bundled.outputFiles[0]?.text ?? ''}`) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const COUNTER = `export class Counter {
  private count = 0;
  private readonly step: number;
  constructor(step: number) { this.step = step; }
  add(): number { this.count += this.step; return this.count; }
  get total(): number { return this.count; }
}
`;
const USE = `import { Counter } from './counter.ts';
declare let result: unknown;
`;

describe('flatten', () => {
  it('makes variables and functions of a class that is made once: no class, no this', () => {
    const flat = flattened({
      'counter.ts': COUNTER,
      'main.ts': `${USE}const one = new Counter(3); one.add(); one.add(); result = one.total;`,
    });
    expect(flat.result).toBe(6);
    expect(flat.kept).toEqual([]);
    expect(flat.prelude).toContain('Counter$count=0');
    expect([...flat.texts.values()].join('')).not.toMatch(/class|this/);
  });

  it('gives a field from the start what its constructor gives it, when that is plain and nobody can have set it before', () => {
    const source = `export class One { a: number; b: number; c: number; d: number;
  constructor(n: number) { this.a = 0; this.b = n; this.c = this.b; this.c = 1; this.set(); this.d = 2; }
  set(): void { this.d = 9; }
  sum(): string { return [this.a, this.b, this.c, this.d].join('/'); } }\n`;
    const flat = flattened({
      'one.ts': source,
      'main.ts': `import { One } from './one.ts';\ndeclare let result: unknown;\nresult = new One(5).sum();`,
    });
    expect(flat.result).toBe('0/5/1/2');
    expect(flat.prelude).toContain('One$a=0');
    expect(flat.prelude).toMatch(/One\$c[,;]/);
    expect(flat.prelude).toMatch(/One\$d[,;]/);
    expect(flat.texts.get('one.ts')).not.toContain('One$a =');
  });

  it('takes a constant by its name and a value with a type for plain, and leaves what is reckoned to the constructor', () => {
    const source = `const NONE = -1;
export class Place { private seen = NONE; private at: number; private later: number;
  constructor(more: number) { this.at = 7 as number; this.later = more + 1; }
  sum(): string { return [this.seen, this.at, this.later].join('/'); } }\n`;
    const flat = flattened({
      'place.ts': source,
      'main.ts': `import { Place } from './place.ts';\ndeclare let result: unknown;\nresult = new Place(5).sum();`,
    });
    expect(flat.result).toBe('-1/7/6');
    expect(flat.prelude).toContain('Place$seen=-1');
    expect(flat.prelude).toContain('Place$at=7');
    expect(flat.prelude).toMatch(/Place\$later[,;]/);
  });

  it('keeps the objects of a class that is made twice, in a loop, or in a function that is called twice; its methods are functions', () => {
    const twice = `${USE}const a = new Counter(1); const b = new Counter(5); a.add(); b.add(); result = a.total + b.total;`;
    const loop = `${USE}let sum = 0; for (let i = 1; i < 3; i++) { const one = new Counter(i); sum += one.add(); } result = sum;`;
    const called = `${USE}function make(step: number): Counter { return new Counter(step); } result = make(2).add() + make(4).add();`;
    for (const [main, value] of [
      [twice, 6],
      [loop, 3],
      [called, 6],
    ] as const) {
      const flat = flattened({ 'counter.ts': COUNTER, 'main.ts': main });
      expect(flat.result).toBe(value);
      const left = flat.texts.get('counter.ts') ?? '';
      expect(left).toMatch(/class Counter \{[^]*this\.step = step;[^]*get total\(\)/);
      expect(left).toContain('function Counter$add(self) { self.count += self.step; return self.count; }');
    }
  });

  it('leaves a method where a call may mean another: overridden, behind an interface with two, handed on', () => {
    const classes = `export class Base { n = 1; constructor(by: number) { this.n = by; } next(): number { return this.n + 1; } all(): number { return this.next() + this.own(); } own(): number { return 100; } }
export class Heir extends Base { override next(): number { return super.next() * 10; } }
export class Other { next(): number { return 7; } alone(): number { return 1000; } }
`;
    const main = `import { Base, Heir, Other } from './classes.ts';\ndeclare let result: unknown;\ninterface Nexts { next(): number }
const ask = (one: Nexts): number => one.next();\nconst others = [new Other(), new Other()];
result = [new Base(1).all(), new Base(2).all(), new Heir(3).all(), new Heir(4).all(), ask(others[0] as Other), (others[1] as Other).alone()].join();`;
    const flat = flattened({ 'classes.ts': classes, 'main.ts': main });
    expect(flat.result).toBe('102,103,140,150,7,1000');
    const left = flat.texts.get('classes.ts') ?? '';
    expect(left.match(/function \w+\$\w+/g)).toEqual(['function Base$all', 'function Base$own', 'function Other$alone']);
  });

  it('joins a chain of base classes, with what is overridden and super', () => {
    const base = 'export class Base { protected n = 1; constructor(by: number) { this.n = by; } next(): number { return this.n + 1; } }\n';
    const heir = `import { Base } from './base.ts';\nexport class Heir extends Base { private readonly list = [this.n]; override next(): number { return super.next() * 10 + this.list.length; } }\n`;
    const main = `import { Heir } from './heir.ts';\nimport type { Base } from './base.ts';\ndeclare let result: unknown;\nconst ask = (base: Base): number => base.next();\nresult = ask(new Heir(4));`;
    const flat = flattened({ 'base.ts': base, 'heir.ts': heir, 'main.ts': main });
    expect(flat.result).toBe(51);
    expect(flat.kept).toEqual([]);
  });

  it('looks through an interface with one class behind it, and keeps the object when something else may stand there', () => {
    const shape = `interface Adds { add(): number }\nconst ask = (what: Adds): number => what.add();\n`;
    const alone = flattened({ 'counter.ts': COUNTER, 'main.ts': `${USE}${shape}result = ask(new Counter(2));` });
    expect(alone.result).toBe(2);
    expect(alone.kept).toEqual([]);
    const given = `${USE}${shape}class Asker { constructor(what: Adds) { result = what.add(); } }\nnew Asker(new Counter(7));`;
    expect(flattened({ 'counter.ts': COUNTER, 'main.ts': given }).result).toBe(7);
    const shared = flattened({ 'counter.ts': COUNTER, 'main.ts': `${USE}${shape}result = ask(new Counter(2)) + ask({ add: () => 40 });` });
    expect(shared.result).toBe(42);
    expect(shared.kept).toHaveLength(1);
    expect(shared.kept[0]).toContain('add is in Adds');
  });

  it('refuses to ask whether two typed arrays are one, naming the line: Espruino says yes of two that hold the same', () => {
    const asks = (what: string): string => `declare let result: unknown;\nconst a = new Uint8Array(2);\nlet b = a;\nresult = ${what};`;
    expect(() => flattened({ 'main.ts': asks('a !== b') })).toThrow(/main\.ts:4: Espruino takes two typed arrays/);
    expect(flattened({ 'main.ts': asks('a[0] === b[0] && a.length === 2') }).result).toBe(true);
  });

  it('asks with == where both sides are numbers or both truth values, or not there; with === of all else', () => {
    const asks = ['a: number, b: number | undefined', 'a: number & { readonly unit?: 1 }, b: 0 | 1', 'a: boolean, b: boolean'];
    const others = ['a: number, b: number | string', 'a: string, b: string', 'a: number, b: unknown', 'a: number | null, b: number'];
    const empty = ['a: undefined, b: null | undefined', 'a: boolean, b: 0 | true', 'a: any, b: number'];
    const of = (types: string, index: number): string => `const ask${String(index)} = (${types}): unknown => a === b;`;
    const main = `declare let result: unknown;\nresult = 1;\n${[...asks, ...others, ...empty].map(of).join('\n')}`;
    const text = flattened({ 'main.ts': main }).texts.get('main.ts') ?? '';
    expect(text.split('\n').map((line) => /a (=+) b/.exec(line)?.[1])).toEqual([
      ...[undefined, undefined],
      ...asks.map(() => '=='),
      ...[...others, ...empty].map(() => '==='),
    ]);
  });

  it('refuses a cast that makes a number of something else, naming the line, but not of one that may not be there, nor where a bit operator takes it', () => {
    const cast = (type: string): string => `declare let result: unknown;\ndeclare const some: ${type};\nresult = () => some as number;`;
    expect(() => flattened({ 'main.ts': cast('unknown') })).toThrow(/main\.ts:3: a cast makes a number/);
    expect(() => flattened({ 'main.ts': cast('string | number') })).toThrow('a cast makes a number');
    expect(flattened({ 'main.ts': cast('number | undefined') }).result).toBeTypeOf('function');
    const bits =
      'declare let result: unknown;\nconst isInt = (some: unknown): boolean => ((some as number) | 0) === some;\nresult = isInt(7);';
    expect(flattened({ 'main.ts': bits }).result).toBe(true);
  });
});

describe('onlyVars', () => {
  it('keeps apart what blocks keep apart', () => {
    const script = `var result = (function (a) {
      let sum = a;
      for (let i = 0; i < 2; i++) { const a = 10; sum += a + i; }
      switch (a) { case 1: let a = 10000; sum += a; }
      if (sum) { let i = 100; sum += i; { let i = 1000; sum += i; } sum += i; }
      try { throw 5; } catch (a) { sum += a; }
      return sum + a;
    })(1);`;
    const only = onlyVars(script);
    expect(resultOf(script)).toBe(11228);
    expect(resultOf(only)).toBe(11228);
    expect(only).not.toMatch(/\b(let|const)\b/);
  });

  it('refuses a function that keeps a variable of a loop', () => {
    expect(() => onlyVars('var fs = []; for (let i = 0; i < 3; i++) { const k = i; fs.push(() => k); }')).toThrow('k: a function keeps');
  });
});

describe('withArrows', () => {
  it('makes arrows of the functions at the head, but not of one that has a this', () => {
    const script =
      '(()=>{function a(t){return t+1}function b(t,n){return{t,n}}function c(){this.x=1}var d=b(a(1),2);result=d.t+d.n+new c().x})();';
    const arrows = withArrows(script);
    expect(arrows).toBe('(()=>{var a=t=>t+1,b=(t,n)=>({t,n});function c(){this.x=1}var d=b(a(1),2);result=d.t+d.n+new c().x})();\n');
    expect(resultOf(`var result;${arrows}`)).toBe(5);
  });
});
