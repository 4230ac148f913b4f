// Secrets of the test bench: of no gun.
export const SERVICE_KEY = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
export const HELLO_ENTROPY = 0x12345678;
