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
  LOOK_PINS,
  LOOK_RAMP,
  OK,
} from '../devices.ts';
import type { SpiDevice } from '../io.ts';
import type { RampProfile } from './ramp-profile.ts';
import {
  GSTAT_ALL,
  GSTAT_DRV_ERR,
  GSTAT_REGISTER_RESET,
  GSTAT_RESET,
  GSTAT_UV_CP,
  GSTAT_VM_UVLO,
  IOIN_DRV_ENN,
  IOIN_VERSION_SHIFT,
  RAMP_STATUS_LATCH_L,
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
import { TAP_STATUS, TAP_XACTUAL_READ } from './tap.ts';
import { ASK_NOTHING, Tmc5240, asking, wordOf } from './tmc5240.ts';

const TRIES = 3;
/** Where the datagram that asks for the place stands, behind those of the looks. */
const PLACE = 5;
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
  private readonly bus: SpiDevice;
  /**
   * The datagrams of a poll, by LOOK_… and PLACE. Those for place and encoder carry what the register is believed to hold, so that a
   * disturbed W bit writes nothing new: they are the chip's own last replies under another head.
   */
  private readonly asks: Uint8Array[];
  /** X_ENC as of the last LOOK_ENCODER. */
  encoderSteps: number;
  /** Distance of the last latched home edge from where it should be. */
  protected edgeErrorSteps: number;
  protected limitSteps: number;
  /** 1 while TOFF > 0. */
  protected powered: number;
  protected looked: number;

  constructor(spi: SpiDevice, profile: RampProfile) {
    this.bus = spi;
    this.asks = [ASK_NOTHING, asking(REG_X_ENC), asking(REG_RAMP_STAT), asking(REG_GSTAT), asking(REG_IOIN), asking(REG_XACTUAL)];
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
    if (!(look && this.glance(look)) && !this.sample(look)) {
      this.flags = (this.flags & FLAGS_THAT_STAY & ~AXIS_HOMING) | AXIS_SILENT;
      return 0;
    }
    if (look === LOOK_ENCODER) this.seeEncoder();
    else if (look === LOOK_RAMP) this.seeRamp();
    else if (look === LOOK_PINS) this.seePins();
    return 1;
  }

  /**
   * Of an axis that stands: the look alone, in two datagrams. 1 when the status that comes with it says that nothing else has changed:
   * the chip's own comparison of counter and target, and its flags. XACTUAL is read again as soon as it does not (sample).
   */
  private glance(look: number): number {
    const flags = this.flags;
    if ((flags & (AXIS_ARRIVED | AXIS_HOMING)) !== AXIS_ARRIVED) return 0;
    this.bus.tell(this.asks[look] as Uint8Array);
    const reply = this.bus.exchange(ASK_NOTHING);
    const status = reply[0] as number;
    if ((status & (SPI_POSITION_REACHED | SPI_RESET_FLAG | SPI_DRIVER_ERROR)) !== SPI_POSITION_REACHED) return 0;
    // SPI_STOP_L stands five places left of AXIS_AT_HOME_SWITCH.
    if (((status >> 5) ^ flags) & AXIS_AT_HOME_SWITCH) return 0;
    this.tap[TAP_STATUS] = status;
    this.takeLook(look, reply);
    return 1;
  }

  private takeLook(look: number, reply: Uint8Array): void {
    const word = wordOf(reply);
    this.looked = word;
    if (word === -1 && reply[0] === 0xff) return;
    const register = (this.asks[look] as Uint8Array)[0] as number;
    this.tap[register] = word;
    if (look !== LOOK_ENCODER) return;
    reply[0] = register;
    this.asks[look] = reply;
  }

  /** Position, status and the look. A reply that no chip sends, or a place outside the fence, is asked for again. 1 when believed. */
  protected sample(look: number): number {
    const spi = this.bus;
    const asks = this.asks;
    for (let i = 0; i < TRIES; i++) {
      spi.tell(asks[PLACE] as Uint8Array);
      const reply = spi.exchange(asks[look] as Uint8Array);
      const status = reply[0] as number;
      const position = wordOf(reply);
      const third = !look ? reply : spi.exchange(ASK_NOTHING);
      this.tap[TAP_STATUS] = status;
      if (
        ((status !== 0xff && status | position) || this.chip.credible(status, position)) &&
        (i === TRIES - 1 || !this.outside(position))
      ) {
        // Not by comparing the replies: to Espruino two arrays that hold the same are the same.
        if (look) this.takeLook(look, third);
        reply[0] = REG_XACTUAL;
        asks[PLACE] = reply;
        this.tap[TAP_XACTUAL_READ] = position;
        this.positionSteps = position;
        this.takeStatus(status);
        return 1;
      }
      this.chip.countError();
    }
    return 0;
  }

  private outside(position: number): boolean {
    return (
      (this.flags & AXIS_HOMED) !== 0 && (position > this.limitSteps + 1 || (position < 0 && position < -this.profile.behindSteps - 1))
    );
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
    if (!allowed) return;
    if (this.deviates(allowed)) {
      // Either reading may have been disturbed: both once more.
      if (this.sample(LOOK_ENCODER)) this.encoderSteps = this.looked;
      if (this.deviates(allowed)) {
        this.flags |= AXIS_DEVIATION;
        return;
      }
    }
    this.flags &= ~AXIS_DEVIATION;
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
    if (gstat & (GSTAT_DRV_ERR | GSTAT_UV_CP)) this.flags |= AXIS_DRIVER_ERROR;
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
