// How long the gun's ticks take on the chip, by session state: busy turns of the runtime's main loop, sorted and summed up. Data only.
// Not responsible for what a turn is (main-loop.ts). Runs at the desk.
import { alignColumns } from '../table.ts';

/** Shorter turns serve a console or a byte of the line. Chosen: no tick of ours is that short. */
const TICK_LEAST_NS = 1e6;
const HIGH = 0.99;

export interface StateTurns {
  readonly state: string;
  readonly ticks: number;
  readonly medianMs: number;
  /** 99 %. */
  readonly highMs: number;
  readonly worstMs: number;
}

export class BusyTurns {
  private readonly byState = new Map<string, number[]>();

  add(state: string, forNs: number): void {
    if (forNs < TICK_LEAST_NS) return;
    const found = this.byState.get(state);
    if (found) found.push(forNs);
    else this.byState.set(state, [forNs]);
  }

  /** In the order in which the states came. */
  table(): StateTurns[] {
    return [...this.byState].map(([state, turns]) => {
      const sorted = [...turns].sort((a, b) => a - b);
      const ms = (share: number): number =>
        Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1e4) / 100;
      return { state, ticks: sorted.length, medianMs: ms(0.5), highMs: ms(HIGH), worstMs: ms(1) };
    });
  }
}

/** For people. */
export function turnsText(table: readonly StateTurns[]): string {
  const head = ['state', 'ticks', 'median ms', '99 % ms', 'worst ms'];
  const rows = table.map((row) => [row.state, String(row.ticks), row.medianMs.toFixed(2), row.highMs.toFixed(2), row.worstMs.toFixed(2)]);
  return alignColumns([head, ...rows]);
}
