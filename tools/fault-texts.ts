// What the gun's numbers mean for a person: `says` is what happened, `next` what to do. The numbers stand in
// firmware/core/faults.ts and firmware/store/entry.ts; texts never go on the gun. Runs at the desk.
import * as F from '../firmware/core/faults.ts';
import * as E from '../firmware/store/entry.ts';

export interface CodeText {
  readonly says: string;
  readonly next: string;
}
export type CodeTexts = Readonly<Partial<Record<number, CodeText>>>;

const text = (says: string, next: string): CodeText => ({ says, next });

/** FAULT_… */
export const FAULT_TEXTS: CodeTexts = {
  [F.FAULT_NONE]: text('no fault', 'go on'),
  [F.FAULT_NEEDLE_DEEP]: text(
    'the needle went past its depth limit',
    'do not use the gun; check home switch and needle, then calibrate the depth',
  ),
  [F.FAULT_NEEDLE_STEPS]: text(
    'the needle is more than 0.1 mm from where it was sent: it lost steps',
    'nothing was dosed at the wrong depth; look for a bent needle or dirt in the guide, then clear and home',
  ),
  [F.FAULT_NEEDLE_NOT_HOME]: text(
    'the needle did not reach its home switch in time',
    'lift the gun off; if the needle is still out, withdraw by hand, then look for a jam',
  ),
  [F.FAULT_HOME_DRIFT]: text('home moved by more than 0.1 mm twice', 'look for a loose coupling or switch, then clear and start again'),
  [F.FAULT_PLUNGER_TRAVEL]: text(
    'the plunger moved, or was sent, further than the dose allows',
    'take the last prick as overdosed by what the journal says; have the gun serviced',
  ),
  [F.FAULT_PLUNGER_IN_AIR]: text(
    'the plunger was sent forward without contact and confirmed depth',
    'wipe off what came out; if it comes again, have the gun serviced',
  ),
  [F.FAULT_PLUNGER_REVERSE]: text(
    'the plunger was sent back while the needle was in',
    'change needle and syringe: fluid may have been drawn in; have the gun serviced',
  ),
  [F.FAULT_OCCLUSION]: text(
    'the plunger force passed its limit: the way is blocked',
    'change the needle, prime and resume; do not repeat the prick',
  ),
  [F.FAULT_CHIP_RESET]: text(
    'a motor driver lost its settings: reset or low voltage',
    'check battery and cable, then clear: the gun homes again',
  ),
  [F.FAULT_CHIP_ERROR]: text('a motor driver reports a short, an open coil or heat', 'let it cool and check the motor plug, then clear'),
  [F.FAULT_BUS]: text(
    'a chip does not answer, or answers wrongly',
    'switch off and on; if it stays, check the wiring with `mesogun device`',
  ),
  [F.FAULT_LATE_TICK]: text(
    'the controller was late with the needle in',
    'clear and resume; if it comes again, detach the host and report it',
  ),
  [F.FAULT_TRIGGER_STUCK]: text(
    'the trigger was closed at power-on, or is held without use',
    'let go of the trigger; clean or change it if it sticks',
  ),
  [F.FAULT_SENSOR]: text('two sensors contradict each other, or one does not follow', 'clean ring and switch, check the plugs, then clear'),
  [F.FAULT_STORE]: text(
    'the gun cannot write or read what safety needs',
    'do not dose; read the journal with `mesogun records`, then have the flash replaced',
  ),
  [F.FAULT_TIME_LIMIT]: text('a movement took longer than it may', 'look for a jam, then clear and start again'),
  [F.FAULT_SELF_TEST]: text('the self-test at power-on failed', 'the journal entry names the check; see `mesogun device` for the test'),
  [F.FAULT_EXCEPTION]: text('the program met an error of its own', 'switch off and on, and report it with the journal'),
  [F.FAULT_NO_PERMIT]: text('a prick was about to run without a permit', 'do not use the gun; report it with the journal'),
  [F.FAULT_NEEDLE_IN_LONG]: text(
    'the needle stayed in longer than the stroke can take',
    'lift the gun off, look at the needle, then clear',
  ),
  [F.FAULT_ENABLE]: text(
    'the power stages do not follow the watchdog',
    'do not use the gun: its last protection is broken; have it serviced',
  ),
  [F.FAULT_PROBE]: text(
    'probing met too much force, or no cap in reach',
    'check that the needle is the one declared and clip the cap on, then start again',
  ),
  [F.FAULT_MEMORY]: text('the controller ran out of memory', 'switch off and on, and report it with the journal'),
  [F.FAULT_CONTACT]: text(
    'the needle stayed in although the ring had left the skin',
    'lift the gun off, look at needle and skin, then clear',
  ),
  [F.FAULT_BENCH]: text(
    'the ring was pushed in while the needle was out on the bench',
    'keep hands and fixture off the ring while the needle is measured, then clear and begin again',
  ),
};

/** REFUSED_… */
export const REFUSAL_TEXTS: CodeTexts = {
  [F.REFUSED_NONE]: text('not refused', 'go on'),
  [F.REFUSED_STATE]: text('not in this state', 'bring the gun to the state that the command needs, see firmware/README.md'),
  [F.REFUSED_PROGRAM]: text('a word of the programme is outside its bounds', 'change the protocol so that the named value lies inside'),
  [F.REFUSED_FIELD]: text('a field of the request is unknown or malformed', 'use the desk of the same version as the gun'),
  [F.REFUSED_SYRINGE]: text(
    'this syringe cannot deliver this dose: too much of the travel is lost in its give',
    'take a smaller syringe, a wider needle or a larger dose',
  ),
  [F.REFUSED_CONTENT]: text('not enough is left in the syringe for this dose and its reserve', 'change the syringe and reload'),
  [F.REFUSED_SESSION_VOLUME]: text('the session volume would be exceeded', 'end the session; the limit does not grow within it'),
  [F.REFUSED_SESSION_PRICKS]: text('the number of pricks of the session would be exceeded', 'end the session and plan a new one'),
  [F.REFUSED_JOURNAL]: text(
    'the journal has no room left or cannot be written',
    'end the session: the next one makes room; if it stays, have the flash replaced',
  ),
  [F.REFUSED_AUTH]: text('the service switch or the right answer is missing', 'hold the service switch and unlock first'),
  [F.REFUSED_CAUSE]: text('the cause of the fault is still there', 'remove the cause, then clear again'),
  [F.REFUSED_SESSION]: text(
    'session number or programme is not the one that was held',
    'resume with the same session and programme, or end it',
  ),
  [F.REFUSED_TICK]: text('the controller is too slow for safe use', 'detach what loads it; report the figures of `mesogun device`'),
  [F.REFUSED_NO_PROGRAM]: text('no programme is loaded, or its transfer was incomplete or corrupt', 'load the programme again'),
  [F.REFUSED_CALIBRATION]: text(
    'no valid calibration for this',
    '`mesogun device calibration` shows what the gun keeps; `mesogun calibrate` makes what is missing or past its day',
  ),
};

/** HOLD_… */
export const HOLD_TEXTS: CodeTexts = {
  [E.HOLD_STOP]: text('stopped on request', 'resume when ready'),
  [E.HOLD_CONTACT]: text('the ring left the skin', 'press the ring on again and resume'),
  [E.HOLD_HOST]: text('the host went silent for 2 s', 'reconnect the host and resume, or resume at the gun'),
  [E.HOLD_SYRINGE]: text('the syringe is empty', 'change it, reload and prime'),
  [E.HOLD_LIMIT]: text('a limit of the session is reached', 'end the session'),
  [E.HOLD_SHORT]: text('a dose without the force of a flow: perhaps nothing came out', 'look at pusher, syringe and needle, then resume'),
  [E.HOLD_MOVED]: text('the gun moved sideways with the needle in', 'put the ring back, hold still, resume'),
  [E.HOLD_LATE_TICK]: text('the controller was late', 'resume; report it if it comes again'),
};

/** RESULT_… */
export const RESULT_TEXTS: CodeTexts = {
  [F.RESULT_DONE]: text('done', 'go on'),
  [F.RESULT_STOPPED]: text('stopped on purpose', 'what had been given is counted; the prick is not repeated'),
  [F.RESULT_CONTACT_LOST]: text('contact or ring force was lost', 'what had been given is counted; the prick is not repeated'),
  [F.RESULT_FAULT]: text('ended by a fault', 'see the fault entry'),
  [F.RESULT_SHORT]: text(
    'the plunger moved without the force of a flow: perhaps nothing came out',
    'look at pusher, syringe and needle: air, a leak',
  ),
  [F.RESULT_MOVED]: text('the gun moved sideways with the needle in', 'hold still until the needle is home'),
  [F.RESULT_NO_DEPTH]: text('depth was not confirmed: nothing was dosed', 'look at the needle if it comes again'),
};

/** END codes. */
export const END_TEXTS: CodeTexts = {
  0: text('complete', 'go on'),
  1: text('ended early', 'the pricks left over were not given'),
};
