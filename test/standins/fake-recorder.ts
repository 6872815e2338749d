import type {
  XP2PRecorderManager,
  XP2PRecorderStartOptions,
  XP2PRecorderStop,
} from '../../services/p2p/module';

type Listener = (event: never) => void;
type EventName =
  | 'start'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'frameRecorded'
  | 'error'
  | 'interruptionBegin'
  | 'interruptionEnd';

/** A `RecorderManager` that does what the test says. Keeps every listener, as platforms may. */
export class FakeRecorder implements XP2PRecorderManager {
  readonly starts: XP2PRecorderStartOptions[] = [];
  isRecording = false;
  /** Whether `start` is followed by its event at once. */
  startsAtOnce = true;
  /** Whether `stop` is followed by its event at once. */
  stopsAtOnce = true;
  private readonly listeners = new Map<EventName, Listener[]>();

  start(options: XP2PRecorderStartOptions): void {
    if (this.isRecording) throw new Error('is recording or paused');
    this.starts.push(options);
    this.isRecording = true;
    if (this.startsAtOnce) this.emit('start');
  }

  stop(): void {
    if (!this.isRecording) return;
    this.isRecording = false;
    if (this.stopsAtOnce) this.emit('stop', {});
  }

  onStart(listener: () => void): void {
    this.listen('start', listener);
  }

  onStop(listener: (result: XP2PRecorderStop) => void): void {
    this.listen('stop', listener);
  }

  onPause(listener: () => void): void {
    this.listen('pause', listener);
  }

  onResume(listener: () => void): void {
    this.listen('resume', listener);
  }

  onFrameRecorded(listener: (frame: { readonly frameBuffer: ArrayBuffer }) => void): void {
    this.listen('frameRecorded', listener);
  }

  onError(listener: (error: { readonly errMsg?: string }) => void): void {
    this.listen('error', listener);
  }

  onInterruptionBegin(listener: () => void): void {
    this.listen('interruptionBegin', listener);
  }

  onInterruptionEnd(listener: () => void): void {
    this.listen('interruptionEnd', listener);
  }

  frame(...bytes: number[]): void {
    this.emit('frameRecorded', { frameBuffer: Uint8Array.from(bytes).buffer });
  }

  /** The longest recording is reached: the platform ends it. */
  reachEnd(): void {
    this.isRecording = false;
    this.emit('stop', { duration: this.starts.at(-1)!.duration });
  }

  emit(name: EventName, event?: object): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(event as never);
  }

  private listen(name: EventName, listener: Listener): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
}
