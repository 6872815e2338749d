import type {
  XP2PLocalDownloadCallbacks,
  XP2PLocalDownloadOptions,
  XP2PRecorderManager,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from '../p2p/module';
import { PluginDownload } from './download';
import { alreadyRuns, serviceMissing } from './plugin-errors';
import type { PluginService } from './plugin-service';
import { RecorderVoice } from './recorder-voice';
import type { PluginVoice } from './recorder-voice';
import { VoiceData } from './voice-data';

/** The voice and the download of a service: one of each at a time. */
export class ServiceJobs {
  private voice: PluginVoice | null = null;
  private download: PluginDownload | null = null;

  constructor(private readonly service: PluginService) {}

  /** @throws IotError -2004, -2401, -2403, -2601. */
  startVoice(
    recorder: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<void> {
    this.requireNoVoice();
    const voice: RecorderVoice = new RecorderVoice(this.service, callbacks, () =>
      this.forgetVoice(voice),
    );
    this.takeVoice(voice);
    return voice.start(recorder, options);
  }

  /** @throws IotError -2004, -2401, -2403, -2601. */
  startVoiceData(
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter> {
    this.requireNoVoice();
    const voice: VoiceData = new VoiceData(this.service, callbacks, () => this.forgetVoice(voice));
    this.takeVoice(voice);
    return voice.start(options);
  }

  stopVoice(): void {
    this.voice?.stop();
  }

  /** @throws IotError -2004, -2401, -2403, -2701. */
  startDownload(
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<void> {
    if (this.service.isOver) throw serviceMissing('download', 'the service has ended');
    if (this.download !== null) {
      throw alreadyRuns('download', 'a download of this service is running; stop it first');
    }
    const download: PluginDownload = new PluginDownload(this.service, callbacks, () => {
      this.service.parts.delete(download);
      if (this.download === download) this.download = null;
    });
    this.service.parts.add(download);
    this.download = download;
    return download.start(options);
  }

  stopDownload(): void {
    this.download?.stop();
  }

  private requireNoVoice(): void {
    if (this.service.isOver) throw serviceMissing('voice', 'the service has ended');
    if (this.voice === null) return;
    throw alreadyRuns('voice', 'a voice of this service is running; stop it first');
  }

  private takeVoice(voice: PluginVoice): void {
    this.voice = voice;
    this.service.parts.add(voice);
  }

  private forgetVoice(voice: PluginVoice): void {
    this.service.parts.delete(voice);
    if (this.voice === voice) this.voice = null;
  }
}
