// What the TMC5240 model answers: the register words that are computed when read, and the status byte. Changes nothing.
// Expects the ramp sampled at the moment asked for. Runs in the simulator. Source: TMC5240 datasheet Rev 1, register map.
import * as R from '../../hal/drivers/tmc5240-registers.ts';
import { ABSENT, KIND, LIVE, SPECIAL } from './tmc5240-map.ts';
import type { ChipState } from './tmc5240-state.ts';

/** standstill: so many clocks after the last step; fewer with fast_standstill. */
const STANDSTILL_CLOCKS = 1_048_576;
const FAST_STANDSTILL_CLOCKS = 262_144;
/** TPOWERDOWN counts in these. */
const POWERDOWN_CLOCKS = 262_144;
const TSTEP_STANDSTILL = 0xfffff;
const SILICON_REVISION = 0x10000;
/** The external reference resistor is fitted. */
const EXT_RES_DET = 0x2000;
/** Chosen: chip at 35 °C, 7.7 counts/°C. */
const TEMPERATURE_COUNTS = R.ADC_TEMP_ZERO_COUNTS + 270;
/** Chosen: rounding of doubles when a velocity goes back to register units. */
const UNIT_NOISE = 1e-4;

const vactual = (chip: ChipState): number => {
  const v = chip.ramp.velocity * chip.velocityUnits;
  return v < 0 ? -Math.floor(-v + UNIT_NOISE) : Math.floor(v + UNIT_NOISE);
};

const standsForUs = (chip: ChipState, atUs: number): number =>
  chip.ramp.velocity === 0 && chip.ramp.acceleration === 0 ? atUs - chip.ramp.restSinceUs : 0;

const standstill = (chip: ChipState, atUs: number): boolean => {
  const clocks = ((chip.registers[R.REG_GCONF] as number) & R.GCONF_FAST_STANDSTILL) !== 0 ? FAST_STANDSTILL_CLOCKS : STANDSTILL_CLOCKS;
  return standsForUs(chip, atUs) * chip.clocksPerUs >= clocks;
};

const stallGuardHit = (chip: ChipState, atUs: number): boolean =>
  chip.ramp.planner.stalled || (chip.load !== null && chip.ramp.velocity !== 0 && chip.load(atUs) <= 0);

const rampStatus = (chip: ChipState, atUs: number): number => {
  const { ramp, registers } = chip;
  const { xactual, planner } = ramp;
  let word = chip.switches.status | chip.switches.latches | ramp.events;
  if (Math.abs(vactual(chip)) === registers[R.REG_VMAX]) word |= R.RAMP_VELOCITY_REACHED;
  if (xactual === planner.target) word |= R.RAMP_POSITION_REACHED;
  if (ramp.velocity === 0) word |= R.RAMP_VZERO;
  if (ramp.waiting) word |= R.RAMP_T_ZEROWAIT_ACTIVE;
  if (stallGuardHit(chip, atUs)) word |= R.RAMP_STATUS_SG;
  if (xactual <= planner.virtualLeft) word |= R.RAMP_STATUS_VIRTUAL_STOP_L;
  if (xactual >= planner.virtualRight) word |= R.RAMP_STATUS_VIRTUAL_STOP_R;
  return word;
};

/** Byte 0 of the next reply. */
export const spiStatus = (chip: ChipState, atUs: number): number => {
  const { ramp, power } = chip;
  let status = power.gstat & (R.GSTAT_RESET | R.GSTAT_DRV_ERR);
  const switches = chip.switches.status;
  if ((switches & R.RAMP_STATUS_STOP_L) !== 0) status |= R.SPI_STOP_L;
  if ((switches & R.RAMP_STATUS_STOP_R) !== 0) status |= R.SPI_STOP_R;
  if (ramp.xactual === ramp.planner.target) status |= R.SPI_POSITION_REACHED;
  if (Math.abs(vactual(chip)) === chip.registers[R.REG_VMAX]) status |= R.SPI_VELOCITY_REACHED;
  if (standstill(chip, atUs)) status |= R.SPI_STANDSTILL;
  if (stallGuardHit(chip, atUs)) status |= R.SPI_SG2;
  return status;
};

/** IHOLD once TPOWERDOWN has passed in standstill, else IRUN. The steps of IHOLDDELAY and IRUNDELAY are not modelled. */
const currentScale = (chip: ChipState, atUs: number): number => {
  const word = chip.registers[R.REG_IHOLD_IRUN] as number;
  const waits = STANDSTILL_CLOCKS + (chip.registers[R.REG_TPOWERDOWN] as number) * POWERDOWN_CLOCKS;
  return standsForUs(chip, atUs) * chip.clocksPerUs >= waits ? word & 31 : (word >> R.IRUN_SHIFT) & 31;
};

const driverStatus = (chip: ChipState, atUs: number): number => {
  const load = chip.load === null ? 0 : Math.max(0, Math.min(1023, Math.round(chip.load(atUs))));
  let word = chip.power.flags | load | (currentScale(chip, atUs) << R.DRV_CS_ACTUAL_SHIFT);
  if (((chip.registers[R.REG_GCONF] as number) & R.GCONF_EN_PWM_MODE) !== 0) word |= R.DRV_STEALTH;
  if (stallGuardHit(chip, atUs)) word |= R.DRV_STALLGUARD;
  if (standstill(chip, atUs)) word |= R.DRV_STST;
  return word;
};

const pins = (chip: ChipState, atUs: number): number => {
  const phase = chip.encoder.counts(atUs) & 3;
  let word = (R.VERSION_TMC5240 << R.IOIN_VERSION_SHIFT) | SILICON_REVISION | EXT_RES_DET;
  if (chip.switches.pinLeft === 1) word |= R.IOIN_REFL;
  if (chip.switches.pinRight === 1) word |= R.IOIN_REFR;
  if (phase >= 2) word |= R.IOIN_ENCB;
  if (phase === 1 || phase === 2) word |= R.IOIN_ENCA;
  if (chip.power.enableN === 1) word |= R.IOIN_DRV_ENN;
  return word | ((chip.registers[R.REG_IOIN] as number) << 12);
};

/** Microsteps of 1/256 that one step of XACTUAL stands for. */
const fineSteps = (chip: ChipState): number => 1 << (((chip.registers[R.REG_CHOPCONF] as number) >> R.CHOPCONF_MRES_SHIFT) & 15);

/** Clocks per 1/256 microstep. */
const tstep = (chip: ChipState): number => {
  const v = Math.abs(vactual(chip)) * fineSteps(chip);
  return v === 0 ? TSTEP_STANDSTILL : Math.min(TSTEP_STANDSTILL, Math.floor(R.VELOCITY_SCALE / v));
};

const readLive = (chip: ChipState, atUs: number, address: number): number => {
  switch (address) {
    case R.REG_XACTUAL:
      return chip.ramp.xactual;
    case R.REG_X_ENC:
      return chip.encoder.value(atUs);
    case R.REG_RAMP_STAT:
      return rampStatus(chip, atUs);
    case R.REG_VACTUAL:
      return vactual(chip) & 0xffffff;
    case R.REG_AACTUAL:
      return Math.round(chip.ramp.acceleration * chip.accelerationUnits) & 0xffffff;
    case R.REG_GSTAT:
      return chip.power.gstat;
    case R.REG_DRV_STATUS:
      return driverStatus(chip, atUs);
    case R.REG_IOIN:
      return pins(chip, atUs);
    case R.REG_ENC_STATUS:
      return chip.encoder.status;
    case R.REG_ENC_LATCH:
      return chip.encoder.latch;
    case R.REG_TSTEP:
      return tstep(chip);
    case R.REG_MSCNT:
      return (Math.floor(chip.coilsAt(atUs)) * fineSteps(chip)) & 0x3ff;
    case R.REG_ADC_VSUPPLY_AIN:
      return Math.round((chip.power.supplyMv * 1000) / R.ADC_VSUPPLY_UV_PER_COUNT) & 0x1fff;
    case R.REG_ADC_TEMP:
      return TEMPERATURE_COUNTS;
    default:
      return chip.registers[address] as number;
  }
};

/** The word that a read datagram accepted at `atUs` will bring with the next one. */
export const readRegister = (chip: ChipState, atUs: number, address: number): number => {
  const kind = KIND[address] as number;
  if (kind === LIVE || kind === SPECIAL) return readLive(chip, atUs, address);
  if (kind !== ABSENT) return chip.registers[address] as number;
  chip.note(address);
  return 0;
};
