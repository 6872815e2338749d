/** Largest picture that is taken, in bytes. */
const MAX_PICTURE_BYTES = 4 * 1024 * 1024;
const MAX_HEAD_BYTES = 1024;

/** Reads multipart JPEG, as ffmpeg writes it: each part tells its length. */
export class PartReader {
  private held = Buffer.alloc(0);

  /**
   * Takes the next piece.
   * @returns whole pictures.
   * @throws Error when it is no multipart JPEG; nothing further can be read then.
   */
  push(bytes: Uint8Array): Uint8Array[] {
    this.held = Buffer.concat([this.held, bytes]);
    const pictures: Uint8Array[] = [];
    for (let picture = this.next(); picture; picture = this.next()) pictures.push(picture);
    return pictures;
  }

  private next(): Uint8Array | null {
    const headEnd = this.held.indexOf('\r\n\r\n');
    if (headEnd < 0) {
      if (this.held.length > MAX_HEAD_BYTES) throw new Error('a part has no head');
      return null;
    }
    const head = this.held.toString('latin1', 0, headEnd);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? NaN);
    if (headEnd > MAX_HEAD_BYTES || !(length > 0 && length <= MAX_PICTURE_BYTES)) {
      throw new Error('a part does not tell its length');
    }
    const start = headEnd + 4;
    if (this.held.length < start + length) return null;
    const picture = Uint8Array.from(this.held.subarray(start, start + length));
    this.held = this.held.subarray(start + length);
    return picture;
  }
}
