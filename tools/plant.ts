// `--plant key=value` and `--compensation off`: what a person changes in the virtual world, or takes from the virtual gun, to see
// what it is good for. Never for a real gun. Not responsible for the world itself (sim/setup.ts).
import { P_BACK_PA, P_REFLUX_NL } from '../firmware/core/program.ts';
import { HOMING } from '../firmware/core/states.ts';
import type { Gun } from '../firmware/main.ts';
import { nearestWord } from '../protocols/nearest-word.ts';
import type { Firmware } from '../sim/board.ts';
import { completeWorld, worldSchema } from '../sim/setup.ts';
import type { WorldRequest } from '../sim/setup.ts';
import { EXIT_USAGE, MesogunError } from './errors.ts';

/** Parts of the world that are the plant's, with keys that have no usual value: they are drawn, or the technique's. */
const GROUPS = { syringe: [], needle: ['seatMm'], skin: [], hand: ['ringN'], drive: ['leadError', 'periodicMm'], cells: [] } as const;
type Group = keyof typeof GROUPS;
const SINGLE = ['viscosityMpas', 'hyaluronicMgPerMl', 'ringDiameterMm'] as const;

/** All keys, as they are written on the command line. */
export function plantKeys(): string[] {
  const world = completeWorld({});
  const groups = Object.entries(GROUPS).flatMap(([group, drawn]) =>
    [...Object.keys(world[group as Group]), ...drawn].map((key) => `${group}.${key}`),
  );
  return [...groups, ...SINGLE];
}

const usage = (what: string, why: string, next: string): MesogunError => new MesogunError({ exit: EXIT_USAGE, what, why, next });

/** The world with these pairs on top. Throws MesogunError (usage) for an unknown key or a value the world refuses. */
export function withPlant(world: WorldRequest, pairs: readonly string[]): WorldRequest {
  let changed: WorldRequest = world;
  for (const pair of pairs) {
    const [key = '', text = ''] = pair.split('=');
    const keys = plantKeys();
    const value = Number(text);
    if (!keys.includes(key)) {
      const nearest = nearestWord(key, keys);
      throw usage(
        `--plant ${pair}`,
        'the plant has no such parameter',
        `${nearest === undefined ? '' : `did you mean ${nearest}? `}known: ${keys.join(', ')}`,
      );
    }
    if (text.trim() === '' || !Number.isFinite(value))
      throw usage(`--plant ${pair}`, 'the value is no number', `write --plant ${key}=1, for example`);
    const [group, field] = key.split('.') as [Group, string | undefined];
    changed = field === undefined ? { ...changed, [key]: value } : { ...changed, [group]: { ...changed[group], [field]: value } };
    const judged = worldSchema.safeParse(changed);
    if (!judged.success)
      throw usage(`--plant ${pair}`, judged.error.issues.map((issue) => issue.message).join('; '), 'choose another value');
  }
  return changed;
}

/**
 * A virtual gun that adds nothing to a dose: once its session has begun, two words are overwritten in its memory, as a debugger would. The
 * firmware knows no such mode, and over the link a programme with these words is refused.
 */
export function withoutCompensation(gun: Gun): Firmware {
  return {
    tick: () => {
      const { state, program } = gun.session;
      if (state >= HOMING) program[P_BACK_PA] = program[P_REFLUX_NL] = 0;
      return gun.tick();
    },
    get tookMs(): number {
      return gun.tookMs;
    },
  };
}
