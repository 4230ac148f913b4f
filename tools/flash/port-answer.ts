// Who is at a port: a gun that speaks the link, the console of a runtime, or nobody. Reads only: hello and status of a gun; version, board
// and serial number at a console. Not responsible for which ports are asked (commands/ports.ts). Runs at the desk.
import { STATE_NAMES } from '../../firmware/core/states.ts';
import type { BoardName, RuntimeName } from '../build/image.ts';
import { versionText } from '../device/info.ts';
import { meetDevice } from '../device/open-device.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { Link } from '../link.ts';
import { parsePort } from '../transports/port.ts';
import { openSerial } from '../transports/serial.ts';
import { openTcp } from '../transports/tcp.ts';
import type { Transport } from '../transports/transport.ts';
import { wallClock } from './clock.ts';
import { askRuntime, hearsGun } from './detect.ts';
import { Espruino } from './espruino.ts';
import { Kaluma } from './kaluma.ts';
import { Talk } from './talk.ts';

export type PortAnswer =
  | { readonly who: 'gun'; readonly board: string; readonly device: number; readonly firmware: string; readonly state: string }
  | {
      readonly who: 'console';
      readonly runtime: RuntimeName;
      readonly version: string;
      readonly board: BoardName | null;
      readonly uid: string;
    }
  | { readonly who: 'nobody'; readonly why: string };

/** Wall time without any line after which a gun counts as gone. Chosen: four heartbeats. */
const SILENT_FOR_MS = 2000;

/** A console of a board: no line is sent at its opening. Throws MesogunError 2 for `sim:`, 4 for a port that does not open. */
export async function openConsole(portText: string): Promise<Transport> {
  const port = parsePort(portText);
  if (port.kind === 'tcp') return openTcp(port.host, port.port);
  if (port.kind === 'serial') return openSerial(port.path, '');
  throw new MesogunError({
    exit: EXIT_USAGE,
    what: 'the virtual gun has no console',
    next: 'mesogun run --image FILE runs an image on it',
  });
}

async function gunAt(transport: Transport, port: string): Promise<PortAnswer> {
  const link = new Link(transport, { silentForMs: SILENT_FOR_MS });
  try {
    const { hello, status } = await meetDevice(link, port);
    const state = STATE_NAMES[status['state'] ?? -1] ?? 'unknown';
    return { who: 'gun', board: hello.board, device: hello.device, firmware: versionText(hello.firmware), state };
  } finally {
    await link.close();
  }
}

async function consoleAt(talk: Talk): Promise<PortAnswer> {
  const runtime = await askRuntime(talk);
  const { version, board, uid } = await (runtime === 'kaluma' ? new Kaluma(talk) : new Espruino(talk)).enter();
  return { who: 'console', runtime, version, board, uid };
}

/** Opens, listens, asks, closes. A port that does not open, or where nobody is, is an answer too; only a wrong `portText` throws. */
export async function answerAt(portText: string): Promise<PortAnswer> {
  try {
    const transport = await openConsole(portText);
    const talk = new Talk(transport, wallClock);
    try {
      return (await hearsGun(talk)) ? await gunAt(talk.release(), portText) : await consoleAt(talk);
    } finally {
      await talk.close();
    }
  } catch (error) {
    if (!(error instanceof MesogunError) || error.exit === EXIT_USAGE) throw error;
    return { who: 'nobody', why: error.why === undefined ? error.message : `${error.message}: ${error.why}` };
  }
}

/** For people, a few words. */
export function answerSays(answer: PortAnswer): string {
  if (answer.who === 'nobody') return answer.why;
  if (answer.who === 'gun') return `gun ${answer.device}, ${answer.board}, firmware ${answer.firmware}, ${answer.state}`;
  const { runtime, version, board, uid } = answer;
  return `console of ${runtime} ${version} on ${board ?? 'a board that is not ours'}${uid === '' ? '' : `, ${uid}`}`;
}
