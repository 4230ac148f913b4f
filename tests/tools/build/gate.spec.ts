// The gate on a built image catches each thing that an engine lacks or that has no business on a gun, and lets good code through.
import { describe, expect, it } from 'vitest';
import { gate } from '../../../tools/build/gate.ts';

const rules = (text: string, language: 'ES5' | 'ES2015' = 'ES5'): string[] => gate(text, language).map((each) => each.rule);

describe('gate on an image', () => {
  it.each([
    ['an arrow in an ES5 image', 'var f = () => 1;', 'language'],
    ['text that is cut off', 'var a = {', 'language'],
    ['a character that is not ASCII', "var unit = '\u00b5m';", 'ascii'],
    ['a label', 'outer: for (;;) { break outer; }', 'label'],
    ['a regular expression', 'var yes = /x/.test(text);', 'regex'],
    ['a function declared behind another statement', 'var a = f(); function f() { return 1; }', 'hoisting'],
    ['the same in a function', 'function g() { var a = f(); function f() { return 1; } return a; }', 'hoisting'],
    ['a function declared in a block', 'if (a) { function f() {} }', 'hoisting'],
    ['a lowered Error subclass', '__extends(DoseError, Error);', 'error-subclass'],
    ['strict mode', "'use strict'; var a = 1;", 'strict'],
    ['Math.imul', 'var a = Math.imul(2, 3);', 'banned'],
    ['Math.random', 'var a = Math.random();', 'banned'],
    ['Number.isInteger', 'var a = Number.isInteger(2);', 'banned'],
    ['Array.from', 'var a = Array.from(b);', 'banned'],
    ['Object.freeze', 'Object.freeze(a);', 'banned'],
    ['eval', 'eval(text);', 'banned'],
    ['new Function', 'var f = new Function(text);', 'banned'],
    ['a Map', 'var m = new Map();', 'banned'],
    ['the wall clock', 'var t = Date.now();', 'banned'],
    ['console', "console.log('x');", 'banned'],
    ['an interrupt that re-enters the engine', 'attachInterrupt(3, f);', 'banned'],
    ['a debugger statement', 'debugger;', 'test-hook'],
    ['the simulator’s greeting', "serial.write('% mesogun-sim');", 'test-hook'],
    ['a test’s own name', 'gun.__test = 1;', 'test-hook'],
  ])('catches %s', (_, text, rule) => {
    expect(rules(text)).toContain(rule);
  });

  it.each([
    ['an Error subclass', 'class DoseError extends Error {}', 'error-subclass'],
    ['destructuring with a default of ES2018', 'var { ...rest } = a;', 'language'],
    ['optional chaining', 'var b = a?.c;', 'language'],
    ['**', 'var b = a ** 2;', 'language'],
  ])('catches %s in an ES2015 image', (_, text, rule) => {
    expect(rules(text, 'ES2015')).toContain(rule);
  });

  it('lets through functions before all else, methods named like banned globals, and Math.floor', () => {
    expect(
      gate('function f() { return g(); } function g() { return 1; } var a = Math.floor(f()); store.load(a); a.Map = 1;', 'ES5'),
    ).toEqual([]);
    expect(gate('const f = () => 1; class A { load() { return f(); } }', 'ES2015')).toEqual([]);
  });
});
