// A script of one prick on an exact world: homed, primed, ring on the skin, 10 µL at 2.5 mm beyond the ring plane.
import { homed, moveNeedle, movePlunger, once, scriptedGun, ticks } from './scripted-gun.ts';
import type { ScriptedGun, Step } from './scripted-gun.ts';

export const EXACT = { world: { exact: true, operator: { present: false } } };
export const TIP_UM = 2500;
/** Brings the pusher to the rod (2 mm) and primes 30 µL. */
export const PRIMED_STEPS = Math.round((2 + 30 / 17.945) * 51200);
export const DOSE_STEPS = Math.round((10 / 17.945) * 51200);

export const press = (self: () => ScriptedGun, newtons: number): Step =>
  once(() => {
    self().gun.world.press(newtons, 50_000);
  });

export const prick = (self: () => ScriptedGun): (Step | Step[])[] => [
  homed,
  movePlunger(PRIMED_STEPS, 50_000),
  ticks(50),
  press(self, 2),
  ticks(10),
  moveNeedle(3000 + TIP_UM, 100_000),
  movePlunger(PRIMED_STEPS + DOSE_STEPS, 20_000),
  ticks(20),
  moveNeedle(0, 100_000),
  ticks(50),
];

export function runPrick(options: Parameters<typeof scriptedGun>[1] = EXACT): ScriptedGun {
  const self: ScriptedGun = scriptedGun(
    prick(() => self),
    options,
  );
  self.finish();
  return self;
}
