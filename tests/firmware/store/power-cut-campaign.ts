// The long power-cut campaign: every flash step of the reference session × 4 tears, each followed by second cuts.
// Run: npx tsx tests/firmware/store/power-cut-campaign.ts [every-nth-second-cut, default 20] [seed, default 1]
import { cutEverywhere, referenceSteps } from './power-cut.ts';

const secondEvery = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? 1);
const startedAt = performance.now();
const campaign = cutEverywhere({ firstEvery: 1, secondEvery, recoverySteps: 400, seed });
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
const cases = `${campaign.firstCuts} first cuts, ${campaign.secondCuts} second cuts`;
process.stdout.write(`${referenceSteps()} flash steps, ${cases}, ${campaign.failures.length} bad, ${seconds} s, seed ${seed}\n`);
for (const failure of campaign.failures.slice(0, 20)) process.stdout.write(`${failure}\n`);
process.exitCode = campaign.failures.length === 0 ? 0 : 1;
