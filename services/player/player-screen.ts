import type { PlayerEvent } from './player-event';
import type { PlayerStore } from './player-store';
import type { PlayerSink, PlayerSinkEvents, SinkProgress } from './sink';

export interface PlayerScreenOptions {
  readonly store: PlayerStore;
  readonly dispatch: (event: PlayerEvent) => void;
  readonly onVisible: (visible: boolean) => void;
  readonly onProgress: (progress: SinkProgress) => void;
  /** The host changed the sound by itself. */
  readonly onMuted: (muted: boolean) => void;
}

const NO_ATTEMPT = -1;

/** The surface that is on the page, and the attempts that it is open and pulls for. */
export class PlayerScreen {
  private sink: PlayerSink | null = null;
  private sinkAttempt = NO_ATTEMPT;
  private pullAttempt = NO_ATTEMPT;

  constructor(private readonly options: PlayerScreenOptions) {}

  get isPulling(): boolean {
    return this.pullAttempt !== NO_ATTEMPT;
  }

  /** Whether the present pull belongs to this attempt. */
  pulls(attempt: number): boolean {
    return attempt === this.pullAttempt;
  }

  /** Takes another surface, or none. */
  attach(sink: PlayerSink | null): void {
    if (sink === this.sink) return;
    this.sink?.close();
    this.sink = sink;
    if (sink === null || this.sinkAttempt === NO_ATTEMPT) return;
    if (this.isPulling) this.options.dispatch({ type: 'surface-replaced' });
    else this.openSink(sink, this.sinkAttempt);
  }

  open(attempt: number): void {
    this.sinkAttempt = attempt;
    if (this.sink !== null) this.openSink(this.sink, attempt);
  }

  close(): void {
    this.sinkAttempt = NO_ATTEMPT;
    this.sink?.close();
  }

  play(attempt: number): void {
    this.pullAttempt = attempt;
    this.sink?.play();
  }

  stop(): void {
    this.pullAttempt = NO_ATTEMPT;
    this.options.store.patch({ progress: null, stats: null });
    this.sink?.stop();
  }

  end(): void {
    this.sink?.end();
  }

  setHeaders(attempt: number, headers: Readonly<Record<string, string>>): void {
    if (this.pulls(attempt)) this.sink?.setHeaders?.(headers);
  }

  write(chunk: ArrayBuffer): void {
    this.sink?.write(chunk);
  }

  setMuted(muted: boolean): void {
    this.sink?.setMuted(muted);
  }

  setVolume(volume: number): void {
    this.sink?.setVolume(volume);
  }

  private openSink(sink: PlayerSink, attempt: number): void {
    sink.setMuted(this.options.store.muted);
    sink.setVolume(this.options.store.volume);
    sink.open(this.eventsOf(sink, attempt));
  }

  private eventsOf(sink: PlayerSink, attempt: number): PlayerSinkEvents {
    const { store, dispatch, onVisible, onProgress, onMuted } = this.options;
    const isCurrent = (): boolean => this.sink === sink && this.sinkAttempt === attempt;
    const tell = (event: PlayerEvent): void => {
      if (isCurrent()) dispatch(event);
    };
    return {
      onReady: () => tell({ type: 'surface-ready', attempt }),
      onStartPull: () => tell({ type: 'start-pull', attempt: this.pullAttempt }),
      onFirstFrame: () => tell({ type: 'first-frame', attempt: this.pullAttempt }),
      onStalled: () => tell({ type: 'stalled', attempt: this.pullAttempt }),
      onResumed: () => tell({ type: 'resumed', attempt: this.pullAttempt }),
      onBlocked: () => tell({ type: 'blocked', attempt: this.pullAttempt }),
      onVisible: (visible) => void (isCurrent() && onVisible(visible)),
      onError: (error) => tell({ type: 'surface-error', attempt, error }),
      onVideoSize: (videoSize) => void (isCurrent() && store.patch({ videoSize })),
      onProgress: (progress) => {
        if (!isCurrent()) return;
        onProgress(progress);
        dispatch({
          type: 'latency',
          attempt: this.pullAttempt,
          latencyMs: progress.latencyMs,
        });
      },
      onMuted: (muted) => void (isCurrent() && onMuted(muted)),
    };
  }
}
