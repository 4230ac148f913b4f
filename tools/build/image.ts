// The image of a board and runtime: one minified file out of firmware/ and hal/. Reproducible: same sources, same bytes.
// Not responsible for what an image may contain (gate.ts) nor for files (commands/build.ts). Runs at the desk.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as esbuildModule from 'esbuild';
import type * as terserModule from 'terser';
import type tsModule from 'typescript';
import { BUILD, FIRMWARE_VERSION, SECURITY_COUNTER } from '../../firmware/version.ts';
import { EXIT_UNEXPECTED, MesogunError } from '../errors.ts';
import { withArrows } from './arrows.ts';
import { withChains } from './chains.ts';
import { coalesced } from './coalesce.ts';
import { withNumbers } from './constants.ts';
import { withArrays } from './fields.ts';
import { flatten } from './flatten.ts';
import { WARM } from './hot.ts';
import { inlined } from './inline.ts';
import { withMadeFirst } from './made-first.ts';
import { withMakers } from './makers.ts';
import { ownNames } from './names.ts';
import { ARRAYS, ARRAY_NAMES, FUNCTIONS, NAMED, NAMED_AS, WARM_AS, keptMaker, packed, withNames } from './pack.ts';
import { withParameters } from './parameters.ts';
import { outerArray, withRegisters } from './registers.ts';
import { withShortNames } from './short-names.ts';
import { substituted } from './substitute.ts';
import { atTopLevel } from './top-level.ts';
import { onlyVars } from './variables.ts';

export const BOARDS = ['pico', 'pico2'] as const;
export const RUNTIMES = ['kaluma', 'espruino'] as const;
export type BoardName = (typeof BOARDS)[number];
export type RuntimeName = (typeof RUNTIMES)[number];

/** What stands beside an image. Hashes are SHA-256, hex. */
export interface Manifest {
  readonly file: string;
  /** As in package.json. */
  readonly version: string;
  readonly board: BoardName;
  readonly runtime: RuntimeName;
  readonly language: 'ES2015';
  readonly bytes: number;
  readonly sha256: string;
  /** What the gun itself says it runs: SHA-256 of the image with zeros for this, its first 16 digits. */
  readonly imageId: string;
  /** Of the sources in firmware/core, by path and text. */
  readonly coreSha256: string;
  /** Of firmware/core/limits.ts. */
  readonly limitsSha256: string;
  readonly securityCounter: number;
}

export interface Image {
  readonly text: string;
  readonly manifest: Manifest;
  /** Bytes of the bundle before minifying that each source brought, by path. */
  readonly inputs: Readonly<Record<string, number>>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Tools {
  readonly esbuild: typeof esbuildModule;
  readonly terser: typeof terserModule;
  readonly ts: typeof tsModule;
}

async function loadTools(): Promise<Tools> {
  try {
    const [esbuild, terser, { default: ts }] = await Promise.all([import('esbuild'), import('terser'), import('typescript')]);
    return { esbuild, terser, ts };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new MesogunError({
      exit: EXIT_UNEXPECTED,
      what: 'the build tools are missing',
      why: why ?? '',
      next: 'npm ci (with its development packages)',
    });
  }
}

/** One script out of an entry and all it imports, in the newest language that needs no library. */
async function bundle(
  tools: Tools,
  entry: string,
  texts: ReadonlyMap<string, string>,
): Promise<{ text: string; inputs: Record<string, number> }> {
  const result = await tools.esbuild.build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2015',
    charset: 'ascii',
    legalComments: 'none',
    treeShaking: true,
    metafile: true,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [
      {
        name: 'changed sources',
        setup: (build) => {
          build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = texts.get(path.slice(ROOT.length));
            return contents === undefined ? null : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const output = Object.values(result.metafile.outputs)[0];
  const inputs = Object.fromEntries(Object.entries(output?.inputs ?? {}).map(([path, each]) => [path, each.bytesInOutput]));
  return { text: result.outputFiles[0]?.text ?? '', inputs };
}

/** A word of Espruino that no name may be. Source: Espruino 2v29, src/jslex.c. */
const WORDS = ['of'];
/** Names of what makes typed arrays where no array has taken them. */
const MAKERS: Readonly<Record<string, string>> = { Int32Array: '$', Uint8Array: '_' };
const plainMaker = (array: string): string => MAKERS[array] ?? '';

/**
 * A function used once stays a function (`reduce_funcs`): put where it is used, it would be made anew at each call. `taken` are names that
 * the script has or will have; null leaves all names as they are.
 */
async function minify(tools: Tools, text: string, names: readonly string[], taken: readonly string[] | null): Promise<string> {
  const result = await tools.terser.minify(text, {
    ecma: 2015,
    toplevel: true,
    compress: { passes: 3, hoist_funs: true, hoist_vars: true, reduce_funcs: false, pure_getters: true },
    mangle: taken !== null && {
      reserved: [...WORDS, ...taken],
      properties: { builtins: true, reserved: WORDS, regex: new RegExp(`^(${names.join('|')})$`) },
    },
    format: { ascii_only: true, semicolons: true, comments: false, ecma: 2015 },
  });
  return withArrows(result.code ?? '');
}

/** Writes into an image what `info` answers. Throws when the place for it is not there exactly once: then no hash could be checked. */
function stamp(text: string, limitsSha256: string): { text: string; imageId: string } {
  const blank = BUILD.slice(0, 25);
  const zeros = blank.slice(0, 17);
  if (text.split(blank).length !== 2) throw new Error('the image has no place for its own hash');
  const limited = text.replace(blank, zeros + limitsSha256.slice(0, 8));
  const imageId = sha256(limited).slice(0, 16);
  return { text: limited.replace(zeros, `${imageId} `), imageId };
}

/** SHA-256 over the core's sources that are in the bundle, in order of path. */
function coreHash(paths: readonly string[]): string {
  const core = paths.filter((path) => path.startsWith('firmware/core/')).sort();
  return sha256(core.map((path) => `${path}\n${readFileSync(ROOT + path, 'utf8')}`).join('\n'));
}

/** With fewer variables, parameters in the place of them, and the shortest names. */
function shortened(text: string, isPacked: boolean): string {
  if (!isPacked) return withShortNames(withParameters(coalesced(text), []));
  const few = coalesced(text, ARRAYS);
  return withShortNames(FUNCTIONS.reduce((each, name) => withParameters(each, [name, outerArray(ARRAYS, name)]), few));
}

const versionText = (n: number): string => `${Math.floor(n / 10_000)}.${Math.floor(n / 100) % 100}.${n % 100}`;

/** Builds one image. With `isReadable` names stay: to look at, never to flash. Throws MesogunError when the build tools are not installed. */
export async function buildImage(board: BoardName, runtime: RuntimeName, isReadable = false): Promise<Image> {
  const tools = await loadTools();
  const entry = `firmware/images/${board}-${runtime}.ts`;
  const paths = Object.keys((await bundle(tools, entry, new Map())).inputs);
  const { texts, prelude } = flatten(tools.ts, ROOT, paths);
  const { text: bundled, inputs } = await bundle(tools, entry, texts);
  const limitsSha256 = sha256(readFileSync(`${ROOT}firmware/core/limits.ts`, 'utf8'));
  const script = inlined(substituted(withNumbers(onlyVars(`(()=>{${prelude}\n${bundled}})();`))));
  const isPacked = runtime === 'kaluma' && !isReadable;
  const own = ownNames(tools.ts, ROOT, paths);
  const kept = isPacked ? withNames(withArrays(script, own)) : script;
  const taken = isPacked ? [...ARRAY_NAMES, ...NAMED_AS, ...WARM_AS, ...NAMED, ...WARM] : Object.values(MAKERS);
  const minified = await minify(tools, kept, own, isReadable ? null : taken);
  // Once more: the minifier has put functions with variables of their own in the place of their calls.
  const numbered = withNumbers(isPacked ? withNames(minified, false) : minified);
  const maker = isPacked ? keptMaker : plainMaker;
  const small = withChains(withMadeFirst(withMakers(numbered, maker), Object.keys(MAKERS).map(maker)));
  const whole = isPacked ? withRegisters(packed(small), ARRAYS) : small;
  const short = isReadable ? whole : shortened(whole, isPacked);
  const unstamped = runtime === 'kaluma' ? short : atTopLevel(short);
  const { text, imageId } = stamp(unstamped, limitsSha256);
  const manifest: Manifest = {
    file: `mesogun-${board}-${runtime}.js`,
    version: versionText(FIRMWARE_VERSION),
    board,
    runtime,
    language: 'ES2015',
    bytes: text.length,
    sha256: sha256(text),
    imageId,
    coreSha256: coreHash(Object.keys(inputs)),
    limitsSha256,
    securityCounter: SECURITY_COUNTER,
  };
  return { text, manifest, inputs };
}
