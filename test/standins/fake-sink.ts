import type { PlayerSink, PlayerSinkEvents } from '../../services/player';

/** A surface that does what the test says. Records every call but `write`, whose bytes it counts. */
export class FakeSink implements PlayerSink {
  readonly calls: string[] = [];
  events: PlayerSinkEvents | null = null;
  written = 0;
  muted = false;
  volume = 1;
  headers: Readonly<Record<string, string>> | null = null;
  /** Answers `open` and `play` at once. */
  auto = false;

  open(events: PlayerSinkEvents): void {
    this.calls.push('open');
    this.events = events;
    if (this.auto) events.onReady();
  }

  play(): void {
    this.calls.push('play');
    if (this.auto) this.events?.onStartPull();
  }

  setHeaders(headers: Readonly<Record<string, string>>): void {
    this.headers = headers;
  }

  write(chunk: ArrayBuffer): void {
    this.written += chunk.byteLength;
  }

  end(): void {
    this.calls.push('end');
  }

  stop(): void {
    this.calls.push('stop');
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  close(): void {
    this.calls.push('close');
    this.events = null;
  }
}
