// `mesogun build`: images for the boards and runtimes asked for, each with its manifest, through the gate.
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { armingText } from '../arming.ts';
import type { Image } from '../build/image.ts';
import { BOARDS, RUNTIMES, buildImage } from '../build/image.ts';
import type { BoardName, RuntimeName } from '../build/image.ts';
import type { Session } from '../cli.ts';
import type { Desk } from '../desk.ts';
import { EXIT_FILE, MesogunError } from '../errors.ts';
import { makeFolder, writeText } from '../write-text.ts';

const EXAMPLES = `
Examples:
  mesogun build
  mesogun build --board pico2 --runtime kaluma --out dist
  mesogun run mesolift-face --image dist/mesogun-pico-kaluma.js`;

interface Flags {
  readonly board?: BoardName;
  readonly runtime?: RuntimeName;
  readonly out: string;
}

/** Refuses an image that must not run on a chip. One that is only too large is written, and said to be. */
async function throughTheGate(image: Image, desk: Desk): Promise<void> {
  const { gate } = await import('../build/gate.ts');
  const findings = gate(image.text);
  for (const { says } of findings.filter((each) => each.rule === 'size')) desk.say(desk.colors.yellow(`${image.manifest.file} is ${says}`));
  const wrong = findings.filter((each) => each.rule !== 'size');
  if (wrong.length === 0) return;
  const why = wrong.map((each) => `${each.rule}: ${each.says}`).join('\n       ');
  throw new MesogunError({ exit: EXIT_FILE, what: `${image.manifest.file} does not pass the gate; nothing is written`, why });
}

function sayImage(image: Image, desk: Desk): void {
  const { file, bytes, language, sha256 } = image.manifest;
  desk.say(`${file}: ${bytes} bytes, ${language}, SHA-256 ${sha256.slice(0, 16)}…`);
  const arming = armingText(image.manifest.runtime);
  if (arming !== null) desk.say(desk.colors.yellow(arming));
}

async function build(flags: Flags, json: boolean, desk: Desk): Promise<void> {
  makeFolder(flags.out);
  for (const board of BOARDS.filter((each) => flags.board === undefined || each === flags.board)) {
    for (const runtime of RUNTIMES.filter((each) => flags.runtime === undefined || each === flags.runtime)) {
      const image = await buildImage(board, runtime);
      await throughTheGate(image, desk);
      const path = join(flags.out, image.manifest.file);
      writeText(path, image.text);
      writeText(path.replace(/\.js$/, '.json'), `${JSON.stringify(image.manifest, null, 2)}\n`);
      if (json) desk.out(`${JSON.stringify(image.manifest)}\n`);
      sayImage(image, desk);
    }
  }
}

export function addBuild(program: Command, session: Session): void {
  program
    .command('build')
    .description('build the image of the gun for a board and runtime, one file each, with a manifest')
    .addOption(new Option('--board <name>', 'build for this board only').choices(BOARDS))
    .addOption(new Option('--runtime <name>', 'build for this runtime only').choices(RUNTIMES))
    .option('--out <dir>', 'folder for images and manifests', 'dist')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags, self: Command) => {
      await build(flags, self.optsWithGlobals<{ json?: boolean }>().json === true, session.desk);
    });
}
