import { IotError, XP2PErrorCode } from '../../errors';
import type { IotErrorPhase } from '../../errors';
import { encodeUtf8 } from '../../encoding';
import type { XP2PFlv, XP2PInitParams, XP2PServiceCallbacks, XP2PStreamInfo } from './types';

const APP_PARAMS = ['appid', 'appOauthId', 'appKey', 'appSecretKey', 'appPackage'] as const;

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

/** @throws IotError -2000 naming the wrong field. */
export function checkInitParams(params: XP2PInitParams): void {
  requireObject('init', 'params', params);
  requireObject('init', 'appParams', params.appParams);
  for (const name of APP_PARAMS) {
    const value: unknown = params.appParams[name];
    const isNumber = name === 'appid' && typeof value === 'number' && Number.isFinite(value);
    if (!isNumber) requireText('init', `appParams.${name}`, value);
  }
  if (params.eventHandler !== undefined) {
    requireFunction('init', 'eventHandler', params.eventHandler);
  }
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
    const value: unknown = streamInfo[name];
    if (value !== undefined && typeof value !== 'string') {
      throw badParameter('connect', `streamInfo.${name}`, 'a string');
    }
  }
}

/** @throws IotError -2000. */
export function checkServiceCallbacks(callbacks: XP2PServiceCallbacks): void {
  requireObject('connect', 'callbacks', callbacks);
  requireFunction('connect', 'callbacks.msgCallback', callbacks.msgCallback);
  if (callbacks.dataCallback !== undefined) {
    requireFunction('connect', 'callbacks.dataCallback', callbacks.dataCallback);
  }
}

/** @throws IotError -2000. */
export function checkFlv(flv: XP2PFlv): void {
  requireObject('stream', 'flv', flv);
  requireText('stream', 'flv.filename', flv.filename);
  if (!/^[\w.-]+$/.test(flv.filename)) {
    throw badParameter('stream', 'flv.filename', 'a file name of letters, digits, ".", "_", "-"');
  }
  if (typeof flv.params !== 'string') throw badParameter('stream', 'flv.params', 'a string');
}

/**
 * The `flv` of a service's url, `http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live` (seed
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

/**
 * Makes a query safe for a request head: whatever may not stand in a target is percent-encoded, what is
 * encoded already stays. A `&` inside a value cannot be told from a separator; callers encode it.
 */
export function safeQuery(query: string): string {
  return query.replace(/[^\x21-\x7e]+|[#"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})/g, (part) => {
    let encoded = '';
    for (const byte of encodeUtf8(part)) {
      encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return encoded;
  });
}

export function requireFunction(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'function') throw badParameter(phase, field, 'a function');
}

export function requireObject(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw badParameter(phase, field, 'an object');
}

export function requireText(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw badParameter(phase, field, 'a string that is not empty');
  }
}
