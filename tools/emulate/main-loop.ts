// The main loop of whatever firmware runs on the emulated chip: found while it idles, without symbols. Then each turn is timed, and a turn
// that had nothing to do is followed by a short pause, since an idle loop is most of what there is to emulate. Runs at the desk.
import type { EmulatedChip } from './chip.ts';

/** The loop is watched for so long. Chosen: thousands of its turns. */
const WATCH_FOR_NS = 10e6;
/** A turn is busy above this many times the usual one. */
const BUSY_TIMES = 4;
/** Chosen: timers of both runtimes count milliseconds; what comes by interrupt ends the pause. */
const PAUSE_NS = 50e3;

/**
 * Finds an instruction that comes once a turn: on the outermost frame most come equally often, whatever is waited for or called there. It
 * may stand in a function without a frame of its own, which others call as well, deeper down: hence the frame belongs to it.
 */
function findLoop(chip: EmulatedChip): { at: number; sp: number } {
  const counts = new Map<number, number>();
  let outermost = 0;
  chip.watch(WATCH_FOR_NS, (pc, sp) => {
    if (sp > outermost) {
      outermost = sp;
      counts.clear();
    }
    if (sp === outermost) counts.set(pc, (counts.get(pc) ?? 0) + 1);
  });
  // The watch begins and ends within a turn: two counts that differ by one are the same.
  const withCount = new Map<number, number[]>();
  for (const [pc, count] of counts) for (const each of [count, count + 1]) withCount.set(each, [...(withCount.get(each) ?? []), pc]);
  const largest = [...withCount.values()].reduce((best, each) => (each.length > best.length ? each : best), []);
  return { at: Math.min(...largest), sp: outermost };
}

export class MainLoop {
  /** Usual length of a turn with nothing to do. */
  readonly idleNs: number;
  /** Told of each busy turn as it ends, with how long it was, interrupts included. */
  onBusy: (forNs: number) => void = () => undefined;

  /** Call it while the firmware idles. */
  constructor(chip: EmulatedChip) {
    const { at, sp } = findLoop(chip);
    chip.turnAt = at;
    chip.turnSp = sp;
    const turns: number[] = [];
    let lastNs = -1;
    chip.onTurn = () => {
      if (lastNs >= 0) turns.push(chip.nowNs - lastNs);
      lastNs = chip.nowNs;
    };
    chip.runUntil(chip.nowNs + WATCH_FOR_NS);
    turns.sort((a, b) => a - b);
    this.idleNs = turns[turns.length >> 1] ?? 0;
    const busyNs = this.idleNs * BUSY_TIMES;
    chip.onTurn = () => {
      const nowNs = chip.nowNs;
      const forNs = nowNs - lastNs;
      if (forNs > busyNs) this.onBusy(forNs);
      else chip.pause(PAUSE_NS);
      lastNs = chip.nowNs;
    };
  }
}
