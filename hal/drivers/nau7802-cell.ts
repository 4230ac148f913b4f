// A load cell behind a NAU7802 converter: newtons from counts, and whether they may be believed. Runs on the gun.
// Not responsible for limits, filters or what the force means. Source: Nuvoton NAU7802 datasheet V1.7, power-up sequence and ADCO.
import { DEVICE_BUS, DEVICE_MISSING, OK } from '../devices.ts';
import type { ForceCell } from '../devices.ts';
import type { I2cBus } from '../io.ts';
import { divRound, since } from '../units.ts';
import type { AtMs } from '../units.ts';
import {
  ADC_CHOPPER_OFF,
  CTRL1_GAIN_128,
  CTRL1_LDO_3V0,
  CTRL2_RATE_320,
  NAU7802_ADDRESS,
  NAU_ADC,
  NAU_ADCO_B2,
  NAU_CTRL1,
  NAU_CTRL2,
  NAU_POWER,
  NAU_PU_CTRL,
  NAU_REVISION,
  POWER_PGA_CAP,
  PU_ANALOG,
  PU_AVDD_INTERNAL,
  PU_CYCLE_START,
  PU_DIGITAL,
  PU_READY,
  PU_REGISTER_RESET,
  REVISION_NIBBLE,
} from './nau7802-registers.ts';

/** Chosen: 20 N cell (1 mV/V at 20 N, 3.0 V, gain 128) gives about half of the 2^23 counts. Calibration replaces it. */
export const RING_CELL_COUNTS_PER_N = 200000;
/** Chosen: 100 N cell, as above. */
export const PUSHER_CELL_COUNTS_PER_N = 40000;
/**
 * Chosen: 32 samples at 320 a second. The lowest bits of a 24-bit converter at gain 128 are noise, some 70 counts of it, so two polls in
 * 20 ms find the same value once in 250 times: one value for so long, and three times, is a converter that stands still or is stuck (R24).
 */
export const CELL_STALE_FOR_MS = 100;
/** Source: datasheet, power-up: ready within 200 µs; each try is a bus transfer of about that. */
const READY_TRIES = 10;
/** Written and read back in this order: register, value. */
const SETTINGS = [NAU_CTRL1, CTRL1_LDO_3V0 | CTRL1_GAIN_128, NAU_CTRL2, CTRL2_RATE_320, NAU_ADC, ADC_CHOPPER_OFF, NAU_POWER, POWER_PGA_CAP];

export class Nau7802Cell implements ForceCell {
  forceMn: number;
  valid: number;
  rawCounts: number;
  countsPerN: number;
  private readonly bus: I2cBus;
  private readonly octets: Uint8Array;
  private zeroCounts: number;
  private changedAtMs: AtMs;
  /** Polls since then. */
  private same: number;

  /** `countsPerN` > 0: converter counts a newton. */
  constructor(bus: I2cBus, countsPerN: number) {
    this.bus = bus;
    this.countsPerN = countsPerN;
    this.octets = new Uint8Array(2);
    this.forceMn = 0;
    this.valid = 0;
    this.rawCounts = 0;
    this.zeroCounts = 0;
    this.changedAtMs = 0 as AtMs;
    this.same = 0;
  }

  /** Reset, power up, settings read back, conversions started. 0, DEVICE_MISSING (nobody, or another chip) or DEVICE_BUS. About 20 transfers. */
  init(): number {
    this.valid = 0;
    this.rawCounts = 0;
    if (this.write(NAU_PU_CTRL, PU_REGISTER_RESET) || this.write(NAU_PU_CTRL, PU_DIGITAL)) return DEVICE_MISSING;
    if (!this.readyInTime()) return DEVICE_MISSING;
    const revision = this.read(NAU_REVISION);
    if (revision < 0 || (revision & REVISION_NIBBLE) !== REVISION_NIBBLE) return DEVICE_MISSING;
    const on = PU_DIGITAL | PU_ANALOG | PU_AVDD_INTERNAL;
    if (this.write(NAU_PU_CTRL, on)) return DEVICE_BUS;
    for (let i = 0; i < SETTINGS.length; i += 2) {
      const register = SETTINGS[i] as number;
      const value = SETTINGS[i + 1] as number;
      if (this.write(register, value) || this.read(register) !== value) return DEVICE_BUS;
    }
    return this.write(NAU_PU_CTRL, on | PU_CYCLE_START) ? DEVICE_BUS : OK;
  }

  /**
   * One transfer: the newest conversion, whether it was read before or not. DEVICE_BUS when nobody answered. 0 is what the converter
   * holds before its first conversion: no sample.
   */
  poll(nowMs: AtMs): number {
    const reply = this.bus.readRegister(NAU7802_ADDRESS, NAU_ADCO_B2, 3);
    if (!reply) {
      this.valid = 0;
      return DEVICE_BUS;
    }
    // 24 bits, sign first: the upper three bytes of a signed word.
    const counts = (((reply[0] as number) << 24) | ((reply[1] as number) << 16) | ((reply[2] as number) << 8)) >> 8;
    if (counts !== this.rawCounts && counts) {
      this.rawCounts = counts;
      this.changedAtMs = nowMs;
      this.forceMn = divRound((counts - this.zeroCounts) * 1000, this.countsPerN);
      this.valid = 1;
      this.same = 0;
    } else if (++this.same > 2 && since(nowMs, this.changedAtMs) > CELL_STALE_FOR_MS) this.valid = 0;
    return OK;
  }

  tare(): void {
    this.zeroCounts = this.rawCounts;
    this.forceMn = 0;
  }

  private readyInTime(): number {
    for (let i = 0; i < READY_TRIES; i++) {
      const state = this.read(NAU_PU_CTRL);
      if (state >= 0 && state & PU_READY) return 1;
    }
    return 0;
  }

  private write(register: number, value: number): number {
    this.octets[0] = register;
    this.octets[1] = value;
    return this.bus.writeBytes(NAU7802_ADDRESS, this.octets);
  }

  /** One register, -1 when nobody answered. */
  private read(register: number): number {
    const reply = this.bus.readRegister(NAU7802_ADDRESS, register, 1);
    return reply ? (reply[0] as number) : -1;
  }
}
