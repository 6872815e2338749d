import type { Clock } from '../../../services/host';
import { FlvReader } from '../../../services/media/flv';
import { buildRenditionArgs } from '../ffmpeg-args';
import type { EncodingLimits } from '../ffmpeg-args';
import { LiveHub } from '../live-hub';
import type { StartPipe } from '../start-process';
import { EncoderPipe } from './encoder-pipe';
import type { EncoderPipeOptions } from './encoder-pipe';
import { OnDemand } from './on-demand';

export interface EncodedRenditionOptions {
  readonly source: LiveHub;
  readonly limits: EncodingLimits;
  readonly clock: Clock;
  readonly log: EncoderPipeOptions['log'];
  readonly startPipe?: StartPipe;
}

/** A smaller version of a channel's picture, encoded while somebody watches it. */
export class EncodedRendition {
  readonly hub: LiveHub;
  private readonly demand: OnDemand;

  constructor({ source, limits, clock, log, startPipe }: EncodedRenditionOptions) {
    const hub = new LiveHub({ clock });
    let reader = new FlvReader();
    this.hub = hub;
    const encoder = new EncoderPipe({
      source,
      args: buildRenditionArgs(limits),
      clock,
      log,
      startPipe,
      onStart: () => {
        reader = new FlvReader();
        hub.interrupt();
      },
      onOutput: (bytes) => {
        const { header, tags, error } = reader.push(bytes);
        if (header) hub.onHeader(header);
        for (const tag of tags) hub.onTag(tag);
        if (error) log.warn(error.message);
        return error === null;
      },
    });
    this.demand = new OnDemand(encoder, clock);
  }

  /** Whether its encoder runs. */
  get active(): boolean {
    return this.demand.active;
  }

  /** @returns what ends the use. */
  use(): () => void {
    return this.demand.use();
  }

  async close(): Promise<void> {
    this.hub.close();
    await this.demand.close();
  }
}
