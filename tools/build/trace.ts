// Sessions of an image as a trace: what the runtime answered, call by call, and a hash of what the image did, tick by tick. Replayed on
// another engine, the same file must give the same hashes. Not responsible for engines (the caller brings one). Runs at the desk.
import { Script, compileFunction, createContext, runInContext } from 'node:vm';
import { PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import { espruinoModel } from '../../sim/runtimes/espruino.ts';
import { kalumaModel } from '../../sim/runtimes/kaluma.ts';
import type { LoopBoard } from '../../sim/runtimes/model.ts';
import { kalumaRestMs } from '../../sim/runtimes/model.ts';
import type { ImageFirmware } from '../image-firmware.ts';
import { espruinoPort } from './harness-espruino.ts';
import { kalumaPort } from './harness-kaluma.ts';
import { recordingHarness, replayingHarness } from './harness.ts';
import type { RuntimeName } from './image.ts';
import { TapeWriter } from './tape-writer.ts';

export interface Trace {
  readonly runtime: RuntimeName;
  /** Answers of the runtime in order of calls: bytes in hexadecimal. */
  tape: string;
  /** One line a tick: hash of its calls and the ms until the next. */
  ticks: string[];
  /** Where in the tape each tick begins; what is before the first is the boot. */
  starts: number[];
}

export const emptyTrace = (runtime: RuntimeName): Trace => ({ runtime, tape: '', ticks: [], starts: [] });

/** An image for a Pico as firmware whose sessions land in `trace`. One power-on only. */
export function recordingFirmware(image: string, trace: Trace): ImageFirmware {
  const { runtime } = trace;
  const boot = (board: LoopBoard): { tick(): number } => {
    const loopMs = board.loopMs ?? ((): number => board.nowMs());
    const tape = new TapeWriter((hex) => (trace.tape += hex));
    const model = runtime === 'kaluma' ? kalumaModel(board, PICO_KALUMA_STORE_SECTOR) : espruinoModel(board);
    const port = runtime === 'kaluma' ? kalumaPort(model.globals, tape) : espruinoPort(model.globals, tape);
    let text = '';
    const incoming = {
      pending: () => tape.number(text.length, 2),
      heard: () => (runtime === 'kaluma' ? tape.runs(Uint8Array.from(Buffer.from(text, 'latin1'))) : tape.text(text)),
    };
    const json = model.globals['JSON'];
    const context = createContext({ port: { ...port, ...incoming }, ...(json === undefined ? {} : { JSON: json }) });
    for (const name of model.missing) runInContext(`delete ${name}`, context);
    runInContext(recordingHarness(runtime), context);
    // Not as a script: see image-firmware.ts.
    (compileFunction(image, [], { parsingContext: context }) as () => void)();
    const run = new Script('pass()');
    return {
      tick: () => {
        const beganMs = loopMs();
        text = board.serial.hear();
        trace.starts.push(trace.tape.length);
        run.runInContext(context);
        const forMs = context['next'] as number;
        trace.ticks.push(`${(context['hash'] as number).toString(16)} ${String(forMs)}`);
        return runtime === 'kaluma' ? kalumaRestMs(beganMs, forMs, loopMs()) : forMs;
      },
    };
  };
  return { runtime, boot };
}

const bytesOf = (hex: string): string => Array.from(Buffer.from(hex, 'hex')).join();

/** What the tape says before the first tick, and in each, as lists of numbers. */
export function tapePieces({ tape, starts }: Trace): { boot: Buffer; ticks: Buffer[] } {
  const pieces = starts.map((from, tick) => Buffer.from(tape.slice(from, starts[tick + 1] ?? tape.length), 'hex'));
  return { boot: Buffer.from(tape.slice(0, starts[0]), 'hex'), ticks: pieces };
}

/** A script that plays the tape to the image and calls `report(line)` once a tick; for any engine with the image's language. */
export const replayScript = (image: string, { runtime, tape }: Trace): string =>
  `${replayingHarness(runtime)}tape = new Uint8Array([${bytesOf(tape)}]);
${image}
while (place < tape.length) report(pass());
`;
