// The gate on a built image catches each thing that an engine lacks or that has no business on a gun, and lets good code through.
import { describe, expect, it } from 'vitest';
import { gate } from '../../../tools/build/gate.ts';

const rules = (text: string): string[] => gate(text).map((each) => each.rule);

describe('gate on an image', () => {
  it.each([
    ['let', 'let a = 1;', 'language'],
    ['const', 'const a = 1;', 'language'],
    ['destructuring', 'var { b } = a;', 'language'],
    ['a default parameter', 'var f = (a = 1) => a;', 'language'],
    ['a rest parameter', 'var f = (...a) => a;', 'language'],
    ['spread', 'f(...a);', 'language'],
    ['a computed name', 'var a = { [b]: 1 };', 'language'],
    ['a generator', 'function* f() {}', 'language'],
    ['a variable called of, a word of Espruino', 'var of = 1;', 'language'],
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
    ['a watch', 'setWatch(f, pin);', 'banned'],
    ['a text of 49 153 bytes, one above the budget', `var a='${'x'.repeat(49_153 - 9)}';`, 'size'],
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
  ])('catches %s', (_, text, rule) => {
    expect(rules(text)).toContain(rule);
  });

  it('lets through functions before all else, methods named like banned globals, Math.floor, and a text of 49 152 bytes', () => {
    expect(gate('function f() { return g(); } function g() { return 1; } var a = Math.floor(f()); store.load(a); a.Map = 1;')).toEqual([]);
    expect(gate(`var a='${'x'.repeat(49_152 - 9)}';`)).toEqual([]);
    expect(gate('var f = () => 1; class A { load() { return `${f()}`; } }')).toEqual([]);
  });
});
