import type { IotErrorPhase } from '../../errors';
import { parseStunUrl } from '../nat';
import type { XP2PLocalDownloadCallbacks, XP2PLocalDownloadOptions } from './download-types';
import { DeviceVersion } from '../../p2p-names';
import type { XP2PDeviceVersion } from '../../p2p-names';
import type {
  XP2PAppParams,
  XP2PEventHandler,
  XP2PInitParams,
  XP2PVersionedInitParams,
} from './init-types';
import { badParameter } from './module-errors';
import { paramsOf } from './query';
import {
  requireCallbacks,
  requireFunction,
  requireObject,
  requireOptionalText,
  requireText,
} from './requirements';
import type {
  XP2PCommandOptions,
  XP2PFlv,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './service-types';
import type {
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceOptions,
} from './voice-types';

const APP_PARAMS = ['appid', 'appOauthId', 'appKey', 'appSecretKey', 'appPackage'] as const;
const MAX_STUN_SERVERS = 8;
const MAX_COMMAND_TIMEOUT_MS = 600_000;
const VERSIONS: readonly unknown[] = Object.values(DeviceVersion);

/** What `init` was asked for, in either shape. */
export interface InitRequest {
  /** Null for all versions at once (1.x, 2.x). */
  readonly version: XP2PDeviceVersion | null;
  readonly eventHandler: XP2PEventHandler | undefined;
  readonly stunServers: readonly string[];
}

/**
 * @param stunPort for servers that name no port.
 * @throws IotError -2000 naming the wrong field.
 */
export function readInitParams(
  params: XP2PInitParams | XP2PVersionedInitParams,
  stunPort: number,
): InitRequest {
  requireObject('init', 'params', params);
  checkAppParams(params.appParams);
  const { initParams } = params;
  if (initParams === undefined) {
    return { version: null, ...readOwn(params, '', stunPort) };
  }
  requireObject('init', 'initParams', initParams);
  const { deviceP2PVersion: version } = initParams;
  if (!VERSIONS.includes(version)) {
    throw badParameter('init', 'initParams.deviceP2PVersion', 'one of DeviceVersion');
  }
  return { version, ...readOwn(initParams, 'initParams.', stunPort) };
}

function checkAppParams(appParams: XP2PAppParams): void {
  requireObject('init', 'appParams', appParams);
  for (const name of APP_PARAMS) {
    const value: unknown = appParams[name];
    const isNumber = name === 'appid' && typeof value === 'number' && Number.isFinite(value);
    if (!isNumber) requireText('init', `appParams.${name}`, value);
  }
}

function readOwn(
  { eventHandler, stunServers = [] }: Pick<XP2PInitParams, 'eventHandler' | 'stunServers'>,
  prefix: string,
  stunPort: number,
): Omit<InitRequest, 'version'> {
  if (eventHandler !== undefined) requireFunction('init', `${prefix}eventHandler`, eventHandler);
  const field = `${prefix}stunServers`;
  if (!Array.isArray(stunServers) || stunServers.length > MAX_STUN_SERVERS) {
    throw badParameter('init', field, `a list of at most ${MAX_STUN_SERVERS} stun: URLs`);
  }
  const servers = (stunServers as readonly unknown[]).map((url, at) => {
    const full = typeof url === 'string' ? withPort(url, stunPort) : '';
    if (parseStunUrl(full) !== null) return full;
    throw badParameter('init', `${field}[${at}]`, 'a stun: URL, as stun:stun.example.org:3478');
  });
  return { eventHandler, stunServers: servers };
}

function withPort(url: string, port: number): string {
  return /^stun:(\[[^\]]*\]|[^:[\]]+)$/i.test(url) ? `${url}:${port}` : url;
}

/** @throws IotError -2000. */
export function checkId(phase: IotErrorPhase, id: unknown): void {
  requireText(phase, 'id', id);
}

/** @throws IotError -2000. */
export function checkStreamInfo(streamInfo: XP2PStreamInfo): void {
  requireObject('connect', 'streamInfo', streamInfo);
  requireText('connect', 'streamInfo.url', streamInfo.url);
  for (const name of ['productId', 'deviceName', 'xp2pInfo', 'liveStreamDomain'] as const) {
    requireOptionalText('connect', `streamInfo.${name}`, streamInfo[name]);
  }
}

/** @throws IotError -2000. */
export function checkServiceCallbacks(callbacks: XP2PServiceCallbacks): void {
  requireObject('connect', 'callbacks', callbacks);
  requireFunction('connect', 'callbacks.msgCallback', callbacks.msgCallback);
  requireCallbacks('connect', callbacks, ['dataCallback']);
}

/** @throws IotError -2000. */
export function checkStreamParams(params: XP2PStartStreamParams): void {
  requireObject('stream', 'params', params);
  requireFunction('stream', 'dataCallback', params.dataCallback);
  if (params.msgCallback !== undefined) {
    requireFunction('stream', 'msgCallback', params.msgCallback);
  }
  if (params.flv !== undefined) checkFlv(params.flv);
}

function checkFlv(flv: XP2PFlv): void {
  requireObject('stream', 'flv', flv);
  requireText('stream', 'flv.filename', flv.filename);
  if (!/^[\w.-]+$/.test(flv.filename)) {
    throw badParameter('stream', 'flv.filename', 'a file name of letters, digits, ".", "_", "-"');
  }
  if (typeof flv.params !== 'string') throw badParameter('stream', 'flv.params', 'a string');
}

/**
 * The `flv` of a service's url, `http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live` (guide
 * §startP2PService).
 * @throws IotError -2000 when the url has no file.
 */
export function flvOfUrl(url: string): XP2PFlv {
  const match = /^[a-z]+:\/\/[^?#]*\/([\w.-]+)(?:\?([^#]*))?$/i.exec(url);
  if (match === null) {
    throw badParameter(
      'stream',
      'streamInfo.url',
      'a url that ends in a file, as …/ipc.flv?action=live',
    );
  }
  return { filename: match[1]!, params: match[2] ?? '' };
}

/** @throws IotError -2000. */
export function checkCommand(command: string, options: XP2PCommandOptions): void {
  requireText('command', 'command', command);
  requireObject('command', 'options', options);
  const { responseType, timeoutMs } = options;
  if (responseType !== undefined && responseType !== 'text' && responseType !== 'arraybuffer') {
    throw badParameter('command', 'options.responseType', "'text' or 'arraybuffer'");
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= MAX_COMMAND_TIMEOUT_MS)) {
    throw badParameter('command', 'options.timeoutMs', `between 1 and ${MAX_COMMAND_TIMEOUT_MS}`);
  }
}

/** @throws IotError -2000. The recorder's own options are `recorderOptions`' matter. */
export function checkVoice(options: XP2PVoiceOptions, callbacks: XP2PVoiceCallbacks): void {
  requireObject('voice', 'options', options);
  requireOptionalText('voice', 'options.urlParams', options.urlParams);
  requireCallbacks('voice', callbacks, ['onStart', 'onPause', 'onResume', 'onStop', 'onError']);
}

/** @throws IotError -2000. */
export function checkVoiceData(
  options: XP2PVoiceDataOptions,
  callbacks: XP2PVoiceDataCallbacks,
): void {
  requireObject('voice', 'options', options);
  requireOptionalText('voice', 'options.urlParams', options.urlParams);
  const names = ['onStop', 'onSuccess', 'onFailure', 'onError', 'onComplete'] as const;
  requireCallbacks('voice', callbacks, names);
}

/** @throws IotError -2000. */
export function checkDownload(
  options: XP2PLocalDownloadOptions,
  callbacks: XP2PLocalDownloadCallbacks,
): void {
  requireObject('download', 'options', options);
  requireText('download', 'options.urlParams', options.urlParams);
  const { file_name: fileName, offset } = paramsOf(options.urlParams);
  if (fileName === undefined || fileName === '') {
    throw badParameter('download', 'options.urlParams', 'parameters with a file_name');
  }
  if (offset !== undefined && !/^\d{1,15}$/.test(offset)) {
    throw badParameter('download', 'options.urlParams', 'parameters with an offset of 0 or more');
  }
  requireCallbacks('download', callbacks, [
    'onHeadersReceived',
    'onChunkReceived',
    'onSuccess',
    'onFailure',
    'onError',
    'onComplete',
  ]);
}
