import type {
  P2PModule,
  XP2PLocalDownloadCallbacks,
  XP2PMsgCallback,
  XP2PVoiceDataCallbacks,
} from '../../services/p2p/module';
import type { Ability, DeviceAnswer, Subject, SubjectKind } from './subject';

export const APP_PARAMS = {
  appid: 1,
  appOauthId: 'a',
  appKey: 'b',
  appSecretKey: 'c',
  appPackage: 'd',
};
export const LIVE = 'action=live&channel=0&quality=high';
export const URL = `http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?${LIVE}`;
export const ignore = (): void => undefined;

export const answers = (
  status: number,
  then: DeviceAnswer['then'],
  ...chunks: Uint8Array[]
): DeviceAnswer => ({ status, chunks, then });

/** A live stream that goes on. */
export const LIVE_ANSWER = answers(200, 'hold', Uint8Array.of(1, 2, 3));

/** A subject and what its module has told, one line for each message. */
export class GuideWorld {
  readonly lines: string[] = [];
  readonly details: unknown[] = [];

  constructor(readonly subject: Subject) {}

  get module(): P2PModule {
    return this.subject.module;
  }

  get device(): NonNullable<Subject['device']> {
    return this.subject.device!;
  }

  /** Takes down the guide's messages; those of the path are ours. */
  readonly msgCallback: XP2PMsgCallback = (event, subtype, detail) => {
    if (event === this.module.XP2PEventEnum.Path) return;
    this.lines.push(`${event} ${subtype}`);
    this.details.push(detail);
  };

  readonly dataCallback = (data: ArrayBuffer): void => {
    // Sizes are the network's matter: pieces in a row are one line.
    if (this.lines.at(-1) !== 'data' && data.byteLength > 0) this.lines.push('data');
  };

  init(): Promise<number> {
    return this.subject.settle(
      this.module.init({ appParams: APP_PARAMS, ...this.subject.initExtra }),
    );
  }

  start(id = 'cam', xp2pInfo = this.subject.xp2pInfo): Promise<number> {
    const { msgCallback } = this;
    return this.subject.settle(
      this.module.startP2PService(id, { url: URL, xp2pInfo }, { msgCallback }),
    );
  }

  /** A stream that has brought data. */
  async play(): Promise<void> {
    const { subject, module, dataCallback } = this;
    await subject.settle(module.startStream('cam', { dataCallback }));
    await subject.until(() => this.lines.includes('data'));
  }

  voiceCallbacks(): Required<XP2PVoiceDataCallbacks> {
    const tell = (name: string) => () => void this.lines.push(name);
    return {
      onStop: tell('stop'),
      onSuccess: (result) => this.tellResult('success', result),
      onFailure: (result) => this.tellResult('failure', result),
      onError: (result) => this.tellResult('error', result),
      onComplete: tell('complete'),
    };
  }

  downloadCallbacks(): Required<XP2PLocalDownloadCallbacks> {
    return {
      onHeadersReceived: ({ status }) => void this.lines.push(`headers ${status}`),
      onChunkReceived: (chunk) => {
        this.dataCallback(chunk);
        this.details.push(chunk);
      },
      onSuccess: (result) => this.tellResult('success', result),
      onFailure: (result) => this.tellResult('failure', result),
      onError: (result) => this.tellResult('error', result),
      onComplete: () => void this.lines.push('complete'),
    };
  }

  private tellResult(name: string, result: { readonly status: number }): void {
    this.lines.push(`${name} ${result.status}`);
    this.details.push(result);
  }
}

/** Makes worlds for the tests of one kind of subject, and knows which tests it can take. */
export class GuideContext {
  private readonly kind: SubjectKind;
  private readonly open: Subject[] = [];

  constructor(kind: SubjectKind) {
    this.kind = kind;
  }

  has(...abilities: readonly Ability[]): boolean {
    return abilities.every((ability) => !this.kind.lacks?.includes(ability));
  }

  /** `it` where the subject is able to, a skipped test where it is not. */
  itWith(...abilities: readonly Ability[]): jest.It {
    return this.has(...abilities) ? it : it.skip;
  }

  /** A module that was not initialised. */
  async fresh(): Promise<GuideWorld> {
    const subject = await this.kind.create();
    this.open.push(subject);
    return new GuideWorld(subject);
  }

  async initialised(): Promise<GuideWorld> {
    const world = await this.fresh();
    await world.init();
    return world;
  }

  /** A module with a service that has started; `lines` are empty. */
  async running(): Promise<GuideWorld> {
    const world = await this.initialised();
    await world.start();
    world.lines.length = 0;
    world.details.length = 0;
    return world;
  }

  async closeAll(): Promise<void> {
    for (const subject of this.open.splice(0)) {
      subject.module.destroy();
      await subject.close();
    }
  }
}
