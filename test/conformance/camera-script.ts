import type { RequestHandler, ResponseWriter } from '../../services/p2p/http';
import { LIVE_ANSWER } from './guide-context';
import type { DeviceAnswer, DeviceRequest, ScriptedDevice } from './subject';

/** The requests of a camera on our engine, answered as a test says. */
export class CameraScript implements ScriptedDevice {
  readonly requests: DeviceRequest[] = [];
  private answer: (request: DeviceRequest) => DeviceAnswer | null = () => LIVE_ANSWER;

  script(answer: (request: DeviceRequest) => DeviceAnswer | null): void {
    this.answer = answer;
  }

  readonly onRequest: RequestHandler = (incoming, response) => {
    const pieces: Uint8Array[] = [];
    let isEnded = false;
    const { method, path, query, headers } = incoming;
    const request: DeviceRequest = {
      method,
      path,
      query: { ...query },
      headers: { ...headers },
      body: () => Uint8Array.from(pieces.flatMap((piece) => [...piece])),
      ended: () => isEnded,
    };
    this.requests.push(request);
    const answer = this.answer(request);
    incoming.onData = (chunk) => void pieces.push(chunk);
    incoming.onEnd = () => {
      isEnded = true;
      if (answer?.afterBody === true) write(response, answer);
    };
    if (answer !== null && answer.afterBody !== true) write(response, answer);
  };
}

function write(response: ResponseWriter, { status, headers, chunks, then }: DeviceAnswer): void {
  response.writeHead(status, headers);
  for (const chunk of chunks ?? []) response.write(chunk);
  if (then === 'end') response.end();
  if (then === 'abort') response.abort();
}
