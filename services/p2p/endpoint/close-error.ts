import { IotError, XP2PErrorCode } from '../../errors';
import type { IotErrorInit } from '../../errors';
import { TransportErrorCode } from '../session';
import type { SessionClose } from '../session';
import type { PathInfo } from './types';

type Shape = Pick<IotErrorInit, 'reason' | 'message' | 'retryable'> & { readonly code?: number };

/**
 * Why a connection ended, for the app; null for a close of our own.
 * @param path what was last known of the path; it tells a dead relay from a dead camera.
 */
export function closeError(
  close: SessionClose,
  path: Pick<PathInfo, 'state' | 'reason'>,
): IotError | null {
  if (close.kind === 'local') return null;
  const shape = shapeOf(close, path);
  const wasConnected = close.kind !== 'refused' && close.kind !== 'handshake-timeout';
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: wasConnected ? 'session' : 'connect',
    ...shape,
  });
}

function shapeOf(
  close: Exclude<SessionClose, { kind: 'local' }>,
  path: Pick<PathInfo, 'state' | 'reason'>,
): Shape {
  switch (close.kind) {
    case 'refused':
    case 'peer':
      return closeShape(close.errorCode, close.reason);
    case 'handshake-timeout':
      return (
        offlineShape(path) ?? {
          reason: 'connect-timeout',
          message: close.answered ? 'no valid answer from the camera' : 'no answer from the camera',
          retryable: true,
        }
      );
    case 'idle':
      return (
        offlineShape(path) ?? {
          reason: 'connection-lost',
          message: 'nothing heard from the camera for too long',
          retryable: true,
        }
      );
    case 'stateless-reset':
      return { reason: 'connection-lost', message: 'the camera was restarted', retryable: true };
    case 'violation':
      return {
        reason: 'internal',
        message: `protocol violation: ${close.reason}`,
        retryable: true,
      };
  }
}

function closeShape(errorCode: number, reason: string): Shape {
  switch (errorCode) {
    case TransportErrorCode.AccessDenied:
      return {
        reason: 'access-denied',
        message: 'the access secret in xp2pInfo is not the camera’s current one',
        retryable: false,
      };
    case TransportErrorCode.VersionMismatch:
      return {
        code: XP2PErrorCode.DeviceVersionTooLow,
        reason: 'version-mismatch',
        message: `the camera speaks protocol version ${reason}`,
        retryable: false,
      };
    case TransportErrorCode.TooManySessions:
      return {
        reason: 'device-busy',
        message: 'the camera takes no more viewers',
        retryable: true,
      };
    case TransportErrorCode.ClockSkew:
      return {
        reason: 'connect-timeout',
        message: 'the camera’s clock does not stand still',
        retryable: true,
      };
    default:
      return {
        reason: 'connection-lost',
        message: `the camera closed the session (${errorCode}${reason === '' ? '' : `: ${reason}`})`,
        retryable: true,
      };
  }
}

function offlineShape(path: Pick<PathInfo, 'state' | 'reason'>): Shape | null {
  if (path.state !== 'down') return null;
  if (path.reason === 'relay-unreachable') {
    return { reason: 'relay-unreachable', message: 'the relay cannot be reached', retryable: true };
  }
  if (path.reason === 'peer-offline') {
    return { reason: 'peer-offline', message: 'the camera is offline', retryable: true };
  }
  return null;
}
