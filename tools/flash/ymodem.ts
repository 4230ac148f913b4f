// Sends one file by YMODEM as Kaluma's receiver takes it: 1 KB packets, CRC-16, an empty header at the end. What its receiver does
// otherwise than others is said where it matters. Not responsible for starting it nor for trying again (kaluma.ts). Runs at the desk.
// Source: Kaluma 1.2.1 and 1.3, src/ymodem.c; C. Forsberg, "XMODEM/YMODEM protocol reference", 1988.
import { NoAnswer } from './talk.ts';
import type { Talk } from './talk.ts';

const SOH = 0x01;
const STX = 0x02;
const EOT = '\x04';
const ACK = '\x06';
const NAK = '\x15';
const CAN = '\x18';
const ASK = 'C';
const PAD = 0x1a;
const HEADER_BYTES = 128;
const PACKET_BYTES = 1024;

/** Erasing the program area: eight blocks of 64 KB, 2 s each at worst. Source: W25Q16JV data sheet, block erase time. */
const ERASE_FOR_MS = 20_000;
/** An answer to a packet: the receiver asks again after 1 s. */
const ANSWER_FOR_MS = 3000;
/** What follows an unexpected answer at once belongs to it: a burst of bytes that were lost in between. */
const BURST_FOR_MS = 150;
/** Times that one packet is sent. The receiver gives up after five errors in a row. */
const TRIES = 5;

/** The transfer went wrong beyond what sending a packet again can mend. */
export class TransferLost extends Error {}

/** CRC-16 of XMODEM: polynomial 0x1021, from 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

/** A packet of 128 or 1024 bytes as 8-bit characters. */
export function ymodemPacket(number: number, data: Uint8Array): string {
  const crc = crc16(data);
  const head = [data.length === HEADER_BYTES ? SOH : STX, number & 0xff, ~number & 0xff];
  return Buffer.from([...head, ...data, crc >> 8, crc & 0xff]).toString('latin1');
}

function headerOf(name: string, sizeBytes: number): Uint8Array {
  const block = new Uint8Array(HEADER_BYTES);
  // The receiver looks for the space behind the size.
  block.set(Buffer.from(`${name}\0${sizeBytes} `, 'latin1'));
  return block;
}

/**
 * Sends a packet until it is acknowledged. `C` = damaged or not come: again. NAK = not the number awaited: after a repetition that means
 * that the packet is there and only its acknowledgement got lost. CAN = it gave up.
 */
async function deliver(talk: Talk, packet: string, forMs: number): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    talk.write(packet);
    const answer = await talk.match('acknowledgement', forMs, /[\x06\x15\x18C]/).catch((error: unknown) => {
      if (error instanceof NoAnswer) throw new TransferLost('the board fell silent');
      throw error;
    });
    if (answer[0] === ACK) return;
    if (answer[0] === NAK && tries > 0) return;
    if (answer[0] === NAK) throw new TransferLost('the board awaits another packet');
    if (answer[0] === CAN) throw new TransferLost('the board gave the transfer up');
    const rest = await talk.quiet(BURST_FOR_MS);
    if (rest.includes(CAN)) throw new TransferLost('the board gave the transfer up');
  }
  throw new TransferLost('a packet does not get through');
}

/** Sends a file to a receiver that asks for it. Rejects with TransferLost; `onBytes` hears how many are through. */
export async function sendYmodem(talk: Talk, name: string, data: Uint8Array, onBytes: (sentBytes: number) => void): Promise<void> {
  await talk.match('request for the file', ANSWER_FOR_MS, /C/);
  await talk.quiet(BURST_FOR_MS);
  await deliver(talk, ymodemPacket(0, headerOf(name, data.length)), ERASE_FOR_MS);
  await talk.match('request for the first packet', ANSWER_FOR_MS, new RegExp(ASK));
  for (let at = 0, number = 1; at < data.length; at += PACKET_BYTES, number += 1) {
    const block = new Uint8Array(PACKET_BYTES).fill(PAD);
    block.set(data.subarray(at, at + PACKET_BYTES));
    await deliver(talk, ymodemPacket(number, block), ANSWER_FOR_MS);
    onBytes(Math.min(data.length, at + PACKET_BYTES));
  }
  await deliver(talk, EOT, ANSWER_FOR_MS);
  await deliver(talk, ymodemPacket(0, new Uint8Array(HEADER_BYTES)), ANSWER_FOR_MS);
}
