// The wire of an instrument on a serial port, with its own baud rate and parity. Not responsible for the gun's port
// (transports/serial.ts) nor for what is said.
import { EXIT_NO_DEVICE, MesogunError } from '../errors.ts';
import { serialTrouble } from '../transports/serial.ts';
import { writeSerialSettings } from './serial-settings.ts';
import type { SerialSettings } from './serial-settings.ts';
import { realWire } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

/** Opens and flushes. Rejects with a MesogunError of exit 4 that says what to do. */
export async function openSerialWire(path: string, settings: SerialSettings): Promise<InstrumentWire> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, ...settings, autoOpen: false });
  port.setEncoding('latin1');
  const error = await new Promise<Error | null>((resolve) => port.open((trouble) => resolve(trouble)));
  if (error !== null) {
    const ports = (await SerialPort.list().catch(() => [])).map((info) => info.path);
    throw serialTrouble(path, error.message, ports);
  }
  port.on('error', () => undefined);
  await new Promise<void>((resolve) => port.flush(() => resolve()));
  return realWire(`${path} (${writeSerialSettings(settings)})`, {
    write: (text) => {
      if (port.isOpen) port.write(text, 'latin1');
    },
    onText: (listener) => void port.on('data', (text: unknown) => listener(String(text))),
    onClose: (listener) => void port.once('close', () => listener()),
    close: () =>
      new Promise<void>((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  });
}

/**
 * Opens the port with one setting after the other until `meet` finds somebody; answers what it found. Rejects with the last
 * trouble where only one was to be tried, else with a MesogunError that lists them.
 */
export async function probeSerial<T>(
  path: string,
  settings: readonly SerialSettings[],
  meet: (wire: InstrumentWire) => Promise<T>,
  isNobody: (error: unknown) => boolean,
): Promise<T> {
  for (const each of settings) {
    const wire = await openSerialWire(path, each);
    try {
      return await meet(wire);
    } catch (error) {
      await wire.close();
      if (settings.length === 1 || !isNobody(error)) throw error;
    }
  }
  throw new MesogunError({
    exit: EXIT_NO_DEVICE,
    what: `no instrument that I know answers at ${path}`,
    why: `tried ${settings.map(writeSerialSettings).join('  ')}`,
    next: 'is it on, is its interface set to host (not printer), is the cable the right one? or give its settings: serial:PATH,9600,8N1',
  });
}
