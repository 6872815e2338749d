import type { Clock } from '../../../services/host';
import type { FailureShape } from './generation';

/** What a caller sees of a call: recorded, failing as the version fails, late as a network is late. */
export class FakeCalls {
  /** Names of the functions that were called, with what matters of their arguments. */
  readonly log: string[] = [];
  private readonly scripted = new Map<string, () => unknown>();
  /** Grows when the module is destroyed: what was under way is dropped. */
  private life = 0;

  constructor(private readonly clock: Clock) {}

  /** The next call of `name` gives what `answer` returns, throws or never settles. */
  answerNext(name: string, answer: () => unknown): void {
    this.scripted.set(name, answer);
  }

  /** Runs a call of the plugin, or what a test has put in its place. */
  run(name: string, note: string, work: () => unknown): unknown {
    this.log.push(note === '' ? name : `${name} ${note}`);
    const answer = this.scripted.get(name);
    this.scripted.delete(name);
    return (answer ?? work)();
  }

  fail(shape: FailureShape, name: string, errcode: number): Promise<unknown> {
    if (shape === 'resolves-code') return Promise.resolve(errcode);
    // The plugin throws what it throws.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    if (shape === 'rejects-code') return Promise.reject(errcode);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    return Promise.reject({ errcode, errmsg: `${name} failed` });
  }

  after(delayMs: number, work: () => void): void {
    const { life } = this;
    this.clock.setTimer(delayMs, () => {
      if (life === this.life) work();
    });
  }

  later<T>(delayMs: number, value: () => T): Promise<T> {
    return new Promise((resolve) => this.after(delayMs, () => resolve(value())));
  }

  endLife(): void {
    this.life++;
  }
}
