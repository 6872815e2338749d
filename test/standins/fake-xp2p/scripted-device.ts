import { LIVE_ANSWER } from '../../conformance/guide-context';
import type {
  DeviceAnswer,
  DeviceRequest,
  ScriptedDevice as Scripted,
} from '../../conformance/subject';

/** A request that arrived at the camera, and what it does with it. */
export class ScriptedRequest implements DeviceRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly headers = {};
  private readonly bytes: number[] = [];
  private isEnded = false;
  /** The body is whole. */
  onEnd: () => void = () => undefined;

  constructor(
    readonly method: string,
    readonly path: string,
    /** As they stand in the request. */
    readonly params: string,
  ) {
    this.query = Object.fromEntries(new URLSearchParams(params));
  }

  body(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  ended(): boolean {
    return this.isEnded;
  }

  write(chunk: ArrayBuffer): void {
    this.bytes.push(...new Uint8Array(chunk));
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.onEnd();
  }
}

/** A camera of the vendor's that does what the test says. */
export class ScriptedDevice implements Scripted {
  /** The current xp2pInfo. */
  xp2pInfo: string;
  online = true;
  rttMs = 40;
  readonly requests: ScriptedRequest[] = [];
  private answer: (request: DeviceRequest) => DeviceAnswer | null = () => LIVE_ANSWER;

  constructor(xp2pInfo = 'XP2PQ+a/9x==%2.4.20') {
    this.xp2pInfo = xp2pInfo;
  }

  get sdkMinor(): number {
    return Number(/%2\.(\d+)\./.exec(this.xp2pInfo)?.[1]);
  }

  script(answer: (request: DeviceRequest) => DeviceAnswer | null): void {
    this.answer = answer;
  }

  /** Takes a request in; `null`: it is never answered. */
  receive(request: ScriptedRequest): DeviceAnswer | null {
    this.requests.push(request);
    return this.answer(request);
  }
}
