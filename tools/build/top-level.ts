// For Espruino: the script without the function around it. There every function of a function takes one variable more, for its scope, and a
// search through one scope more; a call loads that scope. Source: Espruino 2v29, src/jsparse.c, jspeFunctionDefinitionInternal and
// jspeFunctionCall. The names become the runtime's own globals, which is all right where nothing else runs. Runs at the desk.
import { calledAtOnce } from './syntax.ts';

/** The body of a script that is one function called at once. */
export function atTopLevel(text: string): string {
  const { body } = calledAtOnce(text);
  return `${text.slice(body.start + 1, body.end - 1)}\n`;
}
