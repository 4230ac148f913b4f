// Cuts the supply at every flash step of a three-prick session on the whole gun: npx tsx tests/firmware/gun/power-cut-campaign.ts [EVERY]
import { cutAt, stepsOfSession } from './power-cut.ts';

const every = Number(process.argv[2] ?? 1);
const steps = stepsOfSession();
let cuts = 0;
let bad = 0;
for (let step = 1; step < steps; step += every) {
  const why = cutAt(step);
  cuts += 1;
  if (!why) continue;
  bad += 1;
  process.stderr.write(`${why}\n`);
}
process.stdout.write(`${String(steps)} flash steps, ${String(cuts)} cuts, ${String(bad)} bad\n`);
process.exitCode = bad > 0 ? 1 : 0;
