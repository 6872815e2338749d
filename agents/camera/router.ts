import type { IncomingRequest, RequestHandler, ResponseWriter } from '../../services/p2p/http';

/** The part of the live hub that requests reach. */
export interface LiveStreams {
  readonly viewerCount: number;
  readonly full: boolean;
  /** @returns false when there are too many viewers; nothing has been answered then. */
  addViewer(response: ResponseWriter): boolean;
}

export interface RouterOptions {
  /** What people call the camera. */
  readonly name: string;
  readonly live: LiveStreams;
}

/** What this camera can do; viewers show controls accordingly. */
export interface Capabilities {
  readonly name: string;
  readonly channels: number;
  readonly qualities: readonly string[];
  readonly ptz: null;
  readonly talk: null;
  readonly playback: null;
}

/** `status` of `get_device_st`. Strings, as devices send them. */
const DeviceStatus = {
  Ok: '0',
  BadRequest: '404',
  TooManyViewers: '405',
  Unsupported: '406',
} as const;

/** The reference's quality names; this camera has one picture and serves it under each. */
const QUALITIES = ['standard', 'high', 'super'];

/** Makes the handler of all requests that viewers send to the camera. */
export function createRouter({ name, live }: RouterOptions): RequestHandler {
  const capabilities: Capabilities = {
    name,
    channels: 1,
    qualities: ['high'],
    ptz: null,
    talk: null,
    playback: null,
  };
  return (request, response) => {
    const route = ROUTES.get(request.path);
    if (route === undefined) return text(response, 404, `there is no ${request.path}`);
    if (request.method !== 'GET') {
      return text(response, 405, `${request.path} takes GET`, { allow: 'GET' });
    }
    route(request, response, live, capabilities);
  };
}

type Route = (
  request: IncomingRequest,
  response: ResponseWriter,
  live: LiveStreams,
  capabilities: Capabilities,
) => void;

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/ipc.flv', serveLive],
  ['/command', serveCommand],
  ['/capabilities', (_request, response, _live, capabilities) => json(response, capabilities)],
]);

function serveLive({ query }: IncomingRequest, response: ResponseWriter, live: LiveStreams): void {
  const { action, channel, quality } = query;
  if (action !== 'live') return text(response, 404, `there is no stream "${action ?? ''}"`);
  if (!isOurChannel(channel)) return text(response, 404, `there is no channel ${channel}`);
  if (quality !== undefined && !QUALITIES.includes(quality)) {
    return text(response, 404, `there is no quality "${quality}"`);
  }
  if (!live.addViewer(response)) text(response, 503, 'too many viewers, try later');
}

function serveCommand(
  { query }: IncomingRequest,
  response: ResponseWriter,
  live: LiveStreams,
): void {
  const { action, cmd } = query;
  if (action === 'user_define') return text(response, 404, 'no handler');
  if (action !== 'inner_define') return text(response, 400, `unknown action "${action ?? ''}"`);
  if (cmd !== 'get_device_st') return text(response, 400, `unknown command "${cmd ?? ''}"`);
  const appConnectNum = String(live.viewerCount);
  json(response, [{ status: deviceStatus(query, live), appConnectNum }]);
}

function deviceStatus(query: IncomingRequest['query'], live: LiveStreams): string {
  if (!isOurChannel(query['channel'])) return DeviceStatus.BadRequest;
  if (query['type'] !== 'live') return DeviceStatus.Unsupported;
  return live.full ? DeviceStatus.TooManyViewers : DeviceStatus.Ok;
}

function isOurChannel(channel: string | undefined): boolean {
  return channel === undefined || channel === '0';
}

function json(response: ResponseWriter, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(new TextEncoder().encode(JSON.stringify(value)));
}

function text(
  response: ResponseWriter,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(new TextEncoder().encode(message));
}
