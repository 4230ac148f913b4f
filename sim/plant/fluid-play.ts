// Play between motor and pusher: cuts a motor segment where it reverses and where the play closes.
// Knows nothing of fluid. Runs in the simulator; no allocation after construction.

export class Play {
  private readonly halfMm: number;
  private restS = 0;
  private speed = 0;
  private acceleration = 0;
  private gapSpeed = 0;
  private gapAcceleration = 0;
  /** Motor position minus pusher position, within ± half the play. */
  gapMm: number;
  /** The piece that next() found: its duration, and how the pusher moves in it. */
  forS = 0;
  pusherSpeed = 0;
  pusherAcceleration = 0;

  constructor(playMm: number, offsetMm: number) {
    this.halfMm = playMm / 2;
    this.gapMm = Math.max(-this.halfMm, Math.min(this.halfMm, offsetMm));
  }

  /** A motor segment of `forS` from `speed` with constant `acceleration`. Call next() until it answers false. */
  begin(forS: number, speed: number, acceleration: number): void {
    this.restS = forS;
    this.speed = speed;
    this.acceleration = acceleration;
  }

  /** Finds the next piece, or answers false when the segment is used up. */
  next(): boolean {
    if (!(this.restS > 0)) {
      this.gapSpeed = this.gapAcceleration = 0;
      return false;
    }
    const { speed, acceleration } = this;
    let forS = this.restS;
    const reversesAfterS = speed * acceleration < 0 ? -speed / acceleration : Infinity;
    const reverses = reversesAfterS < forS;
    if (reverses) forS = reversesAfterS;
    const direction = Math.sign(speed === 0 ? acceleration : speed);
    const roomMm = this.halfMm - direction * this.gapMm;
    const engaged = roomMm <= 1e-15;
    if (!engaged) {
      const closesAfterS = timeToTravel(roomMm, Math.abs(speed), acceleration * direction);
      if (closesAfterS < forS) return this.closes(closesAfterS, direction);
    }
    this.piece(forS, engaged);
    this.speed = reverses ? 0 : speed + acceleration * forS;
    return true;
  }

  private closes(afterS: number, direction: number): boolean {
    this.piece(afterS, false);
    this.gapSpeed = this.gapAcceleration = 0;
    this.gapMm = direction * this.halfMm;
    this.speed += this.acceleration * afterS;
    return true;
  }

  private piece(forS: number, engaged: boolean): void {
    this.forS = forS;
    this.pusherSpeed = engaged ? this.speed : 0;
    this.pusherAcceleration = engaged ? this.acceleration : 0;
    this.gapSpeed = engaged ? 0 : this.speed;
    this.gapAcceleration = engaged ? 0 : this.acceleration;
    this.restS -= forS;
    if (this.restS < 1e-15) this.restS = 0;
  }

  /** The fluid path has taken over `forS` of the current piece. */
  moved(forS: number): void {
    this.gapMm += forS * (this.gapSpeed + 0.5 * this.gapAcceleration * forS);
    this.gapSpeed += this.gapAcceleration * forS;
  }
}

/** Time to travel `distance` > 0 from `speed` ≥ 0 with constant acceleration; Infinity when it stops short. */
function timeToTravel(distance: number, speed: number, acceleration: number): number {
  const square = speed * speed + 2 * acceleration * distance;
  if (square < 0) return Infinity;
  const sum = speed + Math.sqrt(square);
  return sum > 0 ? (2 * distance) / sum : Infinity;
}
