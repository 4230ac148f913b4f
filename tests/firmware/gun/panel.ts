// A gun that no host is at: programmes lie in its flash, and the operator runs the session at the panel.
import { RECORD_PROGRAM0, Records } from '../../../firmware/store/record.ts';
import { checkId } from '../../../protocols/check.ts';
import { planProtocol } from '../../../protocols/plan.ts';
import type { Treatment } from '../../../protocols/treatment.ts';
import { Rig, type RigOptions } from './rig.ts';

/** The programme of a library protocol. */
export function programOf(id: string, set: Readonly<Record<string, number>> = {}): Int32Array {
  return planProtocol(checkId(id, set)?.treatment as Treatment).program;
}

export interface PanelRigOptions extends RigOptions {
  /** Slots, from the first. */
  readonly programs?: readonly (Int32Array | null)[];
  /** Name of the programme that the operator looks for; hands off when absent. */
  readonly wants?: string;
}

/** A rig without a host; its protocol gives the world. */
export class PanelRig extends Rig {
  constructor(options: PanelRigOptions) {
    const { programs = [], wants, world, ...rest } = options;
    super({ ...rest, world: { ...world, operator: { ...world?.operator, ...(wants === undefined ? {} : { programme: wants }) } } });
    this.hostPresent = () => false;
    const { flash, setup } = this.virtual;
    const records = new Records(flash, 0, rest.gun?.deviceId ?? setup.seed);
    programs.forEach((words, slot) => {
      if (words && records.save(RECORD_PROGRAM0 + slot, words, words.length) !== 0) throw new Error('the store does not take it');
    });
  }

  /** The eight lines that the pixels show. */
  get lines(): string[] {
    return this.virtual.world.readScreen();
  }

  /** Runs until the screen has stood still for half a second. */
  settle(): this {
    for (let still = 0, before = ''; still < 5;) {
      this.pass(100);
      const now = this.lines.join('\n');
      still = now === before ? still + 1 : 0;
      before = now;
    }
    return this;
  }

  /** Presses a key for 200 ms and waits until the screen stands still. */
  press(key: 'ok' | 'up' | 'down'): this {
    this.virtual.world.setKey(key, 1);
    this.pass(200);
    this.virtual.world.setKey(key, 0);
    return this.settle();
  }
}
