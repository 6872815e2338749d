import { CommandLine, innerCommand } from '../commands';
import { toIotError } from '../device';
import type { DeviceSessions, IotDevice } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import type { CancelTimer, Clock, Files, KeyValueStorage, Random } from '../host';
import type { Log } from '../log';
import { cutShort } from './download-errors';
import { DownloadJob } from './download-job';
import { downloadQueue, EMPTY_QUEUE } from './download-queue';
import type { DownloadEffect, DownloadQueueEvent, DownloadQueueState } from './download-queue';
import { DownloadStore } from './download-store';
import { safeFileName } from './file-name';
import { readFileList } from './file-list';
import { decodeQueue, encodeQueue } from './queue-codec';
import { SpeedMeter } from './speed-meter';
import type { CameraFile, DownloadRequest } from './types';

export interface DownloadControllerOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  /** Keeps the queue; the files themselves are in `target`. */
  readonly storage: KeyValueStorage;
  readonly target: Files;
  readonly log?: Log | undefined;
}

/** A stretch of time on a camera's card. */
export interface ClipRange {
  /** 0-based. */
  readonly channel: number;
  /** Unix seconds; `endS` is at least 5 s later. */
  readonly startS: number;
  readonly endS: number;
  /** `0` video, `1` picture (default `0`). */
  readonly fileType?: string;
}

interface Running {
  readonly job: DownloadJob;
  readonly meter: SpeedMeter;
  arrivedBytes: number;
}

const STORAGE_KEY = 'iot-video.downloads';
const PROGRESS_EVERY_MS = 500;
const LIST_TIMEOUT_MS = 10_000;
/** Cameras answer for a day; a longer range is asked for in pieces. */
const LIST_PIECE_S = 86_400;
const MIN_RANGE_S = 5;
const MAX_RANGE_S = 32 * 86_400;

/** Fetches files from cameras, one per camera at a time, and keeps the queue over restarts. */
export class DownloadController {
  readonly store: DownloadStore;
  private state: DownloadQueueState = EMPTY_QUEUE;
  private devices = new Map<string, IotDevice>();
  /** Cameras whose files were asked for, whether the app lists them or not. */
  private readonly asked = new Map<string, IotDevice>();
  private readonly running = new Map<string, Running>();
  private readonly timers = new Map<string, CancelTimer>();
  /** The end of whatever last had a file open: a name has one handle at a time. */
  private readonly settled = new Map<string, Promise<void>>();
  private cancelProgress: CancelTimer | null = null;
  private saved: string | null = null;
  private closed = false;

  constructor(private readonly options: DownloadControllerOptions) {
    const { target, storage } = options;
    this.store = new DownloadStore(target.durable);
    const kept = decodeQueue(storage.get(STORAGE_KEY)).filter(
      ({ phase }) => target.durable || phase.kind !== 'done',
    );
    this.dispatch({ type: 'add', items: kept });
    void this.sweep(new Set(kept.map(({ storedName }) => storedName)));
  }

  /** The cameras that the app knows; files of others wait. Call it again when the list changes. */
  setDevices(devices: readonly IotDevice[]): void {
    const all = [...this.asked.values(), ...devices];
    this.devices = new Map(all.map((device) => [device.id, device]));
    const ids = new Set(this.devices.keys());
    this.store.setDeviceIds(ids);
    this.dispatch({ type: 'devices', ids });
  }

  /** Puts files at the end of the queue; what is there already stays as it is. */
  add(requests: readonly DownloadRequest[]): void {
    const taken = this.state.items.map(({ storedName }) => storedName);
    const known = new Set(this.state.items.map(({ id }) => id));
    const items = requests.flatMap(({ deviceId, deviceName = deviceId, channel, file }) => {
      const id = `${deviceId}/${channel}/${file.name}`;
      if (known.has(id)) return [];
      known.add(id);
      const extension = file.type === '1' ? '.jpg' : '.mp4';
      const storedName = safeFileName([deviceName, file.name], extension, taken);
      taken.push(storedName);
      return [
        {
          ...{ id, deviceId, channel, file, storedName },
          sizeBytes: file.sizeBytes,
          storedBytes: 0,
          failures: 0,
          phase: { kind: 'queued' as const },
        },
      ];
    });
    this.dispatch({ type: 'add', items });
  }

  /**
   * The files that have a part in a stretch of time.
   * @throws IotError -2000 naming what is wrong with the range; `list-rejected`, `request-timeout`
   *   or what the connection failed of.
   */
  async listFiles(device: IotDevice, range: ClipRange): Promise<CameraFile[]> {
    requireRange(range);
    const { sessions, clock } = this.options;
    const { channel, startS, endS, fileType = '0' } = range;
    const line = new CommandLine({ sessions, clock, device, channel });
    const files = new Map<string, CameraFile>();
    try {
      for (let at = startS; at < endS; at += LIST_PIECE_S) {
        // The last piece must not be shorter than cameras allow.
        const end = Math.min(endS, at + LIST_PIECE_S);
        const start = Math.min(at, end - MIN_RANGE_S);
        const params = { start_time: start, end_time: end, file_type: fileType };
        const answer = await line.send(
          innerCommand('get_file_list', params, channel),
          LIST_TIMEOUT_MS,
        );
        if (answer.kind !== 'answer') throw listFailed(answer.kind);
        for (const file of readFileList(answer.body)) files.set(file.name, file);
      }
    } finally {
      line.close();
    }
    return [...files.values()].sort((a, b) => (a.startS ?? 0) - (b.startS ?? 0));
  }

  /**
   * Exports a clip: queues every file that has a part in a stretch of time.
   * @returns how many there are.
   * @throws as `listFiles`.
   */
  async addRange(device: IotDevice, range: ClipRange): Promise<number> {
    const files = await this.listFiles(device, range);
    const { id: deviceId, name: deviceName } = device;
    this.asked.set(deviceId, device);
    this.setDevices([...this.devices.values()]);
    this.add(files.map((file) => ({ deviceId, deviceName, channel: range.channel, file })));
    return files.length;
  }

  pause(id: string): void {
    this.dispatch({ type: 'pause', id });
  }

  /** Goes on with what is paused, has failed, or waits for its next try. */
  resume(id: string): void {
    this.dispatch({ type: 'resume', id });
  }

  pauseAll(): void {
    for (const { id } of this.state.items) this.pause(id);
  }

  resumeAll(): void {
    for (const { id, phase } of this.state.items) if (phase.kind !== 'done') this.resume(id);
  }

  /** Cancels a file, or deletes one that is there. */
  remove(id: string): void {
    this.dispatch({ type: 'remove', id });
  }

  /** Deletes every file that is there. */
  removeDone(): void {
    for (const { id, phase } of this.state.items) if (phase.kind === 'done') this.remove(id);
  }

  /** @param to place in the list, 0-based */
  move(id: string, to: number): void {
    this.dispatch({ type: 'move', id, to });
  }

  /** The network is back, or the app is shown again. */
  wake(): void {
    this.dispatch({ type: 'wake' });
  }

  /** Ends all transfers; the queue is kept for the next controller. Resolves when all files are closed. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelProgress?.();
    for (const cancel of this.timers.values()) cancel();
    for (const { job } of this.running.values()) job.stop();
    await Promise.all(this.settled.values());
  }

  private dispatch(event: DownloadQueueEvent): void {
    if (this.closed) return;
    const { clock, storage } = this.options;
    const stamp = { nowMs: clock.nowMs(), jitter: this.jitter() };
    const { state, effects } = downloadQueue(this.state, event, stamp);
    if (state === this.state) return;
    this.state = state;
    this.store.enter(state.items);
    const text = encodeQueue(state.items);
    if (text !== this.saved) storage.set(STORAGE_KEY, text);
    this.saved = text;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: DownloadEffect): void {
    const { id } = effect;
    switch (effect.type) {
      case 'start':
        this.start(id, effect.attempt);
        break;
      case 'stop':
        this.running.get(id)?.job.stop();
        this.running.delete(id);
        break;
      case 'setTimer':
        this.timers.set(
          id,
          this.options.clock.setTimer(effect.delayMs, () => this.dispatch({ type: 'due', id })),
        );
        break;
      case 'clearTimer':
        this.timers.get(id)?.();
        this.timers.delete(id);
        break;
      case 'discard':
        this.afterwards(id, () => this.options.target.remove(effect.storedName));
        break;
      default:
        effect satisfies never;
    }
  }

  private start(id: string, attempt: number): void {
    const item = this.state.items.find((each) => each.id === id);
    const device = item && this.devices.get(item.deviceId);
    if (item === undefined || device === undefined) return;
    const { sessions, target, clock } = this.options;
    const running: Running = {
      meter: new SpeedMeter(),
      arrivedBytes: item.storedBytes,
      job: new DownloadJob({
        ...{ sessions, target, device, item },
        onOpened: (storedBytes) => this.dispatch({ type: 'opened', id, attempt, storedBytes }),
        onSized: (sizeBytes) => this.dispatch({ type: 'sized', id, attempt, sizeBytes }),
        onStored: (storedBytes) => this.dispatch({ type: 'stored', id, attempt, storedBytes }),
        onArrived: (bytes) => {
          running.meter.add(clock.nowMs(), bytes);
          running.arrivedBytes = bytes;
        },
      }),
    };
    this.running.set(id, running);
    this.afterwards(id, async () => {
      try {
        await running.job.run();
        this.dispatch({ type: 'finished', id, attempt });
      } catch (cause) {
        const error = toIotError(cause, cutShort(String(cause)));
        this.report(error, item.file.name);
        this.dispatch({ type: 'failed', id, attempt, error });
      }
      await this.measureSpace();
    });
    this.showProgress();
  }

  /** One thing at a time happens to a file. */
  private afterwards(id: string, run: () => Promise<void>): void {
    const before = this.settled.get(id) ?? Promise.resolve();
    const after = before.then(run).catch((cause: unknown) => {
      const data = { cause };
      this.options.log?.({
        level: 'warn',
        scope: 'downloads',
        message: 'the storage failed',
        data,
      });
    });
    this.settled.set(id, after);
    void after.then(() => {
      if (this.settled.get(id) === after) this.settled.delete(id);
    });
  }

  private showProgress(): void {
    this.cancelProgress ??= this.options.clock.setTimer(PROGRESS_EVERY_MS, () => {
      this.cancelProgress = null;
      const nowMs = this.options.clock.nowMs();
      for (const [id, { meter, arrivedBytes: bytes }] of this.running) {
        const item = this.state.items.find((each) => each.id === id);
        if (item?.phase.kind !== 'running') {
          this.running.delete(id);
          continue;
        }
        const bytesPerS = meter.bytesPerS(nowMs);
        const left = item.sizeBytes === null ? null : item.sizeBytes - bytes;
        const known = left !== null && bytesPerS !== null && bytesPerS > 0;
        const remainingS = known ? Math.ceil(left / bytesPerS) : null;
        this.store.tell(id, { bytes, bytesPerS, remainingS });
      }
      if (this.running.size > 0) this.showProgress();
    });
  }

  /** Deletes what no entry of the queue knows. */
  private async sweep(known: ReadonlySet<string>): Promise<void> {
    const { target } = this.options;
    try {
      for (const name of await target.list()) {
        const isOurs = this.state.items.some(({ storedName }) => storedName === name);
        if (!known.has(name) && !isOurs) await target.remove(name);
      }
    } catch (cause) {
      this.options.log?.({
        level: 'warn',
        scope: 'downloads',
        message: 'the storage could not be tidied',
        data: { cause },
      });
    }
    await this.measureSpace();
  }

  private async measureSpace(): Promise<void> {
    const freeBytes = await this.options.target.freeBytes().catch(() => null);
    this.store.setFreeBytes(freeBytes);
  }

  private report({ code, reason, message }: IotError, name: string): void {
    if (reason === 'cancelled') return;
    const data = { code, reason, name };
    this.options.log?.({ level: 'warn', scope: 'downloads', message, data });
  }

  private jitter(): number {
    const [a = 0, b = 0] = this.options.random.bytes(2);
    return (a * 256 + b) / 65_536;
  }
}

function requireRange({ startS, endS }: ClipRange): void {
  const field = !Number.isSafeInteger(startS) || startS < 0 ? 'startS' : 'endS';
  const lengthS = endS - startS;
  const isGood = lengthS >= MIN_RANGE_S && lengthS <= MAX_RANGE_S && Number.isSafeInteger(endS);
  if (field === 'endS' && isGood) return;
  throw new IotError({
    code: XP2PErrorCode.BadParameter,
    phase: 'download',
    reason: 'bad-parameter',
    message: `${field}: a range is whole unix seconds, 5 s to 32 days long`,
    retryable: false,
    field,
  });
}

function listFailed(kind: 'malformed' | 'refused' | 'no-answer'): IotError {
  const silent = kind === 'no-answer';
  return new IotError({
    code: XP2PErrorCode.DownloadFailed,
    phase: 'command',
    reason: silent ? 'request-timeout' : 'list-rejected',
    message: `the list of files: ${kind}`,
    retryable: silent,
  });
}
