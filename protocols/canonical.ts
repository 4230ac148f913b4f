// One spelling of a JSON value and its CRC-32, so that a journal can name the file it came from.
// Damage-evident only; not a signature. Desk side and browser.

/** JSON with keys in code-unit order, no white space, undefined members left out (RFC 8785 for the values used here). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** CRC-32 (IEEE 802.3, reflected) of a text's UTF-8 bytes, as a signed 32-bit word. */
export function crc32Of(text: string): number {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

/** Which syringe with which needle, as programme and gun say it: a signed 32-bit number from the two library ids. */
export const kitId = (syringeId: string, needleId: string): number => crc32Of(`${syringeId}+${needleId}`);
