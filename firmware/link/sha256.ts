// SHA-256 and HMAC-SHA256 in 32-bit integers, a few rounds at a time, so that no tick waits for a whole hash.
// For short messages and keys of at most a block. Not responsible for who may unlock what. Runs on the gun.
// Source: FIPS 180-4 §4.2.2, §5.3.3, §6.2; RFC 2104.

export const SHA_BYTES = 32;
export const SHA_BLOCK_BYTES = 64;
const ROUNDS = 64;

const K = new Int32Array(ROUNDS);
const H0 = new Int32Array(8);

/** The first 32 bits behind the point of a root, in halves: not every engine wraps a larger number into an Int32Array. */
function fraction(root: number): number {
  const high = (root - Math.floor(root)) * 65536;
  return (Math.floor(high) << 16) | Math.floor((high - Math.floor(high)) * 65536);
}

/** Roots of the first 64 primes, which take less room than their digits: cube roots by Newton, in whose doubles all engines agree. */
function fillRoots(): void {
  for (let prime = 2, n = 0; n < ROUNDS; prime++) {
    let divisor = 2;
    while (divisor * divisor <= prime && prime % divisor) divisor++;
    if (divisor * divisor <= prime) continue;
    let root = 7;
    for (let i = 0; i < 12; i++) root -= (root * root * root - prime) / (3 * root * root);
    if (n < 8) H0[n] = fraction(Math.sqrt(prime));
    K[n++] = fraction(root);
  }
}
fillRoots();

const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** One hash at a time: `begin`, bytes by `add`, `finish`, then `work` until it answers 1; the result is in `digest`. */
export class Sha256 {
  readonly digest = new Uint8Array(SHA_BYTES);
  private readonly bytes: Uint8Array;
  private readonly w = new Int32Array(ROUNDS);
  private readonly h = new Int32Array(8);
  /** The working variables a to h. */
  private readonly v = new Int32Array(8);
  private length = 0;
  private blocks = 0;
  private block = 0;
  private round = 0;

  /** Room for messages of up to 64·blocksMax − 9 bytes. */
  constructor(blocksMax: number) {
    this.bytes = new Uint8Array(blocksMax * SHA_BLOCK_BYTES);
  }

  begin(): void {
    this.h.set(H0);
    this.bytes.fill(0);
    this.length = 0;
    this.blocks = 0;
    this.block = 0;
    this.round = 0;
  }

  /** Takes bytes of the message, which must fit. */
  add(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Pads. */
  finish(): void {
    const length = this.length;
    this.bytes[length] = 0x80;
    this.blocks = (length + 8 + SHA_BLOCK_BYTES) >> 6;
    const end = this.blocks * SHA_BLOCK_BYTES;
    // The length in bits as a big-endian number; messages here are shorter than 8 kB, so two bytes do.
    this.bytes[end - 2] = (length * 8) >> 8;
    this.bytes[end - 1] = length * 8;
  }

  /** Does up to so many rounds. Answers 1 when the digest is complete. */
  work(rounds: number): number {
    let left = rounds;
    while (left > 0 && this.block < this.blocks) {
      if (!this.round) this.open();
      this.doRound(this.round);
      this.round++;
      left--;
      if (this.round === ROUNDS) this.close();
    }
    return this.block < this.blocks ? 0 : 1;
  }

  private open(): void {
    // Four shifts push out what stood in a word before.
    for (let i = 0; i < SHA_BLOCK_BYTES; i++)
      this.w[i >> 2] = ((this.w[i >> 2] as number) << 8) | (this.bytes[this.block * SHA_BLOCK_BYTES + i] as number);
    this.v.set(this.h);
  }

  private doRound(t: number): void {
    const w = this.w;
    if (t >= 16) {
      const x = w[t - 15] as number;
      const y = w[t - 2] as number;
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[t] = (s1 + (w[t - 7] as number) + s0 + (w[t - 16] as number)) | 0;
    }
    const v = this.v;
    const a = v[0] as number;
    const b = v[1] as number;
    const c = v[2] as number;
    const e = v[4] as number;
    const t1 =
      ((v[7] as number) +
        (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
        ((e & (v[5] as number)) ^ (~e & (v[6] as number))) +
        (K[t] as number) +
        (w[t] as number)) |
      0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    for (let i = 7; i > 0; i--) v[i] = v[i - 1] as number;
    v[4] = ((v[4] as number) + t1) | 0;
    v[0] = (t1 + t2) | 0;
  }

  private close(): void {
    const h = this.h;
    for (let i = 0; i < 8; i++) h[i] = ((h[i] as number) + (this.v[i] as number)) | 0;
    for (let i = 0; i < SHA_BYTES; i++) this.digest[i] = (h[i >> 2] as number) >> (24 - (i & 3) * 8);
    this.round = 0;
    this.block++;
  }
}

/** HMAC-SHA256 for keys of at most 64 bytes and messages of at most 119. */
export class Hmac {
  /** May be replaced between two messages. */
  key: Uint8Array;
  readonly digest: Uint8Array;
  private readonly sha = new Sha256(3);
  private readonly pad = new Uint8Array(SHA_BLOCK_BYTES);
  /** 0 nothing, 1 inner hash, 2 outer hash. */
  private stage = 0;

  constructor(key: Uint8Array) {
    this.digest = this.sha.digest;
    this.key = key;
  }

  begin(message: Uint8Array): void {
    this.hash(1, 0x36, message);
  }

  /** Does up to so many of the 256 to 320 rounds. Answers 1 when the digest is complete. */
  work(rounds: number): number {
    if (!this.stage || !this.sha.work(rounds)) return 0;
    if (this.stage === 2) {
      this.stage = 0;
      return 1;
    }
    this.hash(2, 0x5c, this.digest);
    return 0;
  }

  /** Of the padded key and the message. */
  private hash(stage: number, mask: number, message: Uint8Array): void {
    const sha = this.sha;
    this.stage = stage;
    // Behind the key's end there is nothing, which is 0 here.
    for (let i = 0; i < SHA_BLOCK_BYTES; i++) this.pad[i] = (this.key[i] as number) ^ mask;
    sha.begin();
    sha.add(this.pad);
    sha.add(message);
    sha.finish();
  }
}
