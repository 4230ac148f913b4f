// What the link client needs of a wire: text of 8-bit characters out and in, and to know when it is gone.
// Not responsible for lines. Implemented by tcp.ts, serial.ts and the virtual gun's cable. Runs at the desk.

export interface Transport {
  /** Queues the text; order is kept. After the close it does nothing. */
  write(text: string): void;
  /** Whatever comes, in pieces of any size. One listener. */
  onText(listener: (text: string) => void): void;
  /** Once, when the wire is gone, whoever closed it. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}
