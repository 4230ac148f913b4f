// Cuts what an instrument's wire brings into lines. CR, LF and both together end one, empty lines are none, and what never ends is
// thrown away. Not responsible for what lines mean.

export class LineCutter {
  /** Pieces thrown away because they grew too long to be a line. */
  overlong = 0;
  private readonly most: number;
  private partial = '';

  constructor(most: number) {
    this.most = most;
  }

  /** The lines that this text completes, in order. */
  take(text: string): string[] {
    const pieces = (this.partial + text).split(/[\r\n]+/);
    this.partial = pieces.pop() ?? '';
    if (this.partial.length > this.most) {
      this.partial = '';
      this.overlong += 1;
    }
    return pieces.filter((line) => line !== '');
  }

  /** Forgets a line half come. */
  clear(): void {
    this.partial = '';
  }
}
