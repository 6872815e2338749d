import type { XP2PRecorderManager } from '@services/p2p/module';
import { createRecorderSource, talkError } from '@services/talk';
import type { TalkSource } from '@services/talk';
import Taro from '@tarojs/taro';
import type { MicrophoneConstraints } from './browser-recorder';

const SCOPE = 'scope.record';

/** The host's recorder: PCM, without echo cancellation; it decides about the rest itself. */
export function createMicrophoneSource(_constraints: MicrophoneConstraints = {}): TalkSource {
  return {
    authorise: authoriseMicrophone,
    start: (line) => startRecorder(line),
    stop: () => undefined,
  };
}

/**
 * Starts the recorder and stops it at once: its first start stops the page's drawing on some phones
 * (guide §6.1). Only where recording is allowed already; nobody is asked.
 */
export function warmUpMicrophone(): void {
  // Hosts without settings or a recorder need none of it.
  warmUp().catch(() => undefined);
}

async function warmUp(): Promise<void> {
  const { authSetting } = await Taro.getSetting();
  if (authSetting[SCOPE] !== true) return;
  const recorder = Taro.getRecorderManager();
  recorder.onStart(() => recorder.stop());
  recorder.start({ format: 'PCM', sampleRate: 8_000, numberOfChannels: 1 });
}

export const CANCELS_ECHO = false;

const startRecorder: TalkSource['start'] = async (line) => {
  const recorder = Taro.getRecorderManager() as unknown as XP2PRecorderManager | undefined;
  if (recorder === undefined) throw talkError('recorder-failed', 'this host has no recorder');
  await createRecorderSource({ recorder, authorise: authoriseMicrophone }).start(line);
};

/** Asks the user; rejects with an `IotError`. */
export function authoriseMicrophone(): Promise<void> {
  return authorise(SCOPE, 'microphone');
}

/** As `authoriseMicrophone`, for calls with a picture. */
export function authoriseCamera(): Promise<void> {
  return authorise('scope.camera', 'camera');
}

async function authorise(scope: string, what: string): Promise<void> {
  try {
    await Taro.authorize({ scope });
  } catch (cause) {
    const message = (cause as { errMsg?: string } | undefined)?.errMsg ?? '';
    const reason = message.includes('system') ? 'microphone-denied' : 'recorder-failed';
    throw talkError(reason, `the ${what} was not allowed: ${message}`, cause);
  }
}
