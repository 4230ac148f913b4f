// Espruino's Storage: files one behind another in flash, written once, erased by a mark, moved together when the room runs out.
// Not responsible for who asks. Simulator only. Source: Espruino 2v29, src/jsflash.c (jsfWriteFile, jsfCreateFile, jsfCompact).
import { Crc32 } from '../../firmware/store/crc32.ts';

/** Of the smaller board. Source: boards/{RP2040_PICO,RP2350_PICO2}.py, saved_code. */
const BASE = 0x101c0000;
const PAGE_BYTES = 4096;
const HEADER_BYTES = 32;
const ALIGN = 4;

interface File {
  readonly name: string;
  readonly at: number;
  readonly data: Uint8Array;
}

const roomOf = (sizeBytes: number): number => HEADER_BYTES + Math.ceil(sizeBytes / ALIGN) * ALIGN;

export class EspruinoStorage {
  private readonly areaBytes: number;
  private files: File[] = [];
  private freeAt = 0;

  /** 64 pages on a Pico, 768 on a Pico 2. */
  constructor(pages: number) {
    this.areaBytes = pages * PAGE_BYTES;
  }

  read(name: string, offset = 0, length = 0): string | undefined {
    const file = this.find(name);
    if (!file) return undefined;
    const end = length > 0 ? offset + length : file.data.length;
    return Buffer.from(file.data.subarray(offset, end)).toString('latin1');
  }

  /** At offset 0 a file that is not blank is made anew; elsewhere only blank bytes take data. */
  write(name: string, data: string, offset = 0, sizeBytes = 0): boolean {
    const size = sizeBytes === 0 ? data.length : sizeBytes;
    if (size === 0) throw new Error("Can't create zero length file");
    let file = this.find(name);
    const isBlank = file?.data.every((byte) => byte === 0xff) === true;
    if (offset === 0 && (!file || file.data.length !== size || !isBlank)) {
      this.erase(name);
      file = this.create(name, size);
    }
    if (!file) throw new Error('Unable to find or create file');
    if (offset + data.length > file.data.length) throw new Error('Too much data for file size');
    const place = file.data.subarray(offset, offset + data.length);
    if (!place.every((byte) => byte === 0xff)) throw new Error('File already written with different data');
    place.set(Buffer.from(data, 'latin1'));
    return true;
  }

  erase(name: string): void {
    this.files = this.files.filter((file) => file.name !== name);
    if (this.files.length === 0) this.freeAt = 0;
  }

  eraseAll(): void {
    this.files = [];
    this.freeAt = 0;
  }

  list(): string[] {
    return this.files.map((file) => file.name);
  }

  /** Free at the end, and taken by files that are gone. */
  stats(): { freeBytes: number; trashBytes: number } {
    const fileBytes = this.files.reduce((sum, file) => sum + roomOf(file.data.length), 0);
    return { freeBytes: this.areaBytes - this.freeAt, trashBytes: this.freeAt - fileBytes };
  }

  /** Where a file's bytes stand, by what they are. */
  addressOf(text: string): number {
    const file = this.files.find((each) => Buffer.from(each.data).toString('latin1') === text);
    return file ? BASE + file.at + HEADER_BYTES : 0;
  }

  crc32(text: string): number {
    const crc = new Crc32();
    crc.begin();
    crc.text(text, 0, text.length);
    return Number.parseInt(crc.hex(), 16);
  }

  private find(name: string): File | undefined {
    return this.files.find((file) => file.name === name);
  }

  private create(name: string, size: number): File | undefined {
    if (this.freeAt + roomOf(size) > this.areaBytes) this.compact();
    if (this.freeAt + roomOf(size) > this.areaBytes) return undefined;
    const file = { name, at: this.freeAt, data: new Uint8Array(size).fill(0xff) };
    this.files.push(file);
    this.freeAt += roomOf(size);
    return file;
  }

  /** Files move to the front: one that stands first stays where it is. */
  private compact(): void {
    let at = 0;
    this.files = this.files.map((file) => {
      const moved = { ...file, at };
      at += roomOf(file.data.length);
      return moved;
    });
    this.freeAt = at;
  }
}
