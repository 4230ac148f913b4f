// A board with Kaluma or Espruino on a TCP port or at one end of a pseudo-terminal, in wall time; the image it starts is the virtual gun's
// firmware: on Kaluma its link is a second TCP port, on Espruino the console's own.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { EspruinoConsole } from '../../../sim/runtimes/espruino-console.ts';
import { KalumaConsole } from '../../../sim/runtimes/kaluma-console.ts';
import type { RunningGun } from '../../../sim/runtimes/console.ts';
import { wallClock } from '../../../tools/flash/clock.ts';
import type { Serving } from '../../../tools/gun-server.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import type { RuntimeName } from '../../../tools/build/image.ts';
import type { Transport } from '../../../tools/transports/transport.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { nodeEngine } from './engine.ts';

export class ServedBoard {
  readonly board: KalumaConsole | EspruinoConsole;
  /** Bytes that came from hosts. */
  heardBytes = 0;
  private readonly runtime: RuntimeName;
  private gun: VirtualLine | null = null;
  private toHost: (text: string) => void = () => undefined;
  private hangUp: () => void = () => undefined;

  constructor(runtime: RuntimeName) {
    this.runtime = runtime;
    const host = {
      clock: wallClock,
      makeEngine: nodeEngine,
      boot: (text: string): RunningGun => this.boot(text),
      say: (text: string) => this.toHost(text),
      vanish: () => this.hangUp(),
    };
    this.board = runtime === 'kaluma' ? new KalumaConsole(host) : new EspruinoConsole({ ...host, board: 'ESPR_RP2350_PICO2' });
    this.board.powerOn(false);
  }

  /** The console on a TCP port; the newest host has it. */
  async console(): Promise<Serving> {
    const server = createServer((socket) => {
      socket.setEncoding('latin1');
      socket.on('error', () => socket.destroy());
      this.toHost = (text) => socket.write(text, 'latin1');
      this.hangUp = () => socket.destroy();
      socket.on('data', (text) => {
        this.hear(String(text));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      at: (server.address() as AddressInfo).port,
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }

  /** The link of the gun that runs, on another. */
  link(): Promise<Serving> {
    return serveTcp(0, () => {
      if (this.gun === null) throw new Error('no gun runs');
      return this.gun.connect();
    });
  }

  /** At one end of a pseudo-terminal. */
  attach(wire: Transport): void {
    this.toHost = (text) => wire.write(text);
    wire.onText((text) => {
      this.hear(text);
    });
  }

  private hear(text: string): void {
    this.heardBytes += text.length;
    this.board.hear(text);
  }

  private boot(text: string): RunningGun {
    const image = firmwareOf(text, { board: this.runtime === 'kaluma' ? 'pico' : 'pico2', runtime: this.runtime });
    const gun = new VirtualLine({ world: { seed: 5 }, trace: false, image });
    this.gun = gun;
    if (this.runtime === 'kaluma') return { hear: null, stop: () => (this.gun = null) };
    const end = gun.connect();
    end.onText((said) => this.toHost(said));
    // The virtual gun is switched on by its host's first line.
    end.write('\n');
    return { hear: (heard) => end.write(heard), stop: () => void end.close() };
  }
}
