import type {
  PipedProcess,
  ProcessEvents,
  StartPipe,
} from '../../../../agents/camera/start-process';

/** A program that does what the test says. */
export class FakePipe implements PipedProcess {
  readonly written: Uint8Array[] = [];
  stopped = 0;
  inputEnded = false;

  constructor(
    readonly args: readonly string[],
    readonly events: ProcessEvents,
  ) {}

  write(bytes: Uint8Array): void {
    this.written.push(bytes.slice());
  }
  bufferedBytes(): number {
    return 0;
  }
  endInput(): void {
    this.inputEnded = true;
  }
  stop(): void {
    this.stopped++;
  }
}

/** Starts fake programs, and keeps them. */
export function fakePipes(): { readonly pipes: FakePipe[]; readonly startPipe: StartPipe } {
  const pipes: FakePipe[] = [];
  return {
    pipes,
    startPipe: (_command, args, events) => {
      const pipe = new FakePipe(args, events);
      pipes.push(pipe);
      return pipe;
    },
  };
}
