import type { CancelTimer, Clock } from '../../../services/host';
import type { ResponseWriter } from '../../../services/p2p/http';
import { answerText } from '../answer';

/** Pictures that wait for a viewer beyond this are left out, in bytes. */
const MAX_BUFFERED_BYTES = 256 * 1024;
const START_TIMEOUT_MS = 5_000;
const BOUNDARY = 'picture';

interface Seat {
  readonly response: ResponseWriter;
  readonly onLeft: () => void;
  started: boolean;
  cancelStart: CancelTimer;
}

/**
 * Hands single pictures to many viewers as `multipart/x-mixed-replace`. A part is written in one piece,
 * so that its head begins one; a viewer that is behind misses whole pictures.
 */
export class PictureHub {
  private readonly seats = new Set<Seat>();

  constructor(private readonly clock: Clock) {}

  addViewer(response: ResponseWriter, onLeft: () => void): void {
    const seat: Seat = {
      response,
      onLeft,
      started: false,
      cancelStart: this.clock.setTimer(START_TIMEOUT_MS, () => {
        this.remove(seat);
        answerText(response, 503, 'the camera has no picture at present, try later');
      }),
    };
    response.onClose = () => this.remove(seat);
    this.seats.add(seat);
  }

  onPicture(jpeg: Uint8Array): void {
    const part = partOf(jpeg);
    for (const seat of this.seats) {
      if (!seat.started) this.begin(seat);
      if (seat.response.bufferedBytes() <= MAX_BUFFERED_BYTES) seat.response.write(part);
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const seat of [...this.seats]) {
      seat.response.end(Buffer.from(`--${BOUNDARY}--\r\n`));
      this.remove(seat);
    }
  }

  private begin(seat: Seat): void {
    seat.started = true;
    seat.cancelStart();
    seat.response.writeHead(200, {
      'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
      'cache-control': 'no-store',
    });
  }

  private remove(seat: Seat): void {
    if (!this.seats.delete(seat)) return;
    seat.cancelStart();
    seat.onLeft();
  }
}

/** RFC 2046 §5.1.1; the line break before the next boundary belongs to this part's end. */
function partOf(jpeg: Uint8Array): Uint8Array {
  const head = `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
}
