// What a write to the TMC5240 model does, and what its reference pins do. Answers nothing. Runs in the simulator.
// Source: TMC5240 datasheet Rev 1, register map.
import * as R from '../../hal/drivers/tmc5240-registers.ts';
import { ABSENT, KIND, LIVE, MASK, RAMP, SPECIAL, STORED_UNUSED } from './tmc5240-map.ts';
import type { ChipState } from './tmc5240-state.ts';

/** Bits whose behaviour is not modelled; setting one reports the register. */
const GCONF_UNMODELLED = R.GCONF_STOP_ENABLE | R.GCONF_DIRECT_MODE;
const ENCMODE_UNMODELLED = 0x130;

/** Pins or SW_MODE have changed: latches first, then stop conditions. */
export const refreshSwitches = (chip: ChipState, atUs: number): void => {
  const mode = chip.registers[R.REG_SW_MODE] as number;
  const { planner } = chip.ramp;
  chip.ramp.sample(atUs);
  if (chip.switches.update(mode) !== 0) {
    chip.registers[R.REG_XLATCH] = chip.ramp.xactual;
    if ((mode & R.SW_EN_LATCH_ENCODER) !== 0) chip.encoder.latch = chip.encoder.value(atUs);
  }
  if ((mode & R.SW_VIRTUAL_STOP_ENC) !== 0) chip.note(R.REG_SW_MODE);
  if ((mode & R.SW_SG_STOP) === 0) planner.stalled = false;
  planner.stopLeft = chip.switches.stopsLeft;
  planner.stopRight = chip.switches.stopsRight;
  chip.ramp.replan(atUs);
};

const clearEvents = (chip: ChipState, atUs: number, bits: number): void => {
  chip.switches.latches &= ~bits;
  chip.ramp.events &= ~bits;
  if ((bits & R.RAMP_EVENT_STOP_SG) === 0 || !chip.ramp.planner.stalled) return;
  chip.ramp.planner.stalled = false;
  chip.ramp.replan(atUs);
};

const writeRamp = (chip: ChipState, atUs: number, address: number, value: number): void => {
  if (chip.registers[address] === value) return;
  chip.registers[address] = value;
  chip.loadParameters();
  if (address === R.REG_SW_MODE) refreshSwitches(chip, atUs);
  else chip.ramp.replan(atUs);
};

const writeSpecial = (chip: ChipState, atUs: number, address: number, value: number): void => {
  switch (address) {
    case R.REG_XACTUAL:
      chip.place(atUs, value);
      return;
    case R.REG_RAMP_STAT:
      clearEvents(chip, atUs, value);
      return;
    case R.REG_GSTAT:
      chip.power.clear(value);
      return;
    case R.REG_X_ENC:
      chip.encoder.place(atUs, value);
      return;
    case R.REG_ENC_STATUS:
      chip.encoder.status &= ~value;
      return;
    case R.REG_ENC_CONST:
      chip.encoder.setConstant(atUs, value);
      break;
    case R.REG_ENCMODE:
      if ((value & ENCMODE_UNMODELLED) !== 0) chip.note(address);
      chip.encoder.setMode(atUs, value);
      break;
    case R.REG_GCONF:
      if ((value & GCONF_UNMODELLED) !== 0) chip.note(address);
      chip.setDirection(atUs, (value & R.GCONF_SHAFT) !== 0 ? -1 : 1);
      break;
    case R.REG_CHOPCONF:
      chip.power.setToff(value & R.CHOPCONF_TOFF_MASK);
      break;
  }
  chip.registers[address] = value;
};

/** A write datagram accepted at `atUs`; the ramp has been sampled there. */
export const writeRegister = (chip: ChipState, atUs: number, address: number, data: number): void => {
  const kind = KIND[address] as number;
  const value = data & (MASK[address] as number);
  if (kind === ABSENT || (kind === STORED_UNUSED && value !== 0)) chip.note(address);
  if (kind === SPECIAL) writeSpecial(chip, atUs, address, value);
  else if (kind === RAMP) writeRamp(chip, atUs, address, value);
  else if (kind !== ABSENT && kind !== LIVE) chip.registers[address] = value;
};
