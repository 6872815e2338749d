import type { TalkFile, TalkSink } from './talk-sink';
import { wavHeader } from './wav';

/** Keeps PCM as WAV; its head is right after every piece, so that a crash leaves a file that plays. */
export class PcmSink implements TalkSink {
  private bytes = 0;
  private rest = new Uint8Array(0);
  private readonly blockBytes: number;

  constructor(
    private readonly rateHz: number,
    private readonly channels: number,
    private readonly file: TalkFile,
  ) {
    this.blockBytes = channels * 2;
    file.append(wavHeader(rateHz, channels, 0));
  }

  get durationMs(): number {
    return Math.round((this.bytes / this.blockBytes / this.rateHz) * 1_000);
  }

  write(bytes: Uint8Array): null {
    const joined = Buffer.concat([this.rest, bytes]);
    const whole = joined.length - (joined.length % this.blockBytes);
    // Half a sample would turn all that follows into noise.
    this.rest = Uint8Array.from(joined.subarray(whole));
    if (whole === 0) return null;
    this.file.append(joined.subarray(0, whole));
    this.bytes += whole;
    this.file.patch(wavHeader(this.rateHz, this.channels, this.bytes), 0);
    return null;
  }

  close(): void {
    this.file.close();
  }
}
