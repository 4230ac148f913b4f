// How long a ramp takes: the sum of a trapezoid from rest to rest. Runs on the gun; the chip knows nothing of it.

/**
 * Milliseconds, rounded up, for `distanceSteps` ≥ 0 from rest to rest at no more than `stepsPerS` > 0, both ramps at `stepsPerS2` > 0:
 * d/v + v/a, or 2·√(d/a) when the distance is too short to reach the speed.
 */
export const rampForMs = (distanceSteps: number, stepsPerS: number, stepsPerS2: number): number => {
  const reachesSpeed = distanceSteps * stepsPerS2 >= stepsPerS * stepsPerS;
  const forS = reachesSpeed ? distanceSteps / stepsPerS + stepsPerS / stepsPerS2 : 2 * Math.sqrt(distanceSteps / stepsPerS2);
  return Math.ceil(forS * 1000);
};
