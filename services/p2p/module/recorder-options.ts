import { badParameter } from './module-errors';
import { requireFunction, requireObject } from './requirements';
import type {
  XP2PRecorderManager,
  XP2PRecorderStartOptions,
  XP2PVoiceOptions,
} from './voice-types';

/** The platform's longest recording. */
const MAX_DURATION_MS = 600_000;
/** By default a frame is about this long. */
const FRAME_MS = 60;
const BYTES_PER_SAMPLE = 2;
const RECORDER_METHODS = [
  'start',
  'stop',
  'onStart',
  'onStop',
  'onPause',
  'onResume',
  'onFrameRecorded',
  'onError',
];

/**
 * What the recorder is started with: the guide's example where the app says nothing.
 * @throws IotError -2000.
 */
export function recorderOptions(options: XP2PVoiceOptions): XP2PRecorderStartOptions {
  requireObject('voice', 'options', options);
  const { format, sampleRate = 8000, numberOfChannels = 1, encodeBitRate = 16_000 } = options;
  if (format !== undefined && !/^pcm$/i.test(format)) {
    throw badParameter('voice', 'options.format', "'PCM'");
  }
  requireNumber('sampleRate', sampleRate, 1000, 192_000);
  requireNumber('numberOfChannels', numberOfChannels, 1, 2);
  requireNumber('encodeBitRate', encodeBitRate, 1, 10_000_000);
  const bytesPerSecond = bytesOfSecond({ sampleRate, numberOfChannels });
  const { duration = MAX_DURATION_MS, audioSource } = options;
  const { frameSize = Math.max(1, Math.round((bytesPerSecond * FRAME_MS) / 1000 / 1024)) } =
    options;
  requireNumber('duration', duration, 1, MAX_DURATION_MS);
  requireNumber('frameSize', frameSize, 1 / 1024, 1024);
  return {
    format: 'PCM',
    duration,
    sampleRate,
    numberOfChannels,
    encodeBitRate,
    frameSize,
    ...(audioSource !== undefined && { audioSource }),
  };
}

/** Bytes of 16-bit PCM in one second. */
export function bytesOfSecond(
  options: Pick<XP2PRecorderStartOptions, 'sampleRate' | 'numberOfChannels'>,
): number {
  return options.sampleRate * options.numberOfChannels * BYTES_PER_SAMPLE;
}

/** @throws IotError -2000. */
export function checkRecorder(recorder: XP2PRecorderManager): void {
  requireObject('voice', 'recorderManager', recorder);
  const methods = recorder as unknown as Readonly<Record<string, unknown>>;
  for (const name of RECORDER_METHODS) {
    requireFunction('voice', `recorderManager.${name}`, methods[name]);
  }
}

function requireNumber(name: string, value: unknown, from: number, to: number): void {
  if (typeof value === 'number' && value >= from && value <= to) return;
  throw badParameter('voice', `options.${name}`, `between ${from} and ${to}`);
}
