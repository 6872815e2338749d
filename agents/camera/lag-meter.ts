interface Written {
  /** Bytes written up to and including this piece. */
  readonly endBytes: number;
  readonly atMs: number;
}

/** Tells how long the oldest byte that is still unsent has been waiting. */
export class LagMeter {
  private written = 0;
  private waiting: Written[] = [];

  get writtenBytes(): number {
    return this.written;
  }

  wrote(bytes: number, nowMs: number): void {
    this.written += bytes;
    this.waiting.push({ endBytes: this.written, atMs: nowMs });
  }

  /**
   * @param bufferedBytes how many of the bytes written are unsent.
   * @returns ms; 0 when everything is sent.
   */
  lagMs(bufferedBytes: number, nowMs: number): number {
    const sent = this.written - bufferedBytes;
    let gone = 0;
    while (gone < this.waiting.length && this.waiting[gone]!.endBytes <= sent) gone++;
    if (gone > 0) this.waiting.splice(0, gone);
    const oldest = this.waiting[0];
    return oldest === undefined ? 0 : nowMs - oldest.atMs;
  }
}
