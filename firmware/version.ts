// Version of the firmware: what the journal, the link and the manifest say. Nothing else.

/** major × 10 000 + minor × 100 + patch; the same figure stands in package.json. */
export const FIRMWARE_VERSION = 100;

/** Counts releases that closed a hole: an image with a lower counter than the one on the gun is not flashed over it. */
export const SECURITY_COUNTER = 1;

/**
 * Image hash (16 hex digits of SHA-256, zeros in its place while it is taken), limits hash (8), security counter. The build writes the
 * hashes (tools/build/image.ts); sources that run unbuilt say zeros. The link's `info` shows it (R57).
 */
export const BUILD = '0000000000000000 00000000 1';
