// The reference gun on Espruino: a Board over that runtime's own calls, and the loop that ticks. The only file that knows its globals.
// Source: Espruino 2v29, src/jswrap_{spi_i2c,flash,storage,io,espruino,serial}.c, targets/rp2xxx, boards/RP2040_PICO.py.
import type { Board, DigitalIn, DigitalOut, Flash, I2cBus, LampOut, PwmOut, Serial, SpiDevice, ToneOut } from '../io.ts';
import { BUS_NACK, FLASH_SECTOR_BYTES } from '../io.ts';
import type { AtMs } from '../units.ts';
import { PICO, PICO_I2C_HZ, PICO_SPI_HZ, PICO_SPI_MODE, PICO_STAMP_PWM_HZ } from '../boards/pico.ts';

interface EspruinoPin {
  write(level: number): void;
  read(): boolean;
}
interface EspruinoSpi {
  setup(options: object): void;
  send(data: Uint8Array, cs: EspruinoPin): Uint8Array;
}
interface EspruinoI2c {
  setup(options: object): void;
  writeTo(address: number, data: Uint8Array): void;
  readReg(address: number, register: number, lengthBytes: number): Uint8Array;
}
interface EspruinoSerial {
  on(event: 'data', fn: (text: string) => void): void;
  write(text: string): void;
}
interface EspruinoModules {
  Flash: {
    read(lengthBytes: number, address: number): Uint8Array;
    write(data: Uint8Array, address: number): void;
    erasePage(address: number): void;
  };
  Storage: {
    read(name: string): string | undefined;
    write(name: string, data: string, offset: number, sizeBytes: number): boolean;
  };
  neopixel: { write(pin: EspruinoPin, data: Uint8Array): void };
}
/** By `global`, so that the bundler leaves the runtime's own modules alone. */
declare const global: { require<Name extends keyof EspruinoModules>(name: Name): EspruinoModules[Name] };
declare function getTime(): number;
declare function getSerial(): string;
declare function btoa(bytes: Uint8Array): string;
declare function setTimeout(fn: () => void, forMs: number): number;
declare function pinMode(pin: EspruinoPin, mode: string): void;
declare function analogWrite(pin: EspruinoPin, duty: number, options: object): void;
declare const Pin: new (name: string) => EspruinoPin;
declare const SPI1: EspruinoSpi;
declare const I2C1: EspruinoI2c;
declare const I2C2: EspruinoI2c;
declare const USB: EspruinoSerial;
declare const E: {
  setConsole(device: null, options: object): void;
  enableWatchdog(timeoutS: number, isAutomatic: boolean): void;
  kickWatchdog(): void;
  getAddressOf(data: string, flat: boolean): number;
};

/** Chosen: 50 ms, see firmware/README.md. */
export const TICK_MS = 50;
/** One file holds the raw store: 44 of Storage's 64 sectors less its 32-byte header, which stands in the first of them; the image has the rest. */
const STORE_FILE = 'mesogun';
export const STORE_FILE_SECTORS = 44;
const STORE_HEADER_BYTES = 32;
/** Chosen: above the 45 ms of an erase and any tick; the monostable drops the drivers long before. */
const WATCHDOG_S = 2;
/** What the host may be behind with. Chosen: as on the other runtime. */
const INCOMING_MAX = 2048;

const pinOf = (gpio: number): EspruinoPin => new Pin(`D${gpio}`);

function openSpi(gpio: number): SpiDevice {
  const spi = SPI1;
  const cs = pinOf(gpio);
  cs.write(1);
  const exchange = (buffer: Uint8Array): Uint8Array => spi.send(buffer, cs);
  return { exchange: exchange, tell: exchange };
}

/** A chip that does not answer is an exception there. */
function openI2c(i2c: EspruinoI2c, sda: number, scl: number): I2cBus {
  i2c.setup({ sda: pinOf(sda), scl: pinOf(scl), bitrate: PICO_I2C_HZ });
  return {
    writeBytes(address: number, buffer: Uint8Array): number {
      try {
        i2c.writeTo(address, buffer);
      } catch {
        return BUS_NACK;
      }
      return 0;
    },
    readRegister(address: number, register: number, lengthBytes: number): Uint8Array | null {
      try {
        return i2c.readReg(address, register, lengthBytes);
      } catch {
        return null;
      }
    },
  };
}

/** A contact that closes to ground. */
function openContact(gpio: number): DigitalIn {
  const pin = pinOf(gpio);
  pinMode(pin, 'input_pullup');
  return () => (pin.read() ? 0 : 1);
}

function openOut(gpio: number): DigitalOut {
  const pin = pinOf(gpio);
  pinMode(pin, 'output');
  return (level) => pin.write(level);
}

function openPwm(gpio: number): PwmOut {
  const pin = pinOf(gpio);
  const options = { freq: PICO_STAMP_PWM_HZ };
  return (permille) => analogWrite(pin, permille / 1000, options);
}

function openTone(gpio: number): ToneOut {
  const pin = pinOf(gpio);
  const options = { freq: 1000 };
  return (frequencyHz) => {
    if (frequencyHz > 0) options.freq = frequencyHz;
    analogWrite(pin, frequencyHz > 0 ? 0.5 : 0, options);
  };
}

/** The lamp needs a build with the `neopixel` library (the stock RP2040 build has none): without it the lamp stays dark. */
function openLamp(gpio: number): LampOut {
  const pin = pinOf(gpio);
  const grb = new Uint8Array(3);
  let neopixel: EspruinoModules['neopixel'] | null = null;
  try {
    neopixel = global.require('neopixel');
  } catch {
    neopixel = null;
  }
  return (rgb) => {
    if (!neopixel) return;
    grb[0] = rgb >> 8;
    grb[1] = rgb >> 16;
    grb[2] = rgb;
    neopixel.write(pin, grb);
  };
}

/** Address of the first whole sector of the store file; the file is made when it is not there. 0 when it cannot be. */
function storeAddress(): number {
  const storage = global.require('Storage');
  if (storage.read(STORE_FILE) === undefined)
    storage.write(STORE_FILE, '', 0, STORE_FILE_SECTORS * FLASH_SECTOR_BYTES - STORE_HEADER_BYTES);
  const data = storage.read(STORE_FILE);
  if (data === undefined) return 0;
  const header = E.getAddressOf(data, true) - STORE_HEADER_BYTES;
  return header % FLASH_SECTOR_BYTES ? 0 : header + FLASH_SECTOR_BYTES;
}

/** A store that could not be made, or does not begin a sector, has no sectors: the self-test refuses it. */
function openFlash(): Flash {
  const flash = global.require('Flash');
  const base = storeAddress();
  return {
    sectorCount: base ? STORE_FILE_SECTORS - 1 : 0,
    read(addressBytes: number, into: Uint8Array): void {
      const data = flash.read(into.length, base + addressBytes);
      for (let i = 0; i < into.length; i++) into[i] = data[i] as number;
    },
    program: (addressBytes, page) => flash.write(page, base + addressBytes),
    erase: (sectorIndex) => flash.erasePage(base + sectorIndex * FLASH_SECTOR_BYTES),
  };
}

/** The link is USB; the console is closed, for it would execute what the host says. */
function openSerial(): Serial {
  let incoming = '';
  E.setConsole(null, { force: true });
  USB.on('data', (text) => {
    if (incoming.length <= INCOMING_MAX) incoming += text;
  });
  return {
    hear(): string {
      const text = incoming;
      incoming = '';
      return text;
    },
    say(text: string): number {
      USB.write(text);
      return 1;
    },
  };
}

/** A number of this gun out of the board's serial number, 32 bit. */
function deviceId(): number {
  const text = getSerial();
  let id = 0;
  for (let i = 0; i < text.length; i++) id = ((id & 0x3ffffff) * 31 + text.charCodeAt(i)) >>> 0;
  return id;
}

/** 1 while the jumper on GP22 is fitted: the image then leaves at once, drivers off, and the console stays open for a flash (R58). */
export const heldBack = (): number => openContact(PICO.scriptLoad)();

/** Opens every bus and pin, drivers off. */
export function openBoard(name: string): Board {
  SPI1.setup({
    sck: pinOf(PICO.spiSck),
    miso: pinOf(PICO.spiMiso),
    mosi: pinOf(PICO.spiMosi),
    baud: PICO_SPI_HZ,
    mode: PICO_SPI_MODE,
  });
  // Begun at its first feed: until then nothing has power, and making the gun takes longer than it waits.
  let watched = 0;
  return {
    name: name,
    tickMs: TICK_MS,
    nowMs: () => (Math.round(getTime() * 1000) >>> 0) as AtMs,
    needleSpi: openSpi(PICO.needleCs),
    plungerSpi: openSpi(PICO.plungerCs),
    ringI2c: openI2c(I2C1, PICO.ringSda, PICO.ringScl),
    plungerI2c: openI2c(I2C2, PICO.plungerSda, PICO.plungerScl),
    kick: openOut(PICO.kick),
    trigger: openContact(PICO.trigger),
    ringSwitch: openContact(PICO.ringSwitch),
    serviceSwitch: openContact(PICO.serviceSwitch),
    okButton: openContact(PICO.okButton),
    upButton: openContact(PICO.upButton),
    downButton: openContact(PICO.downButton),
    stampDrive: openPwm(PICO.stampDrive),
    lamp: openLamp(PICO.lamp),
    buzzer: openTone(PICO.buzzer),
    flash: openFlash(),
    serial: openSerial(),
    base64: btoa,
    tidy: () => undefined,
    feedWatchdog: () => {
      if (!watched) E.enableWatchdog(WATCHDOG_S, false);
      watched = 1;
      E.kickWatchdog();
    },
    deviceId: deviceId(),
  };
}

/** Ticks for ever; no exception reaches the runtime's timer. Without ticks the watchdog resets the chip. */
export function runForever(gun: { tick(): number }): void {
  function next(): void {
    let forMs = TICK_MS;
    try {
      forMs = gun.tick();
    } catch {
      forMs = TICK_MS;
    }
    setTimeout(next, forMs);
  }
  setTimeout(next, 0);
}
