// What one tick knows: plain integers copied from the devices before anything is decided. The core reads nothing else,
// so a recorded list of readings replays a session exactly, on any engine.
import type { AtMs } from '../../hal/units.ts';

/** One tick's inputs. Filled by tick.ts, read by the session; never kept. */
export class Readings {
  nowMs = 0 as AtMs;
  /** Ramp position and motor encoder, µm from home; flags AXIS_… */
  needleUm = 0;
  encoderUm = 0;
  needleFlags = 0;
  homeErrorUm = 0;
  /** Ramp position, microsteps from fully retracted; flags AXIS_… */
  plungerSteps = 0;
  plungerFlags = 0;
  /** Travel wheel path, µm. */
  wheelUm = 0;
  wheelAtMs = 0 as AtMs;
  ringMn = 0;
  ringValid = 0;
  pusherMn = 0;
  pusherValid = 0;
  /** Debounced ring contact, trigger and OK button. */
  contact = 0;
  triggerHeld = 0;
  pressCount = 0;
  okCount = 0;
  /** The host was silent for too long while it attends a session. */
  hostLost = 0;
  /** 1 = a command of the host waits for a tick that has time for it. */
  hostAsks = 0;
  /** The last order to an axis was refused by its driver: DEVICE_… */
  needleCode = 0;
  plungerCode = 0;
  /** Answer of the load cells' last set-up: DEVICE_… */
  cellsCode = 0;
}
