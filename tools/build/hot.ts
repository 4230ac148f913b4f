// What a tick of a treatment asks for most among variables, functions and the runtime's own names, the most asked last; for pack.ts, which
// lets them keep a name. Measured: npm run bench:ticks -- --names. A name that is not there any more does no harm.
export const HOT: readonly string[] = [
  'digitalRead',
  'Supervisor$fault',
  'StrokeWatch$running',
  'StrokeWatch$stepIndex',
  'Supervisor$inside',
  'Orders$plungerLook',
  'divRound',
  'Supervisor$plungerTap',
  'Readings$nowMs',
  'Supervisor$needleTap',
  'digitalWrite',
  'Course$state',
];
