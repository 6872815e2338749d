import type { Demo } from '../e2e/lib/demo';
import type { Scene, Viewer } from './viewer';
import type { WeappViewer } from './weapp-viewer';

export type FaultHost = 'h5' | 'weapp';

/** Where a fault happens. */
export interface World {
  readonly demo: Demo;
  readonly scene: Scene;
  readonly viewer: Viewer;
  /** @throws Error outside of WeChat, whose plugin some faults are of. */
  readonly weapp: () => WeappViewer['app'];
}

export interface Fault {
  readonly name: string;
  /** Default: both. */
  readonly hosts?: readonly FaultHost[];
  /** Default: both. */
  readonly scenes?: readonly Scene[];
  /** What the camera is started with. */
  readonly camera?: readonly string[];
  /** Before the page opens; what it gives is closed at the end. */
  readonly before?: (another: () => Promise<Viewer>) => Promise<Viewer>;
  /** The fault, from its beginning to its end, once the page plays. Left out: the page never plays. */
  readonly happens?: (world: World) => Promise<void>;
  /** What the page must say at least once, while it lasts or after. */
  readonly says?: RegExp;
  /**
   * `plays`: by itself. `message`: it says one thing and offers a retry; the cause is then mended and the
   * retry is used.
   */
  readonly ends: 'plays' | 'message';
  readonly mend?: (world: World, occupant: Viewer | null) => Promise<void>;
  /** Nobody can mend it: the retry asks again, and is told the same. */
  readonly lasts?: true;
  /** Takes a minute; not for every run. */
  readonly slow?: true;
}

/** Longest time that a page may take to tell what is wrong. */
export const SAYS_MS = 25_000;
const LIVE: readonly Scene[] = ['live'];
const WECHAT: readonly FaultHost[] = ['weapp'];

const hidden =
  (seconds: number) =>
  async ({ viewer }: World): Promise<void> => {
    await viewer.hide();
    await pass(seconds);
    await viewer.show();
  };

/** Real seconds: what is waited for here is that nothing happens. */
const pass = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

const plugin = (happens: (app: WeappViewer['app']) => void): Fault['happens'] => {
  return ({ weapp }) => {
    happens(weapp());
    return Promise.resolve();
  };
};

/** What can go wrong under a page that plays, and how the page must end. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'the relay is lost and comes back',
    happens: async ({ demo, viewer }) => {
      await demo.killRelay();
      // A direct path goes on without it.
      await Promise.race([viewer.says(/relay/i, SAYS_MS), viewer.frames(30, SAYS_MS)]);
      await demo.startRelay();
    },
    ends: 'plays',
  },
  {
    name: 'the camera is lost and comes back',
    happens: async ({ demo, viewer }) => {
      await demo.killCamera();
      await viewer.says(/offline/i, SAYS_MS);
      await demo.startCamera();
    },
    ends: 'plays',
  },
  {
    name: 'the camera is restarted at once',
    happens: async ({ demo }) => {
      await demo.killCamera();
      await demo.startCamera();
    },
    ends: 'plays',
  },
  {
    name: 'the NAT forgets the phone',
    hosts: WECHAT,
    happens: plugin((app) => app.wx.rebindNat()),
    ends: 'plays',
  },
  {
    name: 'another network',
    happens: ({ viewer }) => viewer.changeNetwork(),
    ends: 'plays',
  },
  { name: 'in the background for 5 s', happens: hidden(5), ends: 'plays', slow: true },
  { name: 'in the background for 60 s', happens: hidden(60), ends: 'plays', slow: true },
  {
    name: 'no data for 30 s',
    happens: async ({ demo }) => {
      demo.freezeCamera();
      await pass(30);
      demo.thawCamera();
    },
    ends: 'plays',
    slow: true,
  },
  {
    name: 'garbage in the stream',
    camera: ['--quirks', 'corrupt'],
    happens: () => Promise.resolve(),
    ends: 'plays',
  },
  {
    name: 'local server lost: WECHAT_SERVER_ERROR',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) =>
      latestPlayer.fire('playerError', { error: { code: 'WECHAT_SERVER_ERROR' } }),
    ),
    ends: 'plays',
  },
  {
    name: 'local server lost: 2103 with -1004',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) =>
      latestPlayer.fire('statechange', { code: 2103, message: 'errCode:-1004' }),
    ),
    ends: 'plays',
  },
  {
    name: 'local server lost: errNum 53',
    hosts: WECHAT,
    happens: plugin(({ player }) => player.loseServer(53)),
    ends: 'plays',
  },
  {
    name: 'the player plugin fails',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) =>
      latestPlayer.fire('playerError', { error: { code: 'CREATE_FAILED' } }),
    ),
    ends: 'plays',
  },
  {
    name: 'live-player gives up: -2301',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) =>
      latestPlayer.fire('statechange', { code: -2301, message: '' }),
    ),
    ends: 'plays',
  },
  {
    name: 'playerReady twice',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) => latestPlayer.ready()),
    ends: 'plays',
  },
  {
    name: 'the system takes the microphone',
    hosts: WECHAT,
    happens: plugin(({ latestPlayer }) =>
      latestPlayer.fire('error', { errCode: -1, errMsg: 'system permission denied' }),
    ),
    says: /microphone/i,
    ends: 'message',
  },
  {
    name: 'the camera is full',
    scenes: LIVE,
    camera: ['--max-viewers', '1'],
    before: (another) => another(),
    says: /too many|full|busy/i,
    ends: 'message',
    mend: async (_world, occupant) => occupant!.close(),
  },
  {
    name: 'access is taken away',
    happens: async ({ demo }) => {
      await demo.killCamera();
      await demo.startCamera(['--rotate-secret']);
    },
    says: /access/i,
    ends: 'message',
    lasts: true,
  },
];
