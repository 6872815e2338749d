import type { DeviceModuleInfo, IotDevice } from '../device';
import type { KitTexts, PlainTextKey, Translate } from '../i18n';
import type { PathInfo } from '../p2p/module';
import type { LaunchTrace } from './launch-trace';
import type { PlayerHistoryEntry } from './player-history';
import type { PlayerStore } from './player-store';
import type { PlayerStatusKind } from './player-status';
import type { SinkProgress, VideoSize } from './sink';
import type { StreamStats } from './stream-meter';
import type { LiveStream } from './stream-params';

/** What a report of a fault needs, as plain JSON without secrets: it can be copied and sent. */
export interface PlayerDiagnostics {
  /** Wall clock, unix ms. */
  readonly takenAtMs: number;
  /** The same moment on the monotonic clock of `trace` and `history`, in ms. */
  readonly takenAfterMs: number;
  /** The camera by the app's name for it; its xp2pInfo is a secret and left out. */
  readonly deviceId: string | null;
  readonly stream: LiveStream | null;
  readonly status: {
    readonly kind: PlayerStatusKind;
    readonly text: string;
    readonly failures: number;
  };
  readonly error: {
    readonly code: number;
    readonly phase: string;
    readonly reason: string;
    readonly message: string;
    readonly status: number | null;
  } | null;
  /** The machine's regions, in the reference's words. */
  readonly regions: {
    readonly player: string;
    readonly p2p: string;
    readonly stream: string;
    readonly visible: boolean;
  };
  readonly path: PathInfo | null;
  readonly stats: StreamStats | null;
  readonly progress: SinkProgress | null;
  readonly videoSize: VideoSize | null;
  readonly sound: {
    readonly muted: boolean;
    readonly cause: string | null;
    readonly volume: number;
  };
  readonly trace: LaunchTrace | null;
  /** The latest changes of the player's state, oldest first. */
  readonly history: readonly PlayerHistoryEntry[];
  /** Versions, this app's id and, where it is kept, the connection's events. */
  readonly module: DeviceModuleInfo | null;
}

export interface DiagnosticsContext {
  readonly device: IotDevice | null;
  readonly stream: LiveStream | null;
  readonly module: DeviceModuleInfo | null;
  readonly history: readonly PlayerHistoryEntry[];
  /** Wall clock, unix ms, and the same moment on the monotonic clock. */
  readonly takenAtMs: number;
  readonly takenAfterMs: number;
}

/** A snapshot of a player; nothing of it is measured before somebody asks. */
export function diagnosticsOf(store: PlayerStore, context: DiagnosticsContext): PlayerDiagnostics {
  const { status, state, error } = store;
  return {
    takenAtMs: context.takenAtMs,
    takenAfterMs: Math.round(context.takenAfterMs),
    deviceId: context.device?.id ?? null,
    stream: context.stream,
    status: { kind: status.kind, text: status.text, failures: status.failures },
    error:
      error === null
        ? null
        : {
            code: error.code,
            phase: error.phase,
            reason: error.reason,
            message: error.message,
            status: error.status ?? null,
          },
    regions: {
      player: state.player.kind,
      p2p: state.p2p.kind,
      stream: state.stream.kind,
      visible: state.visible,
    },
    path: store.path,
    stats: store.stats,
    progress: store.progress,
    videoSize: store.videoSize,
    sound: { muted: store.muted, cause: store.muteCause, volume: store.volume },
    trace: store.trace,
    history: [...context.history],
    module: context.module,
  };
}

export interface DiagnosticsLine {
  readonly label: string;
  readonly value: string;
}

/** The snapshot as lines for people, in the language of `text`; only what is known. */
export function diagnosticsLines(
  { status, error, path, stats, progress, videoSize, trace, module }: PlayerDiagnostics,
  text: Translate<KitTexts>,
): readonly DiagnosticsLine[] {
  const lines: DiagnosticsLine[] = [];
  const add = (key: PlainTextKey, value: string | null): void => {
    if (value !== null) lines.push({ label: text(key), value });
  };
  add('diagnostics.state', `${status.kind} (${status.text})`);
  add('diagnostics.error', error && `${error.code} ${error.phase} ${error.reason}`);
  add('diagnostics.path', path && `${text(`path.${path.kind}`)}, ${text(`path.${path.state}`)}`);
  add('diagnostics.rtt', milliseconds(path?.rttMs));
  add('diagnostics.loss', path?.loss == null ? null : `${(path.loss * 100).toFixed(1)} %`);
  add('diagnostics.bitrate', stats && `${(stats.bitrateBps / 1e6).toFixed(2)} Mbit/s`);
  add('diagnostics.fps', stats?.framesPerS == null ? null : `${stats.framesPerS}`);
  add('diagnostics.keyframes', milliseconds(stats?.keyframeIntervalMs));
  add(
    'diagnostics.frames',
    progress?.shownFrames == null
      ? null
      : `${progress.shownFrames}, ${progress.droppedFrames ?? 0}`,
  );
  add('diagnostics.delay', milliseconds(progress?.latencyMs));
  add('diagnostics.drift', milliseconds(stats?.driftMs));
  add('diagnostics.size', videoSize && `${videoSize.width} × ${videoSize.height}`);
  add('diagnostics.launch', trace && launchOf(trace));
  add('diagnostics.version', module && `${module.name} ${module.version}`);
  add('diagnostics.uuid', module && (module.uuid === '' ? null : module.uuid));
  return lines;
}

const SHOWN_CHANGES = 12;

/** The latest changes of the player as lines, newest first: `−3.2 s timer retry → PlayerReady …`. */
export function historyLines({ history, takenAfterMs }: PlayerDiagnostics): readonly string[] {
  return history
    .slice(-SHOWN_CHANGES)
    .reverse()
    .map(({ atMs, event, timer, reason, player, p2p, stream }) => {
      const ago = `−${(Math.max(0, takenAfterMs - atMs) / 1_000).toFixed(1)} s`;
      const what = [event, timer, reason].filter((part) => part !== undefined).join(' ');
      return `${ago} ${what} → ${player} ${p2p} ${stream}`;
    });
}

function milliseconds(value: number | null | undefined): string | null {
  return value == null ? null : `${Math.round(value)} ms`;
}

function launchOf({ startAction, result, totalMs, steps }: LaunchTrace): string {
  const whole = (ms: number | null): string => (ms === null ? '…' : `${Math.round(ms)}`);
  const parts = steps.map(({ name, durationMs }) => `${name} ${whole(durationMs)}`);
  return `${startAction} → ${result} ${whole(totalMs)} ms: ${parts.join(', ')}`;
}
