// Registers and bits of the NAU7802 load-cell converter, named as in its datasheet. Numbers only. Runs on the gun and in the simulator.
// Source: Nuvoton NAU7802 datasheet V1.7, "Register map"; the same names as in the Linux driver drivers/iio/adc/nau7802.c.

export const NAU7802_ADDRESS = 0x2a;

export const NAU_PU_CTRL = 0x00;
export const NAU_CTRL1 = 0x01;
export const NAU_CTRL2 = 0x02;
export const NAU_OCAL1_B2 = 0x03;
export const NAU_GCAL2_B0 = 0x10;
export const NAU_I2C_CONTROL = 0x11;
export const NAU_ADCO_B2 = 0x12;
export const NAU_ADCO_B0 = 0x14;
export const NAU_ADC = 0x15;
export const NAU_PGA = 0x1b;
export const NAU_POWER = 0x1c;
export const NAU_REVISION = 0x1f;

// PU_CTRL.
export const PU_REGISTER_RESET = 0x01;
export const PU_DIGITAL = 0x02;
export const PU_ANALOG = 0x04;
export const PU_READY = 0x08;
export const PU_CYCLE_START = 0x10;
export const PU_CYCLE_READY = 0x20;
export const PU_AVDD_INTERNAL = 0x80;

// CTRL1: gain 2^n in bits 2..0, LDO voltage code in bits 5..3.
export const CTRL1_GAIN_MASK = 0x07;
export const CTRL1_GAIN_128 = 0x07;
export const CTRL1_LDO_3V0 = 0x28;

// CTRL2: conversion rate in bits 6..4.
export const CTRL2_RATE_SHIFT = 4;
export const CTRL2_RATE_MASK = 0x70;
export const CTRL2_RATE_320 = 0x70;
export const CTRL2_CALIBRATE = 0x04;
export const CTRL2_CHANNEL_2 = 0x80;

/** ADC register: chopper clock off, as the datasheet asks. */
export const ADC_CHOPPER_OFF = 0x30;
/** POWER register: the capacitor between VIN2P and VIN2N filters the amplifier. */
export const POWER_PGA_CAP = 0x80;
/** Low nibble of the revision register. */
export const REVISION_NIBBLE = 0x0f;
