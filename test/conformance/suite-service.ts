import type { XP2PServiceCallbacks, XP2PStreamInfo } from '../../services/p2p/module';
import { ignore, LIVE_ANSWER, URL } from './guide-context';
import type { GuideContext, GuideWorld } from './guide-context';

export function describeService(context: GuideContext): void {
  const withDevice = context.itWith('device');
  const withLoss = context.itWith('lose');

  describe('startP2PService', () => {
    it('resolves with 0, after notify connected', async () => {
      const world = await context.initialised();
      await expect(world.start()).resolves.toBe(0);
      expect(world.lines).toEqual(['notify connected']);
      expect(world.details).toEqual([undefined]);
    });

    it.each<[string, (world: GuideWorld) => readonly [unknown, unknown, unknown]]>([
      ['id', (world) => ['', info(world), { msgCallback: ignore }]],
      ['streamInfo', () => ['cam', undefined, { msgCallback: ignore }]],
      ['streamInfo.url', (world) => ['cam', { ...info(world), url: '' }, { msgCallback: ignore }]],
      [
        'streamInfo.productId',
        (world) => ['cam', { ...info(world), productId: 1 }, { msgCallback: ignore }],
      ],
      [
        'streamInfo.deviceName',
        (world) => ['cam', { ...info(world), deviceName: 1 }, { msgCallback: ignore }],
      ],
      ['streamInfo.xp2pInfo', () => ['cam', { url: URL }, { msgCallback: ignore }]],
      [
        'streamInfo.liveStreamDomain',
        (world) => ['cam', { ...info(world), liveStreamDomain: 1 }, { msgCallback: ignore }],
      ],
      ['callbacks', (world) => ['cam', info(world), undefined]],
      ['callbacks.msgCallback', (world) => ['cam', info(world), {}]],
      [
        'callbacks.dataCallback',
        (world) => ['cam', info(world), { msgCallback: ignore, dataCallback: 1 }],
      ],
    ])('rejects with -2000 for a bad %s', async (_, argumentsOf) => {
      const world = await context.initialised();
      const [id, streamInfo, callbacks] = argumentsOf(world);
      const started = world.module.startP2PService(
        id as string,
        streamInfo as XP2PStreamInfo,
        callbacks as XP2PServiceCallbacks,
      );
      await expect(world.subject.settle(started)).rejects.toMatchObject({ errcode: -2000 });
    });

    it('takes productId, deviceName and liveStreamDomain', async () => {
      const { subject, module } = await context.initialised();
      const streamInfo = { ...info({ subject }), productId: 'A1B2C3D4E5', deviceName: 'cam_1' };
      const started = module.startP2PService(
        'cam',
        { ...streamInfo, liveStreamDomain: 'live.example' },
        { msgCallback: ignore },
      );
      await expect(subject.settle(started)).resolves.toBe(0);
    });

    it('rejects with -2001 for an xp2pInfo that cannot be read', async () => {
      const world = await context.initialised();
      await expect(world.start('cam', 'nonsense')).rejects.toMatchObject({ errcode: -2001 });
    });

    it('rejects with -2002 before init', async () => {
      const world = await context.fresh();
      await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
    });

    it('rejects with -2005 for a device before 2.3.0', async () => {
      const world = await context.initialised();
      const old = world.subject.xp2pInfo.replace(/%\d+\.\d+\.\d+/, '%2.2.9');
      await expect(world.start('cam', old)).rejects.toMatchObject({ errcode: -2005 });
    });

    it('rejects with -2401 for an id that runs, until it is stopped', async () => {
      const world = await context.running();
      await expect(world.start()).rejects.toMatchObject({ errcode: -2401 });
      world.module.stopP2PService('cam');
      await expect(world.start()).resolves.toBe(0);
    });

    withLoss('rejects with -2403 when the device cannot be reached', async () => {
      const world = await context.initialised();
      world.subject.loseDevice();
      await expect(world.start()).rejects.toMatchObject({ errcode: -2403, retryable: true });
    });

    it('rejects with -2403 when it is stopped before it started', async () => {
      const { subject, module } = await context.initialised();
      const started = module.startP2PService('cam', info({ subject }), { msgCallback: ignore });
      module.stopP2PService('cam');
      await expect(subject.settle(started)).rejects.toMatchObject({ errcode: -2403 });
    });

    it('starts the stream of its url by itself when it has a dataCallback', async () => {
      const world = await context.initialised();
      const { subject, module, msgCallback, dataCallback } = world;
      subject.device?.script(() => LIVE_ANSWER);
      await subject.settle(
        module.startP2PService('cam', info(world), { msgCallback, dataCallback }),
      );
      await subject.until(() => world.lines.includes('data'));
      expect(world.lines.slice(0, 4)).toEqual([
        'notify connected',
        'notify request',
        'notify parsed',
        'data',
      ]);
    });

    it('starts no stream without a dataCallback', async () => {
      const world = await context.running();
      await world.subject.pause();
      expect(world.lines).toEqual([]);
    });

    withLoss('tells notify disconnect when the device is gone', async () => {
      const world = await context.running();
      world.subject.loseDevice();
      await world.subject.until(() => world.lines.length > 0);
      expect(world.lines).toEqual(['notify disconnect']);
    });
  });

  describe('the log', () => {
    withDevice('is told as event log with its level and text, while a switch is on', async () => {
      const world = await context.running();
      const levels = ['log', 'info', 'warn', 'error'];
      world.device.script(() => LIVE_ANSWER);
      const logs = () => world.lines.filter((line) => line.startsWith('log '));
      await world.play();
      expect(logs()).toEqual([]);
      world.module.stopStream('cam');
      world.lines.length = 0;
      world.details.length = 0;
      world.module.enableHttpLog(true);
      await world.play();
      expect(logs().length).toBeGreaterThan(0);
      expect(logs().every((line) => levels.includes(line.slice(4)))).toBe(true);
      expect(world.details.some((detail) => typeof detail === 'string')).toBe(true);
      world.module.enableHttpLog(false);
    });

    it('has every switch', async () => {
      const { module } = await context.fresh();
      module.enableHttpLog(false);
      module.enableNetLog(false);
      module.enableXNTPLog(false);
      module.enableADP2PLog(false);
      module.enableAPP_P2PLog(false);
    });
  });

  describe('updateServiceCallbacks', () => {
    it('returns 0', async () => {
      const { module } = await context.running();
      expect(module.updateServiceCallbacks('cam', { msgCallback: ignore })).toBe(0);
    });

    it('returns -2000 for a bad parameter and for an id that does not run', async () => {
      const { module } = await context.running();
      expect(module.updateServiceCallbacks('cam', {} as never)).toBe(-2000);
      expect(module.updateServiceCallbacks('', { msgCallback: ignore })).toBe(-2000);
      expect(module.updateServiceCallbacks('other', { msgCallback: ignore })).toBe(-2000);
    });

    it('sends messages to the new msgCallback from then on', async () => {
      const world = await context.running();
      const told: string[] = [];
      world.module.updateServiceCallbacks('cam', {
        msgCallback: (event, subtype) => void told.push(`${event} ${subtype}`),
      });
      await world.play();
      expect(told).toContain('notify request');
      expect(world.lines).toEqual(['data']);
    });
  });

  describe('getServiceInitInfo', () => {
    it('has what a running service was started with', async () => {
      const world = await context.running();
      expect(world.module.getServiceInitInfo('cam')).toEqual({
        id: 'cam',
        streamInfo: info(world),
      });
      expect(world.module.getServiceInitInfo('other')).toBeUndefined();
    });
  });

  describe('stopP2PService', () => {
    it('ends the service with its stream', async () => {
      const world = await context.running();
      await world.play();
      expect(world.module.stopP2PService('cam')).toBeUndefined();
      expect(world.lines.at(-1)).toBe('notify close');
      const { dataCallback } = world;
      await expect(
        world.subject.settle(world.module.startStream('cam', { dataCallback })),
      ).rejects.toMatchObject({ errcode: -2403 });
      const count = world.lines.length;
      await world.subject.pause();
      expect(world.lines.length).toBe(count);
    });

    it('does nothing for an id that does not run', async () => {
      const { module } = await context.running();
      expect(module.stopP2PService('other')).toBeUndefined();
    });

    it('has its former name stopServiceById', async () => {
      const world = await context.running();
      world.module.stopServiceById('cam');
      await expect(world.start()).resolves.toBe(0);
    });
  });
}

const info = ({ subject }: Pick<GuideWorld, 'subject'>): XP2PStreamInfo => ({
  url: URL,
  xp2pInfo: subject.xp2pInfo,
});
