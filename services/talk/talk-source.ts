import type { IotError } from '../errors';
import type { XP2PRecorderManager, XP2PVoiceDataWriter, XP2PVoiceOptions } from '../p2p/module';
import type { TalkProfile } from './water-marks';

/** What carries the sound to the camera. */
export interface TalkLine {
  /** Sends what a recorder records, as PCM; resolves when it records. */
  record(recorder: XP2PRecorderManager, options: XP2PVoiceOptions): Promise<void>;
  /** Opens a request for FLV that the source writes, one header or tag at a time. */
  write(): Promise<XP2PVoiceDataWriter>;
  /** Sample rate of PCM that the camera takes, in Hz. */
  readonly rateHz: number;
  /** 0 to 1, for sources that measure it themselves; that of a recorder is measured. */
  onLevel(level: number): void;
  /** The source cannot go on: the microphone is gone. */
  onFail(error: IotError): void;
}

/** Where the sound comes from: a microphone, a recorder, a pusher. */
export interface TalkSource {
  /**
   * Asks the user for the microphone; called within the tap.
   * @returns rejects with an `IotError`: `microphone-denied`, `no-microphone`, `recorder-failed`.
   */
  authorise(): Promise<void>;
  /** Opens the request by the line and captures; resolves when sound goes out. */
  start(line: TalkLine): Promise<void>;
  /** Frees the microphone; called after every `authorise`, whatever came of it. */
  stop(): void;
  /** For sources that write FLV: send silence, but send. */
  setMuted?(muted: boolean): void;
  /** For sources that can send less when the network is slow. */
  setProfile?(profile: TalkProfile): void;
}
