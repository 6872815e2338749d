import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorPhase } from '../errors';
import type {
  XP2PCommandOptions,
  XP2PInitParams,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
  XP2PVersionedInitParams,
} from '../p2p/module';
import { P2P_NAMES } from '../p2p-names';

const APP_PARAMS = ['appid', 'appOauthId', 'appKey', 'appSecretKey', 'appPackage'] as const;
const RECORDER = ['start', 'stop', 'onStart', 'onStop', 'onFrameRecorded'] as const;
const LONGEST_COMMAND_MS = 600_000;
const MOST_EVENTS = 65_536;

type Kind = 'string' | 'function' | 'object';
type Values = Readonly<Record<string, readonly [value: unknown, kind: Kind | `${Kind}?`]>>;

/** @throws IotError -2000; so do all here. The plugin says -2000 without the field, or nothing. */
export function checkInit(params: XP2PInitParams | XP2PVersionedInitParams): void {
  check('init', { params: [params, 'object'] });
  const { appParams, initParams } = params;
  check('init', { appParams: [appParams, 'object'], initParams: [initParams, 'object?'] });
  for (const name of APP_PARAMS) {
    const value: unknown = appParams[name];
    const isNumber = name === 'appid' && typeof value === 'number' && Number.isFinite(value);
    if (!isNumber) check('init', { [`appParams.${name}`]: [value, 'string'] });
  }
  const { eventHandler } = initParams ?? params;
  check('init', { eventHandler: [eventHandler, 'function?'] });
  const versions: readonly unknown[] = Object.values(P2P_NAMES.DeviceVersion);
  if (initParams !== undefined && !versions.includes(initParams.deviceP2PVersion)) {
    throw badParameter('init', 'initParams.deviceP2PVersion', 'of DeviceVersion');
  }
}

export function checkId(phase: IotErrorPhase, id: unknown): void {
  check(phase, { id: [id, 'string'] });
}

export function checkStreamInfo(info: XP2PStreamInfo): void {
  check('connect', { streamInfo: [info, 'object'] });
  check('connect', {
    'streamInfo.url': [info.url, 'string'],
    'streamInfo.productId': [info.productId, 'string?'],
    'streamInfo.deviceName': [info.deviceName, 'string?'],
    'streamInfo.liveStreamDomain': [info.liveStreamDomain, 'string?'],
  });
  // A 1vN source has an url of its own, a device is found by its xp2pInfo.
  const isDevice = /^[a-z]+:\/\/[^/?#]*\.xnet\//i.test(info.url);
  if (isDevice || info.xp2pInfo !== undefined) {
    check('connect', { 'streamInfo.xp2pInfo': [info.xp2pInfo, 'string'] });
  }
}

export function checkServiceCallbacks(callbacks: XP2PServiceCallbacks): void {
  check('connect', { callbacks: [callbacks, 'object'] });
  check('connect', {
    'callbacks.msgCallback': [callbacks.msgCallback, 'function'],
    'callbacks.dataCallback': [callbacks.dataCallback, 'function?'],
  });
}

export function checkStartStream(params: XP2PStartStreamParams): void {
  check('stream', { params: [params, 'object'] });
  check('stream', {
    dataCallback: [params.dataCallback, 'function'],
    msgCallback: [params.msgCallback, 'function?'],
    flv: [params.flv, 'object?'],
  });
  if (params.flv === undefined) return;
  check('stream', {
    'flv.filename': [params.flv.filename, 'string'],
    'flv.params': [params.flv.params ?? null, 'string?'],
  });
}

export function checkCommand(command: string, options: XP2PCommandOptions): void {
  check('command', { command: [command, 'string'], options: [options, 'object'] });
  const { responseType, timeoutMs } = options;
  if (responseType !== undefined && responseType !== 'text' && responseType !== 'arraybuffer') {
    throw badParameter('command', 'options.responseType', "'text' or 'arraybuffer'");
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= LONGEST_COMMAND_MS)) {
    throw badParameter('command', 'options.timeoutMs', `between 1 and ${LONGEST_COMMAND_MS}`);
  }
}

export function checkVoice(recorder: object, options: object, callbacks: object): void {
  check('voice', { recorderManager: [recorder, 'object'], options: [options, 'object'] });
  for (const name of RECORDER) {
    const member = (recorder as Readonly<Record<string, unknown>>)[name];
    check('voice', { [`recorderManager.${name}`]: [member, 'function'] });
  }
  const { format } = options as { readonly format?: unknown };
  if (format !== undefined && (typeof format !== 'string' || !/^pcm$/i.test(format))) {
    throw badParameter('voice', 'options.format', "'PCM'");
  }
  checkCallbacks('voice', callbacks);
}

export function checkTransfer(
  phase: 'voice' | 'download',
  options: { readonly urlParams?: string },
  callbacks: object,
): void {
  check(phase, { options: [options, 'object'] });
  const { urlParams } = options;
  check(phase, { 'options.urlParams': [urlParams, phase === 'voice' ? 'string?' : 'string'] });
  if (phase === 'download' && !/(^|&)file_name=[^&]/.test(urlParams ?? '')) {
    throw badParameter(phase, 'options.urlParams', 'with a file_name');
  }
  checkCallbacks(phase, callbacks);
}

export function checkEventLog(events: boolean | number): void {
  const isNumber = Number.isInteger(events) && Number(events) > 0 && Number(events) <= MOST_EVENTS;
  if (typeof events === 'boolean' || isNumber) return;
  throw badParameter('session', 'events', `a boolean or a number up to ${MOST_EVENTS}`);
}

function checkCallbacks(phase: IotErrorPhase, callbacks: object): void {
  check(phase, { callbacks: [callbacks, 'object'] });
  for (const [name, value] of Object.entries(callbacks)) {
    if (/^on[A-Z]/.test(name)) check(phase, { [`callbacks.${name}`]: [value, 'function?'] });
  }
}

/** A kind that ends in `?` may be undefined, and its text empty. */
function check(phase: IotErrorPhase, values: Values): void {
  for (const [field, [value, kind]] of Object.entries(values)) {
    const isOptional = kind.endsWith('?');
    const wanted = isOptional ? kind.slice(0, -1) : kind;
    if (value === undefined && isOptional) continue;
    if (typeof value === wanted && value !== null && (isOptional || value !== '')) continue;
    const expected = { string: 'a string that is not empty', object: 'an object' }[wanted];
    throw badParameter(phase, field, expected ?? 'a function');
  }
}

/** -2000 with the name of the field. */
export function badParameter(phase: IotErrorPhase, field: string, expected: string): IotError {
  return new IotError({
    code: XP2PErrorCode.BadParameter,
    phase,
    reason: 'bad-parameter',
    message: `${field} must be ${expected}`,
    retryable: false,
    field,
  });
}
