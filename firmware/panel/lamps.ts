// What the lamp says to the operator, 0xRRGGBB. One colour a situation; the same table is what the simulated operator
// has learned. Chosen: red only for faults, green only when a prick may come, magenta when hands are needed.

export const LAMP_OFF = 0x000000;
/** Session idle: choose or load a programme. */
export const LAMP_IDLE = 0x202020;
/** Needle is homing: hands off. */
export const LAMP_BUSY = 0x0000ff;
/** Clip the probe cap on the ring. */
export const LAMP_CAP_ON = 0x8000ff;
/** Take the probe cap off. */
export const LAMP_CAP_OFF = 0xff80ff;
/** Ready: prime or arm. */
export const LAMP_READY = 0x00ffff;
/** Hold the gun needle up, ring free, and keep the trigger pressed until the lamp changes. */
export const LAMP_PRIME = 0xffff00;
/** Ring on the skin, trigger: pricks. */
export const LAMP_ARMED = 0x00ff00;
export const LAMP_TREATING = 0x008000;
/** Held: put the ring back, press OK to go on. */
export const LAMP_HELD = 0xff8000;
/** Change the syringe, then press OK. */
export const LAMP_SYRINGE = 0xff00ff;
export const LAMP_COMPLETE = 0xffffff;
export const LAMP_FAULT = 0xff0000;

/** Lamp of each state when nothing more particular is asked, by state number. */
// prettier-ignore
export const LAMP_BY_STATE = [
  /* BOOT */ LAMP_OFF,
  /* SELF_TEST */ LAMP_OFF,
  /* IDLE */ LAMP_IDLE,
  /* HOMING */ LAMP_BUSY,
  /* PROBING */ LAMP_CAP_ON,
  /* READY */ LAMP_READY,
  /* PRIMING */ LAMP_PRIME,
  /* ARMED */ LAMP_ARMED,
  /* TREATING */ LAMP_TREATING,
  /* PAUSED */ LAMP_HELD,
  /* COMPLETE */ LAMP_COMPLETE,
  /* SERVICE */ LAMP_IDLE,
  /* FAULT */ LAMP_FAULT,
];
