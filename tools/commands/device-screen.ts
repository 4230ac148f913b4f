// `mesogun device screen`: see tools/device/screen.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { addPortOption } from './options.ts';

interface Flags {
  readonly port?: string;
  readonly text?: boolean;
}

export function addScreen(device: Command, session: Session): void {
  const command = device
    .command('screen')
    .description('what the gun’s screen shows: its pixels in half blocks, 130 characters wide')
    .option('--text', 'the eight lines of text instead');
  addPortOption(command).action(async (flags: Flags, self: Command) => {
    const { screenOf, withDevice } = await import('../device/open-device.ts');
    const { blocks, pixelRows, pixelsOf, readLines } = await import('../device/screen.ts');
    const { desk } = session;
    // The virtual gun of this process has its pixels at hand; from another gun comes the text, drawn with the gun's own letters.
    const { lines, pixels } = await withDevice(flags.port, desk, async ({ link }) => {
      const read = await readLines(link);
      return { lines: read, pixels: screenOf(link) ?? pixelsOf(read) };
    });
    if (self.optsWithGlobals<{ json?: boolean }>().json === true) desk.out(`${JSON.stringify({ lines, pixels: pixelRows(pixels) })}\n`);
    else desk.out(flags.text === true ? `${lines.join('\n')}\n` : blocks(pixels));
  });
}
