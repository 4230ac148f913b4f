// Every protocol of the library, from check to the end of a short session on the virtual gun.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkId } from '../../protocols/check.ts';
import { allOf, idsOf, listLibrary } from '../../protocols/library.ts';
import { errorsOf } from './files.ts';
import { MOST_PRICKS } from './library-session.ts';

const WALKER = fileURLToPath(new URL('library-walker.ts', import.meta.url));
const PERSONS = 5;

/** What was wrong, person by person, by protocol. */
let wrong: Record<string, string[][]> = {};
beforeAll(async () => {
  const args = ['--import', 'tsx', WALKER, String(PERSONS), ...idsOf('protocol')];
  wrong = JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Record<string, string[][]>;
}, 240_000);

describe('library', () => {
  it.each(listLibrary().map(({ kind, id }) => [kind, id]))('passes its own check: %s %s', (_kind, id) => {
    const checked = checkId(id);
    expect(checked && errorsOf(checked)).toEqual([]);
  });

  it.each(idsOf('protocol'))(
    `runs %s to completion on five persons, seeds 1 to 5, at most ${MOST_PRICKS} pricks: its dose within what its technique says, in its own layer by the plant's truth`,
    (protocol) => {
      expect(wrong[protocol]).toEqual(Array.from({ length: PERSONS }, () => []));
    },
  );

  it('shows every technique in at least one protocol, so that the walk runs them all', () => {
    const used = new Set(allOf('protocol').map((protocol) => protocol.technique));
    expect(idsOf('technique').filter((id) => !used.has(id))).toEqual([]);
  });

  it('states for every technique what the literature gives, its own limits and where each figure comes from', () => {
    const bare = allOf('technique').filter(
      ({ literature, limits, provenance }) =>
        literature === undefined || limits?.depthMm === undefined || limits.doseUl === undefined || provenance.length < 4,
    );
    expect(bare.map((technique) => technique.id)).toEqual([]);
  });

  it('gives every protocol a course, a checklist before, care after and what it requires', () => {
    const bare = allOf('protocol').filter(
      ({ course, before, after, requires }) =>
        course === undefined || before === undefined || after === undefined || requires === undefined,
    );
    expect(bare.map((protocol) => protocol.id)).toEqual([]);
  });
});
