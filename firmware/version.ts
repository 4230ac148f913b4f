// Version of the firmware: what the journal, the link and the manifest say. Nothing else.

/** major × 10 000 + minor × 100 + patch; the same figure stands in package.json. */
export const FIRMWARE_VERSION = 100;

/** Counts releases that closed a hole: an image with a lower counter than the one on the gun is not flashed over it. */
export const SECURITY_COUNTER = 1;
