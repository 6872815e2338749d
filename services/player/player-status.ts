import type { IotError } from '../errors';
import type { PlainTextKey } from '../i18n';
import type { PathDownReason, PlayerState } from './player-state';

export type PlayerStatusKind =
  /** Nothing is wanted. */
  | 'stopped'
  /** The host wants a tap. */
  | 'blocked'
  /** On the way to the picture, or about to be. */
  | 'loading'
  | 'playing'
  /** It was playing and stands still; nothing has to be built anew yet. */
  | 'waiting'
  /** It failed; the next try comes by itself. */
  | 'reconnecting'
  /** It failed; only the user can try again. */
  | 'error';

/** What the user is told, resolved from the three regions. */
export interface PlayerStatus {
  readonly kind: PlayerStatusKind;
  /** Which step, as a key of the kit's texts. */
  readonly text: PlainTextKey;
  /** What is wrong, in the kinds `reconnecting` and `error`. */
  readonly error: IotError | null;
  /** Failures in a row. */
  readonly failures: number;
  /** When the next try comes, monotonic ms; null unless `reconnecting`. */
  readonly nextTryAtMs: number | null;
  /** Whether the last picture is there to be seen behind the status. */
  readonly hasPicture: boolean;
}

const PATH_TEXTS = {
  'relay-unreachable': 'status.relay-unreachable',
  'peer-offline': 'status.peer-offline',
  silent: 'status.silent',
} as const satisfies Record<PathDownReason, PlainTextKey>;

/** Resolves the one message that matters (behaviour of the reference, §4.6). */
export function playerStatus(state: PlayerState): PlayerStatus {
  const { recovery, failures, hasPicture } = state;
  const base = { error: null, failures, nextTryAtMs: null, hasPicture };
  if (state.phase === 'new') {
    return { ...base, kind: 'loading', text: 'status.preparing-player' };
  }
  if (state.phase === 'paused' || (state.phase === 'running' && state.suspended)) {
    return { ...base, kind: 'stopped', text: 'status.paused' };
  }
  if (state.phase === 'blocked') return { ...base, kind: 'blocked', text: 'status.blocked' };
  if (state.phase !== 'running') return { ...base, kind: 'stopped', text: 'status.stopped' };
  switch (recovery.kind) {
    case 'failed': {
      const { error } = recovery;
      return { ...base, kind: 'error', error, text: `error.${error.reason}.title` };
    }
    case 'scheduled':
      return {
        ...base,
        kind: 'reconnecting',
        error: recovery.error,
        nextTryAtMs: recovery.dueAtMs,
        text: `error.${recovery.error.reason}.title`,
      };
    case 'none':
      return { ...base, ...progress(state) };
    default:
      return recovery satisfies never;
  }
}

function progress({ player, p2p, stream, path }: PlayerState): Pick<PlayerStatus, 'kind' | 'text'> {
  if (stream.kind === 'StreamDataReceived' && stream.shown) {
    if (path.state === 'down') return { kind: 'waiting', text: PATH_TEXTS[path.reason] };
    if (stream.stalled) return { kind: 'waiting', text: 'status.buffering' };
    return { kind: 'playing', text: 'status.playing' };
  }
  const loading = (text: PlainTextKey) => ({ kind: 'loading', text }) as const;
  if (player.kind !== 'PlayerReady') return loading('status.preparing-player');
  if (path.state === 'down') return loading(PATH_TEXTS[path.reason]);
  if (p2p.kind === 'ServicePreparing') return loading('status.connecting');
  if (p2p.kind !== 'ServiceStarted') return loading('status.starting');
  switch (stream.kind) {
    case 'StreamChecking':
      return loading('status.checking');
    case 'StreamHeaderParsed':
      return loading('status.waiting-for-data');
    case 'StreamDataReceived':
      return loading('status.decoding');
    default:
      return loading('status.requesting');
  }
}

/** Whether two statuses say the same, so that nothing needs to be drawn anew. */
export function sameStatus(a: PlayerStatus, b: PlayerStatus): boolean {
  return (
    a.kind === b.kind &&
    a.text === b.text &&
    a.error === b.error &&
    a.failures === b.failures &&
    a.nextTryAtMs === b.nextTryAtMs &&
    a.hasPicture === b.hasPicture
  );
}
