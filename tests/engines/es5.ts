// A script for engines of 2009: TypeScript lowers it, a base class's methods come by the prototype, and typed arrays get `fill`,
// which the engines of guns have.
import ts from 'typescript';

const EXTENDS = `var __extends = function (derived, base) {
  function Link() { this.constructor = derived; }
  Link.prototype = base.prototype;
  derived.prototype = new Link();
};
[Uint8Array, Int32Array, Uint32Array, Uint16Array].forEach(function (Made) {
  if (!Made.prototype.fill) Made.prototype.fill = function (value, from, to) {
    for (var i = from || 0; i < (to === undefined ? this.length : to); i++) this[i] = value;
    return this;
  };
});
`;

/** What an array has from its begin: its zeros, which its constructor does not give it once more. */
const zeros = (call: string): string =>
  `(${call
    .split(',')
    .map((_, at) => `this[${String(at)}]=`)
    .join('')}0)`;

/** Array cannot be called as a base in ES5: what extends it for speed (tools/build/fields.ts) is an object with numbers as names there. */
const withoutArrays = (script: string): string => script.replace(/ extends Array(?=\{)/g, '').replace(/\bsuper\(0(,0)+\)/g, zeros);

/** The same script in ES5. Classes, arrow functions, let, const and templates are lowered; library calls are not. */
export function inEs5(script: string): string {
  const written = { target: 'es5', module: 'none', ignoreDeprecations: '6.0', noEmitHelpers: true, alwaysStrict: false };
  const { options } = ts.convertCompilerOptionsFromJson(written, '.');
  return EXTENDS + ts.transpileModule(withoutArrays(script), { compilerOptions: options }).outputText;
}
