// A desk of its own process for the tests in which one dies: the command line on the date that the other tests have, its output at once.
// Run by node, not by vitest.
import { writeSync } from 'node:fs';
import { runCli } from '../../../tools/cli.ts';
import { processDesk } from '../../../tools/desk.ts';

const { ask: _nobody, ...desk } = processDesk();
process.exitCode = await runCli(process.argv.slice(2), {
  ...desk,
  out: (text) => void writeSync(1, text),
  date: () => '2026-01-01 00:00 UTC',
});
