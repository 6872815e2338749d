import type { Clock } from '../../../services/host';
import type { ResponseWriter } from '../../../services/p2p/http';
import { buildPictureArgs } from '../ffmpeg-args';
import type { LiveHub } from '../live-hub';
import { EncoderPipe } from '../quality/encoder-pipe';
import type { EncoderPipeOptions } from '../quality/encoder-pipe';
import { OnDemand } from '../quality/on-demand';
import type { StartPipe } from '../start-process';
import { PartReader } from './part-reader';
import { PictureHub } from './picture-hub';

export interface PictureStreamOptions {
  readonly source: LiveHub;
  readonly clock: Clock;
  readonly log: EncoderPipeOptions['log'];
  readonly startPipe?: StartPipe;
}

/** A channel as single pictures (`live-mjpg`), encoded while somebody watches. */
export class PictureStream {
  private readonly hub: PictureHub;
  private readonly demand: OnDemand;

  constructor({ source, clock, log, startPipe }: PictureStreamOptions) {
    this.hub = new PictureHub(clock);
    let reader = new PartReader();
    const encoder = new EncoderPipe({
      source,
      args: buildPictureArgs(),
      clock,
      log,
      startPipe,
      onStart: () => (reader = new PartReader()),
      onOutput: (bytes) => {
        try {
          for (const picture of reader.push(bytes)) this.hub.onPicture(picture);
          return true;
        } catch (error) {
          log.warn(`the encoder's pictures cannot be read: ${String(error)}`);
          return false;
        }
      },
    });
    this.demand = new OnDemand(encoder, clock);
  }

  addViewer(response: ResponseWriter, onLeft: () => void): void {
    const endUse = this.demand.use();
    this.hub.addViewer(response, () => {
      endUse();
      onLeft();
    });
  }

  async close(): Promise<void> {
    this.hub.close();
    await this.demand.close();
  }
}
