// The pins of the reference gun against what the RP2040 can do.
// Source: RP2040 datasheet, "GPIO functions": the bank-0 function table repeats every 16 pins for SPI, I2C and PWM.
import { describe, expect, it } from 'vitest';
import { PICO } from '../../../hal/boards/pico.ts';

/** GP23 to GP25 and GP29 serve the Pico itself. Source: Raspberry Pi Pico datasheet, pinout. */
const ON_HEADER = (pin: number): boolean => (pin >= 0 && pin <= 22) || (pin >= 26 && pin <= 28);

const spi = (pin: number): string => `SPI${String((pin >> 3) & 1)} ${['RX', 'CSn', 'SCK', 'TX'][pin & 3] ?? ''}`;
const i2c = (pin: number): string => `I2C${String((pin >> 1) & 1)} ${pin & 1 ? 'SCL' : 'SDA'}`;
const pwmSlice = (pin: number): number => (pin >> 1) & 7;
/** F2 of the table: UART0 on 0–3, 12–19, 28–29, UART1 on 4–11, 20–27; TX, RX, CTS, RTS in turn. */
const uart = (pin: number): string =>
  `UART${pin <= 3 || (pin >= 12 && pin <= 19) || pin >= 28 ? '0' : '1'} ${['TX', 'RX', 'CTS', 'RTS'][pin & 3] ?? ''}`;

describe('the Pico’s pins', () => {
  it('uses no pin twice', () => {
    const pins = Object.values(PICO);
    expect(new Set(pins).size).toBe(pins.length);
  });

  it('uses only pins that are on the header', () => {
    expect(Object.values(PICO).filter((pin) => !ON_HEADER(pin))).toEqual([]);
  });

  it('checks against a table that knows the published defaults of the Pico SDK', () => {
    expect([spi(16), spi(18), spi(19), i2c(4), i2c(5), uart(0), uart(1), uart(4)]).toEqual([
      'SPI0 RX',
      'SPI0 SCK',
      'SPI0 TX',
      'I2C0 SDA',
      'I2C0 SCL',
      'UART0 TX',
      'UART0 RX',
      'UART1 TX',
    ]);
  });

  it('has one SPI bus on pins that carry it', () => {
    expect([spi(PICO.spiMiso), spi(PICO.spiSck), spi(PICO.spiMosi)]).toEqual(['SPI0 RX', 'SPI0 SCK', 'SPI0 TX']);
  });

  it('has the two load cells, both at address 0x2A, on two I2C buses', () => {
    const pins = [PICO.ringSda, PICO.ringScl, PICO.plungerSda, PICO.plungerScl];
    expect(pins.map(i2c)).toEqual(['I2C0 SDA', 'I2C0 SCL', 'I2C1 SDA', 'I2C1 SCL']);
  });

  it('has the link on UART0', () => {
    expect([uart(PICO.linkTx), uart(PICO.linkRx)]).toEqual(['UART0 TX', 'UART0 RX']);
  });

  it('drives solenoid and buzzer from two PWM slices: a tone leaves the solenoid’s frequency alone', () => {
    expect(pwmSlice(PICO.stampDrive)).not.toBe(pwmSlice(PICO.buzzer));
  });

  it('keeps GP22 for the service jumper: pulled low there, Kaluma skips the image', () => {
    expect(PICO.scriptLoad).toBe(22);
  });
});
