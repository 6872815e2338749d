import type { XP2PStartStreamParams } from '../../services/p2p/module';
import { answers, ignore, LIVE, LIVE_ANSWER } from './guide-context';
import type { GuideContext } from './guide-context';

export function describeStream(context: GuideContext): void {
  const withDevice = context.itWith('device');
  const withLoss = context.itWith('lose');

  describe('startStream', () => {
    it('resolves with 0, and tells request, parsed and data', async () => {
      const world = await context.running();
      const { subject, module, dataCallback } = world;
      await expect(subject.settle(module.startStream('cam', { dataCallback }))).resolves.toBe(0);
      await subject.until(() => world.lines.includes('data'));
      expect(world.lines.slice(0, 3)).toEqual(['notify request', 'notify parsed', 'data']);
      expect(world.details[1]).toEqual({ status: 200, headers: expect.any(Object) });
    });

    withDevice('hands out the bytes as ArrayBuffers', async () => {
      const { subject, module, device } = await context.running();
      device.script(() => LIVE_ANSWER);
      const pieces: ArrayBuffer[] = [];
      const dataCallback = (data: ArrayBuffer) => void pieces.push(data);
      await subject.settle(module.startStream('cam', { dataCallback }));
      await subject.until(() => pieces.length > 0);
      expect(pieces.flatMap((piece) => [...new Uint8Array(piece)])).toEqual([1, 2, 3]);
    });

    withDevice('asks for the stream of the service’s url when it has no flv', async () => {
      const { subject, module, device } = await context.running();
      await subject.settle(module.startStream('cam', { dataCallback: ignore }));
      await subject.until(() => device.requests.length > 0);
      expect(device.requests[0]).toMatchObject({
        path: '/ipc.flv',
        query: { action: 'live', channel: '0', quality: 'high' },
      });
    });

    withDevice('asks for the filename and params of its flv', async () => {
      const { subject, module, device } = await context.running();
      const flv = { filename: 'other.flv', params: 'action=live&channel=1' };
      await subject.settle(module.startStream('cam', { flv, dataCallback: ignore }));
      await subject.until(() => device.requests.length > 0);
      expect(device.requests[0]).toMatchObject({
        path: '/other.flv',
        query: { action: 'live', channel: '1' },
      });
    });

    it.each<[string, unknown]>([
      ['id', undefined],
      ['params', null],
      ['dataCallback', {}],
      ['flv', { dataCallback: ignore, flv: { filename: '', params: '' } }],
      ['msgCallback', { dataCallback: ignore, msgCallback: 1 }],
    ])('rejects with -2000 for a bad %s', async (name, params) => {
      const { subject, module } = await context.running();
      const started = module.startStream(
        name === 'id' ? '' : 'cam',
        (params === undefined ? { dataCallback: ignore } : params) as XP2PStartStreamParams,
      );
      await expect(subject.settle(started)).rejects.toMatchObject({ errcode: -2000 });
    });

    it('rejects with -2002 before init', async () => {
      const { subject, module } = await context.fresh();
      await expect(
        subject.settle(module.startStream('cam', { dataCallback: ignore })),
      ).rejects.toMatchObject({ errcode: -2002 });
    });

    it('rejects with -2401 while a stream runs, until it is stopped', async () => {
      const world = await context.running();
      const { subject, module, dataCallback } = world;
      await world.play();
      const again = () => subject.settle(module.startStream('cam', { dataCallback }));
      await expect(again()).rejects.toMatchObject({ errcode: -2401 });
      module.stopStream('cam');
      await expect(again()).resolves.toBe(0);
    });

    it('rejects with -2403 without a service', async () => {
      const { subject, module } = await context.running();
      await expect(
        subject.settle(module.startStream('other', { dataCallback: ignore })),
      ).rejects.toMatchObject({ errcode: -2403 });
    });

    it('tells parsed with the status of a stream that is not there, and no data', async () => {
      const world = await context.running();
      const { subject, module, dataCallback } = world;
      subject.device?.script(() => answers(404, 'end', Uint8Array.of(9)));
      const flv = { filename: 'missing.flv', params: LIVE };
      await subject.settle(module.startStream('cam', { flv, dataCallback }));
      await subject.until(() => world.lines.length >= 3);
      expect(world.lines).toEqual(['notify request', 'notify parsed', 'notify fail']);
      expect(world.details[1]).toMatchObject({ status: 404 });
    });

    withDevice('tells eof when the device ends the stream', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'end', Uint8Array.of(4)));
      await world.play();
      await world.subject.until(() => world.lines.length >= 4);
      expect(world.lines.slice(2)).toEqual(['data', 'notify eof']);
    });

    withDevice('tells fail when the device breaks the stream off', async () => {
      const world = await context.running();
      const { subject, module, dataCallback } = world;
      world.device.script(() => answers(200, 'abort'));
      await subject.settle(module.startStream('cam', { dataCallback }));
      await subject.until(() => world.lines.length >= 2);
      expect(world.lines.at(-1)).toBe('notify fail');
    });

    withLoss('tells fail before the service’s disconnect', async () => {
      const world = await context.running();
      await world.play();
      world.subject.loseDevice();
      await world.subject.until(() => world.lines.includes('notify disconnect'));
      expect(world.lines.slice(-2)).toEqual(['notify fail', 'notify disconnect']);
    });

    it('sends its messages to its own msgCallback where it has one', async () => {
      const world = await context.running();
      const { subject, module } = world;
      const told: string[] = [];
      const msgCallback = (_: string, subtype: string) => void told.push(subtype);
      await subject.settle(module.startStream('cam', { dataCallback: ignore, msgCallback }));
      await subject.until(() => told.includes('parsed'));
      expect(told.slice(0, 2)).toEqual(['request', 'parsed']);
      expect(world.lines).toEqual([]);
    });

    it('has its former name startP2PStream', async () => {
      const { subject, module } = await context.running();
      await expect(
        subject.settle(module.startP2PStream('cam', { dataCallback: ignore })),
      ).resolves.toBe(0);
    });
  });

  describe('startStream of a picture device', () => {
    context.itWith('device', 'two-streams')(
      'runs two streams of different actions, and no third',
      async () => {
        const world = await context.initialised();
        const { subject, module, device } = world;
        device.script(() => LIVE_ANSWER);
        await world.start('cam', `${subject.xp2pInfo}m`);
        const start = (action: string) =>
          subject.settle(
            module.startStream('cam', {
              flv: { filename: 'ipc.flv', params: `action=${action}&channel=0` },
              dataCallback: ignore,
            }),
          );
        await expect(start('live-audio')).resolves.toBe(0);
        await expect(start('live-audio')).rejects.toMatchObject({ errcode: -2401 });
        await expect(start('live-mjpg')).resolves.toBe(0);
        await expect(start('playback-mjpg')).rejects.toMatchObject({ errcode: -2401 });
        module.stopStream('cam', 'live-mjpg');
        await expect(start('live-audio')).rejects.toMatchObject({ errcode: -2401 });
        await expect(start('live-mjpg')).resolves.toBe(0);
        module.stopStream('cam');
        await expect(start('live-audio')).resolves.toBe(0);
      },
    );
  });

  describe('stopStream', () => {
    it('ends the stream: close is told, and no data any more', async () => {
      const world = await context.running();
      await world.play();
      expect(world.module.stopStream('cam')).toBeUndefined();
      expect(world.lines.at(-1)).toBe('notify close');
      const count = world.lines.length;
      await world.subject.pause();
      expect(world.lines.length).toBe(count);
    });

    it('does nothing where no stream runs', async () => {
      const { module } = await context.running();
      expect(module.stopStream('cam')).toBeUndefined();
      expect(module.stopStream('other')).toBeUndefined();
    });

    it('has its former name stopP2PStream', async () => {
      const world = await context.running();
      await world.play();
      world.module.stopP2PStream('cam');
      expect(world.lines.at(-1)).toBe('notify close');
    });
  });
}
