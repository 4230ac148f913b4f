// What the panel says in each state, why a session is held and what a fault is, 16 characters at most. Numbers are those of core/states,
// store/entry and core/faults; the long texts are at the desk (tools/fault-texts.ts). Runs on the gun.

/** One of the words of a text, counted from 0. Lists of texts would lie in the heap for good. */
export const wordOf = (words: string, index: number): string => words.split(',')[index] as string;

/** By state number: what is going on … */
export const STATE_WORDS = 'STARTING,SELF-TEST,PROGRAMME?,HANDS OFF,CLIP CAP ON,NOT PRIMED,NEEDLE UP,ARMED,TREATING,,COMPLETE,SERVICE,';
/** … and what the keys and the hand do there. */
export const KEY_WORDS =
  ',,OK START UP/DOWN,UP STOP,UP STOP,OK PRIME  UP END,HOLD TRIGGER,RING ON+TRIGGER,UP STOP,OK GO ON  UP END,OK END,UP LEAVE,OK CLEAR';
/** By HOLD_… number. */
export const HOLD_WORDS = ',STOPPED,NO CONTACT,HOST LOST,NEW SYRINGE,LIMIT,LATE,MOVED,DOSE SHORT?';
/** By FAULT_… number. */
export const FAULT_WORDS =
  ',TOO DEEP,STEPS LOST,NOT HOME,HOME DRIFT,PLUNGER TRAVEL,PLUNGER IN AIR,PLUNGER REVERSE,OCCLUSION,CHIP RESET,CHIP ERROR,BUS,LATE TICK,TRIGGER STUCK,SENSOR,STORE,TIME LIMIT,SELF-TEST,SOFTWARE,NO PERMIT,NEEDLE IN LONG,ENABLE,PROBE,MEMORY,CONTACT,RING ON BENCH';
/** Asked before a session begins, OK by OK. */
export const CHECK_WORDS = ',NEW NEEDLE?,SYRINGE FILLED?,PATIENT ASKED?';
/** How many questions, and the first that is none. */
export const CHECKS = 4;
