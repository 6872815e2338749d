import { IotError, XP2PErrorCode } from '@services/errors';
import type { PlayerSink, PlayerSinkEvents } from '@services/player';

/** Stands where a host cannot show a picture yet, and says so. */
export class UnsupportedSink implements PlayerSink {
  open(events: PlayerSinkEvents): void {
    events.onError(
      new IotError({
        code: XP2PErrorCode.HostUnsupported,
        phase: 'player',
        reason: 'host-unsupported',
        message: 'no player surface for this host',
        retryable: false,
      }),
    );
  }

  play(): void {}
  write(): void {}
  end(): void {}
  stop(): void {}
  setMuted(): void {}
  setVolume(): void {}
  close(): void {}
}
