// The wiring of the reference gun as a table for people: pin of the Pico, what it is called in hal/boards/pico.ts, where it goes.
// Printed into firmware/FLASHING.md by tests/project/flashing.spec.ts. Runs at the desk.
import { PICO } from '../hal/boards/pico.ts';

/** Pin of the board for each GP, counted from the USB connector. Source: Raspberry Pi Pico datasheet, pinout; the Pico 2 is the same. */
// prettier-ignore
const PIN_OF_GP: readonly number[] = [
  1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 29, NaN, NaN, NaN, 31, 32, 34,
];

/** Where each pin goes. A pin without words does not compile. */
const GOES_TO: Readonly<Record<keyof typeof PICO, string>> = {
  linkTx: 'RX of a 3.3 V UART adapter: the link on Kaluma (Espruino speaks over USB)',
  linkRx: 'TX of that adapter',
  needleCs: 'CSN of the TMC5240 of the needle',
  plungerCs: 'CSN of the TMC5240 of the plunger',
  okButton: 'button OK to ground',
  upButton: 'button up to ground',
  downButton: 'button down to ground',
  kick: 'retriggerable monostable of 150 ms, edge-fed; its output, in series with the emergency stop, pulls DRV_ENN of both TMC5240 low; 10 kΩ from DRV_ENN to 3.3 V',
  serviceSwitch: 'service switch to ground, inside the case',
  trigger: 'trigger to ground',
  ringSwitch: 'switch of the ring to ground, closed from 0.5 mm of travel',
  stampDrive: 'gate of the solenoid of the ring, 100 kΩ to ground',
  lamp: 'data of one WS2812B lamp',
  buzzer: 'buzzer by a transistor',
  spiMiso: 'SDO of both TMC5240',
  spiSck: 'SCK of both TMC5240',
  spiMosi: 'SDI of both TMC5240',
  ringSda: 'SDA of the NAU7802 of the ring and of the SSD1306 screen, 4.7 kΩ to 3.3 V',
  ringScl: 'SCL of both, 4.7 kΩ to 3.3 V',
  scriptLoad: 'jumper to ground: fitted at power-on, no image starts and the console is open',
  plungerSda: 'SDA of the NAU7802 of the plunger, 4.7 kΩ to 3.3 V',
  plungerScl: 'SCL of it, 4.7 kΩ to 3.3 V',
};

/** Rows of GP, pin, name, where it goes; in the order of the GPs. */
export function wiringRows(): string[][] {
  const pins = Object.entries(PICO) as [keyof typeof PICO, number][];
  return pins.sort((a, b) => a[1] - b[1]).map(([name, gp]) => [`GP${gp}`, String(PIN_OF_GP[gp] ?? '?'), `\`${name}\``, GOES_TO[name]]);
}
