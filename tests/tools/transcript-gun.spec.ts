// Every transcript of tests/transcripts against the whole virtual gun, in process and over TCP.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serveTcp } from '../../tools/gun-server.ts';
import { playTranscript } from '../../tools/transcript.ts';
import { openTcp } from '../../tools/transports/tcp.ts';
import { VirtualLine } from '../../tools/virtual-line.ts';

const FOLDER = new URL('../transcripts/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
/** Wall time without a line after which a playing fails instead of hanging. */
const SILENT_FOR_MS = 20_000;

describe('transcripts on the virtual gun', () => {
  it.each(NAMES)('%s is kept in process', async (name) => {
    const line = new VirtualLine({ world: { seed: 1 }, trace: false });
    const end = line.connect();
    await playTranscript(textOf(name), end, { silentForMs: SILENT_FOR_MS });
    await end.close();
    expect(line.crash).toBeNull();
  });

  it.each(NAMES)('%s is kept over TCP', async (name) => {
    const line = new VirtualLine({ world: { seed: 1 }, trace: false });
    const serving = await serveTcp(0, () => line.connect());
    const transport = await openTcp('127.0.0.1', Number(serving.at));
    await playTranscript(textOf(name), transport, { silentForMs: SILENT_FOR_MS });
    await transport.close();
    await serving.close();
    expect(line.crash).toBeNull();
  });
});
