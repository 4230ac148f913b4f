// Watches the invariants of the plant while a session runs, from the truth and from what was made durable: independent of the gun's
// own supervisor. Tests assert that `violations` stays empty. I8, I9 and I10 are properties of the gun's code and are tested there.
import { E_HEAD, E_PAYLOAD, ENTRY_BYTES, ENTRY_WORDS, KIND_FAULT, KIND_INTENT, KIND_RESULT } from '../firmware/store/entry.ts';
import { LAMP_FAULT, LAMP_OFF } from '../firmware/panel/lamps.ts';
import type { VirtualClock } from './clock.ts';
import type { Phase } from './faults.ts';
import type { FlashWatcher } from './virtual-board.ts';
import type { WorldListener } from './strokes.ts';
import type { World } from './world.ts';

/** I1: no tip goes further than this from the ring plane. Source: hard limit of the gun, 12 mm, and 0.1 mm of needle seat. */
const DEEPEST_TIP_UM = 12_100;
/** I4: from the fault entry or lamp to needle home. Source: T4, 400 ms, and one slower retry. */
const HOME_WITHIN_US = 800_000;
/** I3: what a prick may deliver beyond what is counted: 2 % and 0.2 µL (R08). */
const COUNT_SHARE = 0.02;
const COUNT_UL = 0.2;
/** I2: a dose may go on for this long after the ring has left the skin. Source: T2, 60 ms, one tick and the ramp of the plunger. */
const LIFTED_FOR_US = 90_000;

export interface Violation {
  readonly invariant: string;
  readonly atUs: number;
  readonly says: string;
}

export class Monitor implements WorldListener, FlashWatcher {
  readonly violations: Violation[] = [];
  /** Journal as it was made durable: prick of the last INTENT, and whether its RESULT has come. */
  private intentPrick = -1;
  private intentOpen = false;
  private countedUl = 0;
  private intentUl = 0;
  private pricksWithIntent = 0;
  private edges = 0;
  private booting = true;
  private readonly clock: VirtualClock;
  private readonly world: World;
  /** A carriage that cannot move, or a chip that cannot be told to, is beyond I4. */
  mayJam = false;

  constructor(clock: VirtualClock, world: World) {
    this.clock = clock;
    this.world = world;
    world.listeners.push(this);
  }

  /** Volume that the journal counts so far, an open INTENT in full, µL. */
  get countedNowUl(): number {
    return this.countedUl + (this.intentOpen ? this.intentUl : 0);
  }

  phase(prick: number, phase: Phase): void {
    if (phase === 'approach') this.atApproach(prick);
    else if (phase === 'in') this.atEntry();
    else if (phase === 'dose') this.atDose();
    else if (phase === 'home') this.atHome();
  }

  reversed(steps: number): void {
    this.violate('I6', `the plunger went back by ${(-steps).toFixed(0)} microsteps with the needle in`);
  }

  /** The lamp of the gun: boot and fault are read from it. */
  lamp(rgb: number): void {
    this.booting = rgb === LAMP_OFF;
    if (rgb === LAMP_FAULT) this.faulted('the lamp says fault');
  }

  programmed(_addressBytes: number, page: Uint8Array): void {
    if (this.world.needle.inSkin) return;
    const words = new DataView(page.buffer, page.byteOffset, page.byteLength);
    for (let at = 0; at + ENTRY_BYTES <= page.length; at += ENTRY_BYTES) {
      if (isBlank(page, at)) continue;
      const entry = new Int32Array(ENTRY_WORDS);
      for (let word = 0; word < ENTRY_WORDS; word += 1) entry[word] = words.getInt32(at + 4 * word, true);
      this.entry(entry);
    }
  }

  erased(sectorIndex: number): void {
    if (this.world.needle.inSkin) this.violate('R31', `sector ${String(sectorIndex)} was erased with the needle in`);
    if (this.world.enabled) this.violate('R31', `sector ${String(sectorIndex)} was erased with the drivers enabled`);
  }

  private entry(entry: Int32Array): void {
    const head = entry[E_HEAD] as number;
    const kind = head & 0xff;
    const prick = head >>> 16;
    if (kind === KIND_INTENT) {
      this.settleOpenIntent();
      this.intentPrick = prick;
      this.intentOpen = true;
      this.pricksWithIntent += 1;
      this.intentUl = ((entry[E_PAYLOAD] as number) + (entry[E_PAYLOAD + 1] as number)) / 1000;
    } else if (kind === KIND_RESULT && this.intentOpen && prick === this.intentPrick) {
      this.intentOpen = false;
      this.countedUl += (entry[E_PAYLOAD + 8] as number) / 1000;
    } else if (kind === KIND_FAULT) this.faulted(`fault ${String((head >> 8) & 0xff)} is in the journal`);
  }

  /** An INTENT without RESULT counts in full. */
  private settleOpenIntent(): void {
    if (this.intentOpen) this.countedUl += this.intentUl;
    this.intentOpen = false;
  }

  private atApproach(prick: number): void {
    if (this.booting) this.violate('I7', 'the needle moves while the gun boots');
    if (!this.intentOpen) this.violate('I2', `prick ${String(prick)} starts without a durable INTENT (R10)`);
    if (this.pricksWithIntent < prick) this.violate('R10', `${String(prick)} strokes, ${String(this.pricksWithIntent)} intents`);
  }

  private atEntry(): void {
    const edges = this.world.trigger.pressCount;
    if (edges === this.edges && this.world.setup.technique.permit === 'trigger')
      this.violate('I5', 'the needle goes in without a fresh press of the trigger (R27)');
    this.edges = edges;
  }

  private atDose(): void {
    if (!this.intentOpen) this.violate('I2', 'the plunger pushes without a durable INTENT (R10)');
    if (this.world.hand.gapMm(this.clock.nowUs) > 0) this.violate('I2', 'a dose begins with the ring off the skin (R13)');
    this.watchLift();
  }

  /** A dose that runs must end soon after the ring has left the skin. */
  private watchLift(): void {
    const { world, clock } = this;
    const prick = world.truth.last;
    clock.schedule(clock.nowUs + LIFTED_FOR_US, () => {
      // A chip without current counts on, but pushes nothing.
      const pushes = world.plungerChip.driving && world.plunger.moving;
      if (!pushes || !prick || prick !== world.truth.last || prick.dosedToUs >= prick.dosedFromUs) return;
      if (world.hand.gapMm(clock.nowUs - LIFTED_FOR_US) > 0) this.violate('I2', 'the dose goes on with the ring off the skin (R07)');
      else this.watchLift();
    });
  }

  private atHome(): void {
    const prick = this.world.truth.last;
    if (!prick) return;
    if (prick.tipMaxUm > DEEPEST_TIP_UM) this.violate('I1', `the tip went ${prick.tipMaxUm.toFixed(0)} µm beyond the ring plane`);
    const deliveredUl = this.world.truth.tissueUl;
    const mostUl = this.countedNowUl * (1 + COUNT_SHARE) + COUNT_UL;
    if (deliveredUl > mostUl) this.violate('I3', `${deliveredUl.toFixed(3)} µL delivered, ${this.countedNowUl.toFixed(3)} µL counted`);
  }

  private faulted(why: string): void {
    const sinceUs = this.clock.nowUs;
    this.clock.schedule(sinceUs + HOME_WITHIN_US, () => {
      if (!this.mayJam && this.world.needle.inSkin) this.violate('I4', `the needle is still in 800 ms after ${why}`);
    });
  }

  private violate(invariant: string, says: string): void {
    this.violations.push({ invariant, atUs: this.clock.nowUs, says });
  }
}

function isBlank(page: Uint8Array, from: number): boolean {
  for (let at = from; at < from + ENTRY_BYTES; at += 1) if (page[at] !== 0xff) return false;
  return true;
}
