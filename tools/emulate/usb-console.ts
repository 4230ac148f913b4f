// The USB port of the emulated chip as a host sees it: a serial console. The host's side of USB is the emulator's; its short queue is fed
// from here, and where it has nothing to say it says nothing: the emulator alone would send empty packets without end, and the chip would
// do little else than take them. Not responsible for what is said (tools/flash). Runs at the desk.
import { USBCDC } from 'rp2040js';
import type { RP2040 } from 'rp2040js';

/** The emulator's queue holds 512 and drops what is more. */
const QUEUE_BYTES = 500;

export class UsbConsole {
  /** A host has opened the port and the chip has answered. */
  isOpen = false;
  onText: (text: string) => void = () => undefined;
  /** The chip has started again: whoever had the port open has lost it. */
  onGone: () => void = () => undefined;
  private port: USBCDC | null = null;
  private waiting = '';
  /** The chip waits for data: goes on with what the queue holds. */
  private answer: (() => void) | null = null;

  /** A chip has started behind the port. */
  plug(mcu: RP2040): void {
    const port = new USBCDC(mcu.usbCtrl);
    this.port = port;
    if (this.isOpen) this.onGone();
    this.isOpen = false;
    this.waiting = '';
    this.answer = null;
    const { usbCtrl } = mcu;
    const read = usbCtrl.onEndpointRead;
    usbCtrl.onEndpointRead = (endpoint, byteCount) => {
      const go = (): void => read?.(endpoint, byteCount);
      if (endpoint === 0 || port.txFIFO.itemCount > 0) go();
      else this.answer = go;
    };
    port.onDeviceConnected = () => {
      this.isOpen = true;
    };
    port.onSerialData = (data) => this.onText(String.fromCharCode(...data));
  }

  write(text: string): void {
    this.waiting += text;
    this.flush();
  }

  /** Hands over as much as the queue takes; called whenever the chip has run. */
  flush(): void {
    const { port } = this;
    if (port === null || !this.isOpen || this.waiting === '') return;
    const count = Math.min(this.waiting.length, QUEUE_BYTES - port.txFIFO.itemCount);
    for (let i = 0; i < count; i += 1) port.sendSerialByte(this.waiting.charCodeAt(i) & 0xff);
    this.waiting = this.waiting.slice(Math.max(0, count));
    const { answer } = this;
    this.answer = null;
    answer?.();
  }
}
