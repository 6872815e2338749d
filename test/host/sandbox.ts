import vm from 'node:vm';

/** Timers of a mini-program that have not fired. */
export interface OpenTimers {
  readonly timeouts: number;
  readonly intervals: number;
}

/**
 * A realm that knows JavaScript and nothing else: what a mini-program's code finds on a phone. A stray
 * `window`, `process` or `TextEncoder` fails here as it does there.
 */
export class Sandbox {
  readonly realm: vm.Context;
  private readonly timeouts = new Set<NodeJS.Timeout>();
  private readonly intervals = new Set<NodeJS.Timeout>();
  private closed = false;
  private readonly onError: (error: unknown) => void;

  /** @param onError takes what a timer of the app has thrown. */
  constructor(globals: Readonly<Record<string, unknown>>, onError: (error: unknown) => void) {
    this.onError = onError;
    const { timeouts, intervals } = this;
    this.realm = vm.createContext({
      ...globals,
      console,
      setTimeout: (call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
        const timer = setTimeout(() => {
          timeouts.delete(timer);
          this.guard(() => call(...args));
        }, ms);
        timeouts.add(timer);
        return timer;
      },
      clearTimeout: (timer: NodeJS.Timeout) => {
        timeouts.delete(timer);
        clearTimeout(timer);
      },
      setInterval: (call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
        const timer = setInterval(() => this.guard(() => call(...args)), ms);
        intervals.add(timer);
        return timer;
      },
      clearInterval: (timer: NodeJS.Timeout) => {
        intervals.delete(timer);
        clearInterval(timer);
      },
    });
    vm.runInContext('globalThis.global = globalThis;', this.realm);
  }

  get openTimers(): OpenTimers {
    return { timeouts: this.timeouts.size, intervals: this.intervals.size };
  }

  /** Runs a module of the package. */
  run(file: string, source: string, locals: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(locals);
    const wrapped = `(function (${names.join(', ')}) {${source}\n})`;
    const call = vm.runInContext(wrapped, this.realm, { filename: file }) as (
      ...args: unknown[]
    ) => void;
    call(...names.map((name) => locals[name]));
  }

  /** The bytes as an ArrayBuffer of this realm: the app asks `instanceof`. */
  toBuffer(bytes: Uint8Array): ArrayBuffer {
    const make = vm.runInContext('(length) => new ArrayBuffer(length)', this.realm) as (
      length: number,
    ) => ArrayBuffer;
    const buffer = make(bytes.length);
    new Uint8Array(buffer).set(bytes);
    return buffer;
  }

  /** Ends all timers. */
  close(): void {
    for (const timer of this.timeouts) clearTimeout(timer);
    for (const timer of this.intervals) clearInterval(timer);
    this.timeouts.clear();
    this.intervals.clear();
    this.closed = true;
  }

  private guard(call: () => void): void {
    if (this.closed) return;
    try {
      call();
    } catch (error) {
      this.onError(error);
    }
  }
}
