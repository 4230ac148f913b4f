// The session on one page: row = state, column = event, cell = next state. Total: every cell is written.
// Guards and time limits become events before dispatch. FAULT is latched: only an operator's clear, cause gone, leaves it, and through the self-test.
// Not responsible for what is done in a state (session.ts) nor for safety (supervisor.ts).

export const BOOT = 0;
export const SELF_TEST = 1;
export const IDLE = 2;
export const HOMING = 3;
export const PROBING = 4;
export const READY = 5;
export const PRIMING = 6;
export const ARMED = 7;
export const TREATING = 8;
export const PAUSED = 9;
export const COMPLETE = 10;
export const SERVICE = 11;
export const FAULT = 12;
export const STATE_COUNT = 13;

/** Work of the state ended well: POST passed, homed, probed, primed, all pricks done. */
export const EV_DONE = 0;
/** Host or panel: begin a session with the loaded programme. */
export const EV_START = 1;
/** Host or panel: expel air, trigger held. */
export const EV_PRIME = 2;
/** Host or panel: allow pricks. */
export const EV_ARM = 3;
/** Trigger pressed with contact. */
export const EV_TRIGGER = 4;
/** Trigger released, stroke finished. */
export const EV_RELEASE = 5;
/** Anything that holds the session: contact lost, host lost, syringe empty, refusal of a prick. */
export const EV_HOLD = 6;
/** Host or panel: go on after a hold, by explicit confirmation. */
export const EV_RESUME = 7;
/** Host or panel: the syringe was changed; prime again. */
export const EV_RELOAD = 8;
/** Host or panel: end the session. */
export const EV_END = 9;
/** Stop, from anybody, always. */
export const EV_STOP = 10;
/** Service switch and challenge accepted, or left. */
export const EV_SERVICE = 11;
/** Fault detected; also a state's time limit. */
export const EV_FAULT = 12;
/** Operator clears a latched fault, cause gone. */
export const EV_CLEAR = 13;
export const EVENT_COUNT = 14;

const LETTER_A = 65;
/**
 * A row for each state, in it a letter for each event: A is state 0; @ where the event means nothing: a command is refused, a sensor event
 * ignored. The same with names is in the README.
 */
// prettier-ignore
const NEXT_STATE =
  //                +-------------- done
  //                |+------------- start
  //                ||+------------ prime
  //                |||+----------- arm
  //                ||||+---------- trigger
  //                |||||+--------- release
  //                ||||||+-------- hold
  //                |||||||+------- resume
  //                ||||||||+------ reload
  //                |||||||||+----- end
  //                ||||||||||+---- stop
  //                |||||||||||+--- service
  //                ||||||||||||+-- fault
  //                |||||||||||||+- clear
  /* A BOOT      */ 'B@@@@@@@@@@@M@' +
  /* B SELF_TEST */ 'C@@@@@@@@@@@M@' +
  /* C IDLE      */ '@D@@@@@@@@CLM@' +
  /* D HOMING    */ 'E@@@@@@@@@C@M@' +
  /* E PROBING   */ 'F@@@@@@@@@C@M@' +
  /* F READY     */ '@@GH@@@@@CC@M@' +
  /* G PRIMING   */ 'F@@@@FF@@@F@M@' +
  /* H ARMED     */ '@@@@I@J@@CJ@M@' +
  /* I TREATING  */ 'K@@@@HJ@@@J@M@' +
  /* J PAUSED    */ '@@@@@@@HFCJ@M@' +
  /* K COMPLETE  */ '@@@@@@@@@CC@M@' +
  /* L SERVICE   */ '@@@@@@@@@CCCM@' +
  /* M FAULT     */ '@@@@@@@@@@@@@B';

/**
 * How long a state may last, ms; 0 = without limit because nothing moves and nobody is touched.
 * Chosen: homing and probing from travel and speed with threefold margin, the rest from the patience of a person.
 */
// prettier-ignore
export const STATE_LIMIT_MS = [
  /* BOOT */ 10000, /* SELF_TEST */ 10000, /* IDLE */ 0, /* HOMING */ 30000, /* PROBING */ 120000, /* READY */ 0, /* PRIMING */ 120000,
  /* ARMED */ 600000, /* TREATING */ 600000, /* PAUSED */ 1800000, /* COMPLETE */ 0, /* SERVICE */ 0, /* FAULT */ 0,
];

/** Next state, or -1 when the event means nothing here. Allocates nothing. */
export function nextState(state: number, event: number): number {
  return NEXT_STATE.charCodeAt(state * EVENT_COUNT + event) - LETTER_A;
}

/** Names in the order of the numbers: README, link and reports use them. */
export const STATE_NAMES: readonly string[] = [
  'BOOT',
  'SELF_TEST',
  'IDLE',
  'HOMING',
  'PROBING',
  'READY',
  'PRIMING',
  'ARMED',
  'TREATING',
  'PAUSED',
  'COMPLETE',
  'SERVICE',
  'FAULT',
];
export const EVENT_NAMES: readonly string[] = [
  'done',
  'start',
  'prime',
  'arm',
  'trigger',
  'release',
  'hold',
  'resume',
  'reload',
  'end',
  'stop',
  'service',
  'fault',
  'clear',
];
