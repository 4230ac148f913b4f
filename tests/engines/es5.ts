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

/** The same script in ES5. Classes, arrow functions, let, const and templates are lowered; library calls are not. */
export function inEs5(script: string): string {
  const written = { target: 'es5', module: 'none', ignoreDeprecations: '6.0', noEmitHelpers: true, alwaysStrict: false };
  const { options } = ts.convertCompilerOptionsFromJson(written, '.');
  return EXTENDS + ts.transpileModule(script, { compilerOptions: options }).outputText;
}
