// What one poll of a ramp chip says: position, flags, and one look a time at encoder, latches, health or pins.
// Doubts a reply before it believes it. Moves nothing. Runs on the gun. Source: TMC5240 datasheet 19-101625 Rev 1, SPI_STATUS, GSTAT, RAMP_STAT.
import {
  AXIS_ARRIVED,
  AXIS_AT_HOME_SWITCH,
  AXIS_DEVIATION,
  AXIS_DRIVER_ERROR,
  AXIS_ENABLED,
  AXIS_HOMED,
  AXIS_HOMING,
  AXIS_RESET,
  AXIS_SILENT,
  DEVICE_DRIVER,
  DEVICE_RESET,
  LOOK_ENCODER,
  LOOK_HEALTH,
  LOOK_NOTHING,
  LOOK_PINS,
  LOOK_RAMP,
  OK,
} from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import type { RampProfile } from './ramp-profile.ts';
import {
  DRV_OT,
  DRV_OTPW,
  DRV_S2GA,
  DRV_S2GB,
  GSTAT_ALL,
  GSTAT_DRV_ERR,
  GSTAT_REGISTER_RESET,
  GSTAT_RESET,
  GSTAT_UV_CP,
  GSTAT_VM_UVLO,
  IOIN_DRV_ENN,
  IOIN_VERSION_SHIFT,
  RAMP_STATUS_LATCH_L,
  REG_DRV_STATUS,
  REG_GCONF,
  REG_GSTAT,
  REG_IOIN,
  REG_RAMP_STAT,
  REG_XACTUAL,
  REG_XLATCH,
  REG_X_ENC,
  SPI_DRIVER_ERROR,
  SPI_POSITION_REACHED,
  SPI_RESET_FLAG,
  SPI_STOP_L,
  VERSION_TMC5240,
} from './tmc5240-registers.ts';
import { Tmc5240 } from './tmc5240.ts';

const TRIES = 3;
/** The register a look reads, by LOOK_…; nothing is GCONF, which has no side effect. */
const LOOK_REGISTER = [REG_GCONF, REG_X_ENC, REG_RAMP_STAT, REG_GSTAT, REG_IOIN];
const GSTAT_WAS_RESET = GSTAT_RESET | GSTAT_REGISTER_RESET | GSTAT_VM_UVLO;
/** Kept from poll to poll: AXIS_RESET and AXIS_DRIVER_ERROR until init(), the others until what sets them is looked at again. */
const FLAGS_THAT_STAY = AXIS_HOMED | AXIS_HOMING | AXIS_RESET | AXIS_DRIVER_ERROR | AXIS_DEVIATION | AXIS_ENABLED;

export class RampSense {
  flags: number;
  positionSteps: number;
  targetSteps: number;
  readonly tap: Int32Array;
  readonly chip: Tmc5240;
  readonly profile: RampProfile;
  /** X_ENC as of the last LOOK_ENCODER. */
  protected encoderSteps: number;
  /** Distance of the last latched home edge from where it should be. */
  protected edgeErrorSteps: number;
  protected limitSteps: number;
  /** 1 while TOFF > 0. */
  protected powered: number;
  private looked: number;

  constructor(spi: SpiDevice, profile: RampProfile) {
    this.chip = new Tmc5240(spi);
    this.tap = this.chip.tap;
    this.profile = profile;
    this.flags = 0;
    this.positionSteps = 0;
    this.targetSteps = 0;
    this.encoderSteps = 0;
    this.edgeErrorSteps = 0;
    this.limitSteps = profile.travelSteps;
    this.powered = 0;
    this.looked = 0;
  }

  /** Samples and looks; 0 when no believable reply came: AXIS_SILENT. */
  protected sense(look: number): number {
    if (!this.sample(look)) {
      this.flags = (this.flags & FLAGS_THAT_STAY & ~AXIS_HOMING) | AXIS_SILENT;
      return 0;
    }
    if (look === LOOK_ENCODER) this.seeEncoder();
    else if (look === LOOK_RAMP) this.seeRamp();
    else if (look === LOOK_HEALTH) this.seeHealth();
    else if (look === LOOK_PINS) this.seePins();
    return 1;
  }

  /** Position, status and the look. A reply that no chip sends, or a place outside the fence, is asked for again. 1 when believed. */
  protected sample(look: number): number {
    const chip = this.chip;
    for (let i = 0; i < TRIES; i++) {
      chip.exchange(REG_XACTUAL, this.positionSteps);
      const position = chip.exchange(LOOK_REGISTER[look] as number, look === LOOK_ENCODER ? this.encoderSteps : 0);
      const status = chip.status;
      if (look !== LOOK_NOTHING) this.looked = chip.exchange(REG_GCONF, 0);
      if (chip.credible(status, position) && (i === TRIES - 1 || !this.outside(position))) {
        this.positionSteps = position;
        this.takeStatus(status);
        return 1;
      }
      chip.countError();
    }
    return 0;
  }

  private outside(position: number): boolean {
    return (this.flags & AXIS_HOMED) !== 0 && (position > this.limitSteps + 1 || position < -this.profile.behindSteps - 1);
  }

  private takeStatus(status: number): void {
    let flags = this.flags & FLAGS_THAT_STAY;
    if (status & SPI_STOP_L) flags |= AXIS_AT_HOME_SWITCH;
    if (status & SPI_POSITION_REACHED && this.positionSteps === this.targetSteps) flags |= AXIS_ARRIVED;
    this.flags = flags;
    if (status & (SPI_RESET_FLAG | SPI_DRIVER_ERROR)) this.health(this.chip.read(REG_GSTAT, 0));
  }

  private seeEncoder(): void {
    this.encoderSteps = this.looked;
    const allowed = this.profile.deviationSteps;
    if (allowed === 0) return;
    if (this.deviates(allowed)) {
      // Either reading may have been disturbed: both once more.
      if (this.sample(LOOK_ENCODER)) this.encoderSteps = this.looked;
      if (this.deviates(allowed)) {
        this.flags = this.flags | AXIS_DEVIATION;
        return;
      }
    }
    this.flags = this.flags & ~AXIS_DEVIATION;
  }

  /** In motion the encoder is read one or three datagrams after the counter: half the limit is added for it. */
  private deviates(allowedSteps: number): boolean {
    const by = this.encoderSteps - this.positionSteps;
    const allowed = this.flags & AXIS_ARRIVED ? allowedSteps : allowedSteps + (allowedSteps >> 1);
    return by > allowed || by < -allowed;
  }

  /** The edge latched on the way home tells lost steps (R20). */
  private seeRamp(): void {
    if (!(this.looked & RAMP_STATUS_LATCH_L) || !(this.flags & AXIS_HOMED)) return;
    this.edgeErrorSteps = this.chip.read(REG_XLATCH, 0) - this.profile.insideSteps;
    this.chip.write(REG_RAMP_STAT, RAMP_STATUS_LATCH_L);
  }

  private seeHealth(): void {
    this.health(this.looked);
    const driver = this.chip.read(REG_DRV_STATUS, 0);
    if (driver !== -1 && driver & (DRV_OT | DRV_OTPW | DRV_S2GA | DRV_S2GB)) this.flags = this.flags | AXIS_DRIVER_ERROR;
  }

  private seePins(): void {
    if (this.looked >>> IOIN_VERSION_SHIFT !== VERSION_TMC5240) {
      this.chip.countError();
      return;
    }
    // Without current a spring may have moved the axis: where home was is not known any more, and cannot have drifted.
    this.flags = this.looked & IOIN_DRV_ENN || !this.powered ? this.flags & ~(AXIS_ENABLED | AXIS_HOMED) : this.flags | AXIS_ENABLED;
  }

  protected health(gstat: number): void {
    if (gstat < 0 || gstat > GSTAT_ALL) {
      this.chip.countError();
      return;
    }
    if (gstat & GSTAT_WAS_RESET) {
      this.lost();
    }
    if (gstat & (GSTAT_DRV_ERR | GSTAT_UV_CP)) this.flags = this.flags | AXIS_DRIVER_ERROR;
  }

  /** The chip does not hold what was written: nothing it says of position can be used until init() and home(). */
  protected lost(): void {
    this.powered = 0;
    this.flags = (this.flags & ~(AXIS_HOMED | AXIS_HOMING | AXIS_ENABLED | AXIS_ARRIVED)) | AXIS_RESET;
  }

  protected code(): number {
    if (this.flags & AXIS_RESET) return DEVICE_RESET;
    return this.flags & AXIS_DRIVER_ERROR ? DEVICE_DRIVER : OK;
  }
}
