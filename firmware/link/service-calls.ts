// What the link does for a technician's desk: the date, limits, records of the gun, works on the bench. Not responsible for who may ask
// (commands.ts). Runs on the gun.
import { REFUSED_NONE } from '../core/faults.ts';
import { RECORD_SETTINGS } from '../store/record.ts';
import type { Control } from './control.ts';
import type { Fields } from './fields.ts';
import * as M from './messages.ts';
import type { Transfer } from './transfer.ts';
import type { Unlock } from './unlock.ts';

export class ServiceCalls {
  private readonly control: Control;
  private readonly unlock: Unlock;
  private readonly transfer: Transfer;
  private readonly fields: Fields;

  constructor(control: Control, unlock: Unlock, transfer: Transfer, fields: Fields) {
    this.control = control;
    this.unlock = unlock;
    this.transfer = transfer;
    this.fields = fields;
  }

  /** Answers 0 or a REFUSED_… code. */
  make(verb: number): number {
    const control = this.control;
    const transfer = this.transfer;
    const fields = this.fields;
    const first = fields.numbers[0] as number;
    let code = REFUSED_NONE;
    if (verb === M.DO_TODAY) control.day = first;
    else if (verb === M.DO_LIMIT) code = control.setLimit(first, fields.numbers[1] as number);
    else if (verb === M.DO_RECORD) fields.list('words', control.calibrationWords, first, first + M.RECORD_INTS);
    else if (verb === M.DO_BENCH) {
      code = control.bench(first, fields.ints, fields.intCount);
      fields.list('bench', control.benchWords, 0, control.benchWords.length);
    } else {
      code = transfer.check() || control.keep(first, transfer.words, transfer.count);
      if (!code && first === RECORD_SETTINGS) this.unlock.take(transfer.words);
      // Refused, it may be asked again: the words stay.
      if (!code) transfer.begin(0, '');
    }
    return code;
  }
}
