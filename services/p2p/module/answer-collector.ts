import type { HeaderFields, ResponseHead } from '../http';
import type { XP2PRequestResult } from './service-types';

/** Takes an answer together, up to a limit. */
export class AnswerCollector {
  status = 0;
  headers: HeaderFields = {};
  private readonly limitBytes: number;
  private readonly pieces: Uint8Array[] = [];
  private length = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get isOk(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  onHead(head: ResponseHead): void {
    this.status = head.status;
    this.headers = head.headers;
  }

  /** @returns false when the body is longer than the limit; what is beyond is left out. */
  onData(bytes: Uint8Array): boolean {
    const room = this.limitBytes - this.length;
    const piece = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (piece.length > 0) this.pieces.push(piece);
    this.length += piece.length;
    return bytes.length <= room;
  }

  body(): Uint8Array<ArrayBuffer> {
    const body = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.pieces) {
      body.set(piece, at);
      at += piece.length;
    }
    return body;
  }

  /** As the guide's callbacks have it. */
  result(errcode: number, errmsg: string): XP2PRequestResult {
    const { status, headers } = this;
    return { status, headers, data: this.body().buffer, errcode, errmsg };
  }
}
