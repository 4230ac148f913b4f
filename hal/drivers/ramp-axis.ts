// One axis on a TMC5240, in microsteps: set-up, polling, moves, stop, homing. Needle and plunger add their units and limits.
// Moves in position mode only (R01). Not responsible for who may move when. Runs on the gun.
import {
  AXIS_ARRIVED,
  AXIS_DRIVER_ERROR,
  AXIS_HOMED,
  AXIS_HOMING,
  AXIS_RESET,
  DEVICE_BUS,
  DEVICE_DRIVER,
  DEVICE_LIMIT,
  DEVICE_NOT_HOMED,
  DEVICE_RESET,
  LOOK_HEALTH,
  LOOK_NOTHING,
  OK,
} from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import type { AtMs } from '../units.ts';
import { HOMING_DONE, Homing } from './homing.ts';
import { FIRST_STEADY_SETTING, RAMP_CLOCK_HZ, chopperOf, settingsOf, velocityOf } from './ramp-profile.ts';
import type { RampProfile } from './ramp-profile.ts';
import { RampSense } from './ramp-sense.ts';
import { rampForMs } from './ramp-time.ts';
import {
  CHOPCONF_TOFF_MASK,
  DRV_OT,
  DRV_OTPW,
  DRV_S2GA,
  DRV_S2GB,
  GSTAT_ALL,
  RAMP_CLEARABLE,
  REG_CHOPCONF,
  REG_DRV_STATUS,
  REG_GSTAT,
  REG_RAMP_STAT,
  REG_SW_MODE,
  REG_VIRTUAL_STOP_L,
  REG_VIRTUAL_STOP_R,
  REG_VMAX,
  REG_VSTART,
  REG_XACTUAL,
  REG_XTARGET,
  REG_X_ENC,
  SW_EN_VIRTUAL_STOP_L,
  SW_EN_VIRTUAL_STOP_R,
  SW_LATCH_L_ACTIVE,
  VELOCITY_SCALE,
} from './tmc5240-registers.ts';

export class RampAxis extends RampSense {
  arrivesAtMs: AtMs;
  /** Pairs (register, value) that the chip is to hold; changed in place when one is set anew. */
  private settings: number[];
  private audited: number;
  private readonly homing: Homing;
  private wasHomed: number;

  constructor(spi: SpiDevice, profile: RampProfile) {
    super(spi, profile);
    this.settings = settingsOf(profile);
    this.audited = FIRST_STEADY_SETTING;
    this.homing = new Homing();
    this.arrivesAtMs = 0 as AtMs;
    this.wasHomed = 0;
  }

  /** Probe, all registers written and read back, GSTAT cleared so that a later 1 means a reset. About 80 datagrams; boot only. */
  init(): number {
    const chip = this.chip;
    this.flags = 0;
    this.powered = 0;
    this.limitSteps = this.profile.travelSteps;
    this.settings = settingsOf(this.profile);
    const code = chip.probe() || this.configure();
    if (code) return code;
    this.powered = 1;
    chip.write(REG_RAMP_STAT, RAMP_CLEARABLE);
    chip.write(REG_GSTAT, GSTAT_ALL);
    this.health(chip.read(REG_GSTAT, 0));
    if (this.flags) return this.code();
    this.positionSteps = chip.read(REG_XACTUAL, 0);
    this.targetSteps = this.positionSteps;
    chip.write(REG_X_ENC, this.profile.deviationSteps > 0 ? this.positionSteps : 0);
    return chip.writeVerified(REG_XTARGET, this.positionSteps);
  }

  /** See Axis.poll. Takes 2 datagrams, 3 with a look in motion; 5 or 6 for LOOK_HEALTH, once a return 5 for LOOK_RAMP; more when in doubt. */
  poll(nowMs: AtMs, look: number): number {
    if (!this.sense(look)) return DEVICE_BUS;
    if (look === LOOK_HEALTH) this.seeHealth();
    const flags = this.flags;
    if (!(flags & (AXIS_HOMING | AXIS_RESET | AXIS_DRIVER_ERROR))) return OK;
    if (flags & AXIS_HOMING) {
      const code = this.homing.step(this, nowMs);
      if (this.homing.phase === HOMING_DONE || code) this.endHoming(code);
      if (code) return code;
    }
    return this.code();
  }

  home(nowMs: AtMs): number {
    if (this.flags & AXIS_RESET) return DEVICE_RESET;
    let code = this.enable() || (this.sample(LOOK_NOTHING) ? OK : DEVICE_BUS);
    if (code) return code;
    this.wasHomed = this.flags & AXIS_HOMED;
    this.flags = (this.flags & ~AXIS_HOMED) | AXIS_HOMING;
    code = this.homing.begin(this, nowMs);
    if (code) this.endHoming(code);
    return code;
  }

  /** Ends homing too. The old target stays in the chip; the next move replaces it before it gives a speed. */
  stop(): number {
    this.flags &= ~AXIS_HOMING;
    return this.halt();
  }

  /** VMAX and VSTART to 0 in position mode, both read back. */
  halt(): number {
    return this.chip.writeBoth(REG_VMAX, 0, REG_VSTART, 0);
  }

  /** Power stage off by TOFF = 0. enable(), home() and init() switch it on again. One that a spring moves then forgets its home. */
  off(): number {
    const code = this.set(REG_CHOPCONF, chopperOf(this.profile) & ~CHOPCONF_TOFF_MASK);
    if (code) return code;
    this.powered = 0;
    if (this.profile.springs) this.flags &= ~AXIS_HOMED;
    return OK;
  }

  /** Power stage on again after off(), still gated by the enable chain. Moves nothing. */
  enable(): number {
    if (this.powered) return OK;
    const code = this.set(REG_CHOPCONF, chopperOf(this.profile));
    if (!code) this.powered = 1;
    return code;
  }

  /** One register, signed; judge it together with TAP_READ_ERRORS and TAP_STATUS. */
  readRaw(register: number): number {
    return this.chip.read(register, register === REG_XACTUAL ? this.positionSteps : register === REG_X_ENC ? this.encoderSteps : 0);
  }

  /**
   * Part of homing and of the checked moves: no limits. A stopped axis gets its target, verified, before it gets a speed; one that has a
   * speed gets the new one first, and both are verified together: what the bus disturbs is found out, and stopped, within this call.
   */
  go(targetSteps: number, stepsPerS: number, nowMs: AtMs): number {
    const chip = this.chip;
    const velocity = velocityOf(stepsPerS);
    const changes = chip.vmax !== velocity;
    const code =
      chip.vmax && changes
        ? chip.writeBoth(REG_VMAX, velocity, REG_XTARGET, targetSteps)
        : chip.writeVerified(REG_XTARGET, targetSteps) || (changes && chip.writeVerified(REG_VMAX, velocity));
    if (code) {
      this.halt();
      return code;
    }
    this.targetSteps = targetSteps;
    this.flags &= ~AXIS_ARRIVED;
    const way = targetSteps - this.positionSteps;
    const forMs = rampForMs(way < 0 ? -way : way, (velocity * RAMP_CLOCK_HZ) / VELOCITY_SCALE, this.profile.accelerationStepsPerS2);
    this.arrivesAtMs = ((nowMs + forMs + 1) >>> 0) as AtMs;
    return OK;
  }

  /** Virtual stops: behind home, and at the limit. */
  fence(): number {
    return (
      this.set(REG_VIRTUAL_STOP_L, -this.profile.behindSteps) ||
      this.set(REG_VIRTUAL_STOP_R, this.limitSteps) ||
      this.set(REG_SW_MODE, SW_LATCH_L_ACTIVE | SW_EN_VIRTUAL_STOP_L | SW_EN_VIRTUAL_STOP_R)
    );
  }

  /** Sets the far virtual stop, 1…travelSteps. Before homing it is kept and takes effect with the first zero; init() forgets it. */
  protected limitAt(steps: number): number {
    if (steps < 1 || steps > this.profile.travelSteps) return DEVICE_LIMIT;
    this.limitSteps = steps;
    return this.flags & AXIS_HOMED ? this.set(REG_VIRTUAL_STOP_R, steps) : OK;
  }

  /** A move within the limits. Refuses a reset chip, an unknown position, a power stage switched off, a target or speed out of bounds. */
  protected start(targetSteps: number, stepsPerS: number, nowMs: AtMs): number {
    const profile = this.profile;
    if (this.flags & AXIS_RESET) return DEVICE_RESET;
    if (!(this.flags & AXIS_HOMED)) return DEVICE_NOT_HOMED;
    if (!this.powered) return DEVICE_DRIVER;
    if (targetSteps > this.limitSteps || targetSteps < -profile.behindSteps) return DEVICE_LIMIT;
    if (!(stepsPerS > 0 && stepsPerS <= profile.maxStepsPerS)) return DEVICE_LIMIT;
    return this.go(targetSteps, stepsPerS, nowMs);
  }

  /** Writes and verifies, past every check but R01's; a setting is remembered for its audit. 0, DEVICE_BUS or DEVICE_LIMIT. */
  set(register: number, value: number): number {
    const settings = this.settings;
    for (let i = FIRST_STEADY_SETTING; i < settings.length; i += 2) if (settings[i] === register) settings[i + 1] = value;
    return this.chip.writeVerified(register, value);
  }

  /** GSTAT came with the look; DRV_STATUS and one setting, in turn: a register that no longer holds its value counts as a reset (R22). */
  private seeHealth(): void {
    const chip = this.chip;
    const settings = this.settings;
    const at = this.audited;
    const register = settings[at] as number;
    const value = settings[at + 1] as number;
    this.health(this.looked);
    chip.put(REG_DRV_STATUS, 0);
    const driver = chip.exchange(register, value);
    const held = chip.answered();
    if (driver !== -1 && driver & (DRV_OT | DRV_OTPW | DRV_S2GA | DRV_S2GB)) this.flags |= AXIS_DRIVER_ERROR;
    if (this.flags & AXIS_RESET) return;
    this.audited = at + 2 < settings.length ? at + 2 : FIRST_STEADY_SETTING;
    if (held === value) return;
    chip.countError();
    if (!chip.readSteady(register, value) && chip.answer !== value) this.lost();
  }

  /** Two settings at a time; there is an even number of them. */
  private configure(): number {
    const chip = this.chip;
    const all = this.settings;
    let code = OK;
    for (let i = 0; i < all.length && !code; i += 4)
      code = chip.writeBoth(all[i] as number, all[i + 1] as number, all[i + 2] as number, all[i + 3] as number);
    return code;
  }

  private endHoming(code: number): void {
    this.flags &= ~AXIS_HOMING;
    if (code) return;
    this.flags |= AXIS_HOMED;
    this.edgeErrorSteps = this.wasHomed ? this.homing.edgeSteps - this.profile.insideSteps : 0;
  }
}
