import { action, computed, makeObservable, observable } from 'mobx';
import type { DownloadItem } from './types';

/** How a running transfer goes. */
export interface DownloadProgress {
  /** Bytes that arrived, those of earlier tries included. */
  readonly bytes: number;
  /** Null while too little is known. */
  readonly bytesPerS: number | null;
  /** Seconds that are left at this speed; null while unknown. */
  readonly remainingS: number | null;
}

/** What views observe of the downloads. Written by the controller only. */
export class DownloadStore {
  items: readonly DownloadItem[] = [];
  /** Of running files, twice a second. */
  readonly progress = observable.map<string, DownloadProgress>({}, { deep: false });
  /** Cameras that can be fetched from. */
  deviceIds: ReadonlySet<string> = new Set();
  /** Bytes that may still be stored; null where the host does not tell. */
  freeBytes: number | null = null;
  /** Whether what is stored outlives the app. */
  readonly durable: boolean;

  constructor(durable: boolean) {
    this.durable = durable;
    makeObservable(this, {
      items: observable.ref,
      deviceIds: observable.ref,
      freeBytes: observable,
      storedBytes: computed,
      active: computed,
      enter: action,
      tell: action,
      setFreeBytes: action,
      setDeviceIds: action,
    });
  }

  /** Bytes that all downloads occupy. */
  get storedBytes(): number {
    return this.items.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  }

  /** Whether anything is fetched, or waits for it. */
  get active(): boolean {
    return this.items.some(({ phase: { kind } }) =>
      ['queued', 'running', 'waiting'].includes(kind),
    );
  }

  enter(items: readonly DownloadItem[]): void {
    this.items = items;
    const running = new Set(
      items.filter(({ phase }) => phase.kind === 'running').map(({ id }) => id),
    );
    for (const id of [...this.progress.keys()]) if (!running.has(id)) this.progress.delete(id);
  }

  tell(id: string, progress: DownloadProgress): void {
    this.progress.set(id, progress);
  }

  setDeviceIds(ids: ReadonlySet<string>): void {
    this.deviceIds = ids;
  }

  setFreeBytes(freeBytes: number | null): void {
    this.freeBytes = freeBytes;
  }
}
