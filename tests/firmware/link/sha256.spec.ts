// SHA-256 and HMAC against published vectors and against Node's own, in slices of rounds.
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Hmac, Sha256 } from '../../../firmware/link/sha256.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function hash(text: string, roundsAtOnce: number): string {
  const sha = new Sha256(4);
  sha.begin();
  for (const byte of Buffer.from(text)) sha.add(Uint8Array.of(byte));
  sha.finish();
  for (let slice = 0; slice < 1000; slice += 1) if (sha.work(roundsAtOnce) === 1) return hexOf(sha.digest);
  return 'never done';
}

function hmac(key: Buffer, message: Buffer, roundsAtOnce: number): string {
  const mac = new Hmac(key);
  mac.begin(message);
  for (let slice = 0; slice < 1000; slice += 1) if (mac.work(roundsAtOnce) === 1) return hexOf(mac.digest);
  return 'never done';
}

describe('sha256', () => {
  // Source: FIPS 180-4 examples, NIST CSRC "SHA256.pdf".
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('hashes %j as FIPS 180-4 says, 64 rounds at once and 7 at once', (text, digest) => {
    expect(hash(text, 64)).toBe(digest);
    expect(hash(text, 7)).toBe(digest);
  });

  it('agrees with Node for every length from 0 to 247 bytes', () => {
    for (let length = 0; length <= 247; length += 1) {
      const text = 'q'.repeat(length);
      expect(hash(text, 1000)).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});

describe('hmac-sha256', () => {
  // Source: RFC 4231 §4.2 to §4.5.
  it.each([
    ['0b'.repeat(20), '4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      '4a656665',
      '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
    [
      '0102030405060708090a0b0c0d0e0f10111213141516171819',
      'cd'.repeat(50),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    ],
  ])('signs with key %s as RFC 4231 says', (key, message, digest) => {
    expect(hmac(Buffer.from(key, 'hex'), Buffer.from(message, 'hex'), 8)).toBe(digest);
  });

  it('agrees with Node for a key of 64 bytes and a message of 119, 5 rounds at once', () => {
    const key = Buffer.alloc(64, 0x5a);
    const message = Buffer.alloc(119, 0xa5);
    expect(hmac(key, message, 5)).toBe(createHmac('sha256', key).update(message).digest('hex'));
  });
});
