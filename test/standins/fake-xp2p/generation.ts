/** Versions of the vendor's plugin that differ in what their users see. */
export const FAKE_VERSIONS = [
  '1.0.0',
  '1.0.2',
  '1.2.0',
  '1.3.0',
  '2.0.3',
  '2.0.4',
  '3.0.0',
  '3.1.10',
  '4.6.9',
] as const;

export type FakeVersion = (typeof FAKE_VERSIONS)[number];

/** How a call tells that it failed. */
export type FailureShape = 'resolves-code' | 'rejects-code' | 'rejects-object';

/** What one version can do and how it behaves, after its public change log and demos. */
export interface Generation {
  readonly version: FakeVersion;
  /** startP2PStream, stopServiceById, startVoiceService, …: the names before 1.3.0. */
  readonly oldNames: boolean;
  readonly uuid: boolean;
  readonly natEvents: boolean;
  readonly download: boolean;
  readonly voiceData: boolean;
  /** init per device version, getModule, reset per module. */
  readonly modules: boolean;
  /** Callbacks of a stream apart from those of the service, two streams on a connection. */
  readonly streamCallbacks: boolean;
  readonly pluginInfo: boolean;
  readonly tuning: boolean;
  /** Answers of type arraybuffer. */
  readonly binaryCommands: boolean;
  /** The option offCrypto; before it `_crypto=off` stands in the parameters. */
  readonly offCrypto: boolean;
  /** NULs that devices append to an answer are left in it. */
  readonly keepsNul: boolean;
  /** Refuses devices before 2.3.0 with -2005. */
  readonly checksDevice: boolean;
  /** Minor versions of the device's SDK that it can talk to. */
  readonly deviceMinors: readonly number[];
  readonly initFailure: FailureShape;
  readonly callFailure: FailureShape;
  /** The promise of a download settles when the transfer ends, not when it begins. */
  readonly downloadSettlesAtEnd: boolean;
  /** `eof` although the device dropped out, mended in 3.0.1. */
  readonly wrongEof: boolean;
}

export function generationOf(version: FakeVersion): Generation {
  const since = (other: string) => compare(version, other) >= 0;
  return {
    version,
    oldNames: !since('1.3.0'),
    uuid: since('1.1.0'),
    natEvents: since('1.1.1'),
    download: since('1.2.0'),
    voiceData: since('1.3.0'),
    modules: since('3.0.0'),
    streamCallbacks: since('3.1.0'),
    pluginInfo: since('4.0.0'),
    tuning: since('4.0.0'),
    binaryCommands: since('3.0.0'),
    offCrypto: since('2.0.4'),
    keepsNul: !since('1.0.2'),
    checksDevice: since('1.0.1'),
    deviceMinors: since('3.0.0') ? [3, 4] : since('2.0.0') ? [4] : [3],
    initFailure: since('1.2.0')
      ? 'rejects-object'
      : since('1.0.2')
        ? 'rejects-code'
        : 'resolves-code',
    callFailure: since('3.0.0') ? 'rejects-object' : 'rejects-code',
    downloadSettlesAtEnd: since('3.0.0'),
    wrongEof: version === '3.0.0',
  };
}

function compare(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < 3; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
