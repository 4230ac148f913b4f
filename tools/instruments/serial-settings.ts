// Baud rate, bits, parity and stop bits of an instrument's serial port, as text and as a list to try. Not responsible for ports.

export interface SerialSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

const PARITY = { N: 'none', E: 'even', O: 'odd' } as const;

/** `9600,8N1`; bits may be left out. Undefined when it cannot be read. */
export function readSerialSettings(text: string): SerialSettings | undefined {
  const parts = /^(\d{3,6})(?:,([78])([NEO])([12]))?$/.exec(text);
  if (parts === null) return undefined;
  const [, baud = '', bits = '8', parity = 'N', stop = '1'] = parts;
  return {
    baudRate: Number(baud),
    dataBits: bits === '7' ? 7 : 8,
    parity: PARITY[parity as keyof typeof PARITY],
    stopBits: stop === '2' ? 2 : 1,
  };
}

export const writeSerialSettings = (of: SerialSettings): string =>
  `${of.baudRate},${of.dataBits}${of.parity === 'none' ? 'N' : of.parity === 'even' ? 'E' : 'O'}${of.stopBits}`;

/** Tried in this order where none are given. Source: factory settings of laboratory balances, the makers' manuals. */
export const BALANCE_SETTINGS: readonly SerialSettings[] = [
  '9600,8N1',
  '9600,7E1',
  '2400,7E1',
  '19200,8N1',
  '38400,8N1',
  '115200,8N1',
  '4800,8N1',
  '1200,7O1',
].map((text) => readSerialSettings(text) as SerialSettings);
/** Source: Mitutoyo QM-Height manual 99MAF600B, USB data output. */
export const GAUGE_SETTINGS: readonly SerialSettings[] = BALANCE_SETTINGS.slice(0, 1);
