// The reference gun on Kaluma: a Board over that runtime's own calls, and the loop that ticks. The only file that knows its globals.
// Source: Kaluma 1.2.1 and 1.3, src/modules/{spi,i2c,uart,pwm,flash,wdt,rp2,storage}, src/global.c, targets/rp2/boards/pico/board.h.
import type { Board, DigitalIn, DigitalOut, Flash, I2cBus, LampOut, PwmOut, Serial, SpiDevice, ToneOut } from '../io.ts';
import { BUS_NACK } from '../io.ts';
import type { AtMs } from '../units.ts';
import { PICO, PICO_I2C_HZ, PICO_LINK_BAUD, PICO_SPI_HZ, PICO_SPI_MODE, PICO_STAMP_PWM_HZ } from '../boards/pico.ts';

interface KalumaSpi {
  transfer(data: Uint8Array): Uint8Array;
  send(data: Uint8Array): void;
}
interface KalumaI2c {
  write(data: Uint8Array, address: number): number;
  memRead(lengthBytes: number, address: number, register: number): Uint8Array;
}
interface KalumaPwm {
  start(): void;
  setDuty(duty: number): void;
  setFrequency(hz: number): void;
}
interface KalumaUart {
  on(event: 'data', fn: (data: Uint8Array) => void): void;
  write(data: string): void;
}
interface KalumaFlash {
  read(block: number, into: Uint8Array, offset: number): void;
  write(block: number, data: Uint8Array, offset: number): void;
  ioctl(op: number, block: number): number;
}
interface KalumaAsm {
  wrap_target(): KalumaAsm;
  label(name: string): KalumaAsm;
  out(to: string, bits: number): KalumaAsm;
  jmp(condition: string, label?: string): KalumaAsm;
  nop(): KalumaAsm;
  side(level: number): KalumaAsm;
  delay(cycles: number): KalumaAsm;
  wrap(): KalumaAsm;
}
interface KalumaStateMachine {
  active(on: boolean): void;
  put(word: number): void;
}
interface KalumaModules {
  spi: { SPI: new (bus: number, options: object) => KalumaSpi };
  i2c: { I2C: new (bus: number, options: object) => KalumaI2c };
  pwm: { PWM: new (pin: number, frequencyHz: number, duty: number) => KalumaPwm };
  uart: { UART: new (port: number, options: object) => KalumaUart };
  flash: { Flash: new (base: number, count: number) => KalumaFlash };
  wdt: { WDT: new (timeoutMs: number) => { feed(): void } };
  rp2: { ASM: new (options: object) => KalumaAsm; StateMachine: new (id: number, asm: KalumaAsm, options: object) => KalumaStateMachine };
}
/** By `global`, so that the bundler leaves the runtime's own modules alone. */
declare const global: { readonly require: <Name extends keyof KalumaModules>(name: Name) => KalumaModules[Name] };
declare function millis(): number;
declare function btoa(bytes: Uint8Array): string;
declare function setTimeout(fn: () => void, forMs: number): number;
declare function pinMode(pin: number, mode: number): void;
declare function digitalRead(pin: number): number;
declare function digitalWrite(pin: number, level: number): void;
declare const INPUT_PULLUP: number;
declare const OUTPUT: number;
declare const storage: { getItem(key: string): string | null };

/** Chosen: 20 ms, see firmware/README.md. */
export const TICK_MS = 20;
/** The end of the file system's area, where the gun keeps no file; where it begins is the board's (boards/pico.ts). */
const STORE_SECTORS = 64;
const SECTOR_SHIFT = 12;
const IOCTL_ERASE = 6;
/** Chosen: above the 45 ms of an erase and any tick; the monostable drops the drivers long before. */
const WATCHDOG_MS = 2000;
/** What the host may be behind with. Chosen: as the runtime's own buffer. */
const INCOMING_MAX = 2048;
/** Chosen: what six ticks leave behind. */
const TIDY_BYTES = 2048;
/** Nobody hears it. */
const SILENT_HZ = 20000;
/** The lamp's bit is ten cycles of 800 kHz. Source: WS2812B data sheet, and the Pico SDK's program for it. */
const LAMP_PIO_HZ = 8000000;

const load = global.require;

/** Both send the whole buffer under a view: it must own its buffer (every driver's does). `exchange` answers in a new one. */
function openSpi(spi: KalumaSpi, cs: number): SpiDevice {
  pinMode(cs, OUTPUT);
  digitalWrite(cs, 1);
  return {
    exchange(buffer: Uint8Array): Uint8Array {
      digitalWrite(cs, 0);
      const reply = spi.transfer(buffer);
      digitalWrite(cs, 1);
      return reply;
    },
    tell(buffer: Uint8Array): void {
      digitalWrite(cs, 0);
      spi.send(buffer);
      digitalWrite(cs, 1);
    },
  };
}

/** The runtime sends whole buffers. A chip that does not answer is an exception there. */
function openI2c(bus: number, sda: number, scl: number): I2cBus {
  const i2c = new (load('i2c').I2C)(bus, { sda: sda, scl: scl, baudrate: PICO_I2C_HZ });
  return {
    writeBytes(address: number, buffer: Uint8Array): number {
      try {
        i2c.write(buffer, address);
      } catch {
        return BUS_NACK;
      }
      return 0;
    },
    readRegister(address: number, register: number, lengthBytes: number): Uint8Array | null {
      try {
        return i2c.memRead(lengthBytes, address, register);
      } catch {
        return null;
      }
    },
  };
}

/** A contact that closes to ground. */
function openContact(pin: number): DigitalIn {
  pinMode(pin, INPUT_PULLUP);
  return () => (digitalRead(pin) ? 0 : 1);
}

function openOut(pin: number): DigitalOut {
  pinMode(pin, OUTPUT);
  return (level) => digitalWrite(pin, level);
}

function startPwm(pin: number, frequencyHz: number): KalumaPwm {
  const pwm = new (load('pwm').PWM)(pin, frequencyHz, 0);
  pwm.start();
  return pwm;
}

function openPwm(pin: number): PwmOut {
  const pwm = startPwm(pin, PICO_STAMP_PWM_HZ);
  return (permille) => pwm.setDuty(permille / 1000);
}

/** Either call waits for the end of a period, so it is told before a long one begins. Source: targets/rp2/src/pwm.c. */
function openTone(pin: number): ToneOut {
  const pwm = startPwm(pin, SILENT_HZ);
  return (frequencyHz) => {
    if (frequencyHz > 0) {
      pwm.setDuty(0.5);
      pwm.setFrequency(frequencyHz);
    } else {
      pwm.setFrequency(SILENT_HZ);
      pwm.setDuty(0);
    }
  };
}

/** The lamp by a state machine of the chip: its bits are too fast for an interpreter. `put` waits only for the lamp before. */
function openLamp(pin: number): LampOut {
  const rp2 = load('rp2');
  const asm = new rp2.ASM({ sideset: 1 });
  asm.wrap_target().label('bit').out('x', 1).side(0).delay(2);
  asm.jmp('!x', 'zero').side(1).delay(1).jmp('bit').side(1).delay(4);
  asm.label('zero').nop().side(0).delay(4).wrap();
  const machine = new rp2.StateMachine(0, asm, {
    freq: LAMP_PIO_HZ,
    sidesetBase: pin,
    outShiftDir: 0,
    autopull: true,
    pullThreshold: 24,
    fifoJoin: 1,
  });
  machine.active(true);
  return (rgb) => {
    machine.put((((rgb & 0xff00) << 16) | ((rgb & 0xff0000) | ((rgb & 0xff) << 8))) >>> 0);
  };
}

function openFlash(firstSector: number): Flash {
  const flash = new (load('flash').Flash)(firstSector, STORE_SECTORS);
  return {
    sectorCount: STORE_SECTORS,
    read: (addressBytes, into) => flash.read(addressBytes >> SECTOR_SHIFT, into, addressBytes & 4095),
    program: (addressBytes, page) => flash.write(addressBytes >> SECTOR_SHIFT, page, addressBytes & 4095),
    erase(sectorIndex: number): void {
      flash.ioctl(IOCTL_ERASE, sectorIndex);
    },
  };
}

/** `say` returns when the last bytes are in the chip's 32-byte queue: hence the fast line (boards/pico.ts). */
function openSerial(): Serial {
  const uart = new (load('uart').UART)(0, { baudrate: PICO_LINK_BAUD, tx: PICO.linkTx, rx: PICO.linkRx });
  let incoming = '';
  uart.on('data', (data) => {
    if (incoming.length > INCOMING_MAX) return;
    // Any list of numbers will do; TypeScript knows of arrays only.
    incoming += String.fromCharCode.apply(null, data as unknown as number[]);
  });
  return {
    hear(): string {
      const text = incoming;
      incoming = '';
      return text;
    },
    say(text: string): number {
      uart.write(text);
      return 1;
    },
  };
}

/**
 * The runtime collects garbage, 2.3 ms, when what is asked for goes beyond a limit: asking for more than a few ticks do brings that forward.
 * Source: JerryScript, jmem_heap_gc_and_alloc_block; a string that nobody keeps is freed at once.
 */
function openTidy(): () => void {
  let pad = '................';
  while (pad.length < TIDY_BYTES) pad += pad;
  const kept = [''];
  return () => {
    kept[0] = `${pad}.`;
    kept[0] = '';
  };
}

/** Opens every bus and pin, drivers off. The number of this gun is what `storage` holds as `mesogun-id`, 0 when nobody gave it one. */
export function openBoard(name: string, storeFirstSector: number): Board {
  const spi = new (load('spi').SPI)(0, {
    mode: PICO_SPI_MODE,
    baudrate: PICO_SPI_HZ,
    miso: PICO.spiMiso,
    mosi: PICO.spiMosi,
    sck: PICO.spiSck,
  });
  // Opened at its first feed: until then nothing has power, and making the gun takes longer than a watchdog waits.
  let watchdog: { feed(): void } | null = null;
  return {
    name: name,
    tickMs: TICK_MS,
    nowMs: () => (millis() >>> 0) as AtMs,
    needleSpi: openSpi(spi, PICO.needleCs),
    plungerSpi: openSpi(spi, PICO.plungerCs),
    ringI2c: openI2c(0, PICO.ringSda, PICO.ringScl),
    plungerI2c: openI2c(1, PICO.plungerSda, PICO.plungerScl),
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
    flash: openFlash(storeFirstSector),
    serial: openSerial(),
    // Its lines end after 72 characters. Source: src/base64.c.
    base64: (bytes) => btoa(bytes).split('\n').join(''),
    tidy: openTidy(),
    feedWatchdog: () => {
      watchdog = watchdog || new (load('wdt').WDT)(WATCHDOG_MS);
      watchdog.feed();
    },
    deviceId: +(storage.getItem('mesogun-id') || 0) >>> 0,
  };
}

/**
 * What a timer is asked for when a tick took `tookMs` and the next is wanted `restMs` after its end: it counts from the begin of the
 * loop's pass and comes a millisecond late. Source: Kaluma 1.2.1, src/io.c, km_io_timer_start and km_io_timer_run.
 */
export function timerMs(restMs: number, tookMs: number): number {
  return restMs + tookMs - 1;
}

/** Ticks for ever. An exception would cancel the runtime's timer, so none reaches it; without ticks the watchdog resets the chip. */
export function runForever(gun: { tick(): number; tookMs: number }): void {
  function next(): void {
    let forMs = TICK_MS;
    try {
      forMs = timerMs(gun.tick(), gun.tookMs);
    } catch {
      forMs = TICK_MS;
    }
    setTimeout(next, forMs);
  }
  setTimeout(next, 0);
}
