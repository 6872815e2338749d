import type { XP2PInitParams, XP2PVersionedInitParams } from '../../services/p2p/module';
import { APP_PARAMS, ignore } from './guide-context';
import type { GuideContext } from './guide-context';

export function describeInit(context: GuideContext): void {
  const withNat = context.itWith('nat');
  const withUuid = context.itWith('uuid');

  describe('init', () => {
    it('resolves with 0', async () => {
      const { subject, module } = await context.fresh();
      const params = { appParams: APP_PARAMS, eventHandler: ignore, ...subject.initExtra };
      await expect(subject.settle(module.init(params))).resolves.toBe(0);
    });

    it.each(Object.keys(APP_PARAMS))('rejects with -2000 without appParams.%s', async (name) => {
      const { subject, module } = await context.fresh();
      const params = { appParams: { ...APP_PARAMS, [name]: undefined } } as XP2PInitParams;
      await expect(subject.settle(module.init(params))).rejects.toMatchObject({ errcode: -2000 });
    });

    it('rejects with -2000 for an eventHandler that is no function', async () => {
      const { subject, module } = await context.fresh();
      const params = { appParams: APP_PARAMS, eventHandler: 1 as never };
      await expect(subject.settle(module.init(params))).rejects.toMatchObject({ errcode: -2000 });
    });

    it('rejects with -2003 the second time, with errcode and errmsg', async () => {
      const world = await context.initialised();
      const error: unknown = await world.init().catch((cause: unknown) => cause);
      expect(error).toMatchObject({ errcode: -2003, errmsg: expect.stringMatching(/./) as string });
    });

    withNat('rejects with -2202 when the probe fails, and may be called again', async () => {
      const world = await context.fresh();
      world.subject.nat!.block();
      await expect(world.init()).rejects.toMatchObject({ errcode: -2202, retryable: true });
      world.subject.nat!.unblock();
      await expect(world.init()).resolves.toBe(0);
    });

    withNat('tells the eventHandler natError with its detail when the probe fails', async () => {
      const { subject, module } = await context.fresh();
      const told: unknown[] = [];
      subject.nat!.block();
      const eventHandler = (event: string, detail: unknown) => void told.push([event, detail]);
      const params = { appParams: APP_PARAMS, eventHandler, ...subject.initExtra };
      await expect(subject.settle(module.init(params))).rejects.toBeDefined();
      expect(told).toEqual([
        [
          module.XP2PLocalEventEnum.NATError,
          { errcode: -2202, message: expect.stringMatching(/./) as string },
        ],
      ]);
    });

    withNat('tells the eventHandler natChanged with its detail', async () => {
      const { subject, module } = await context.fresh();
      const told: [string, unknown][] = [];
      const eventHandler = (event: string, detail: unknown) => void told.push([event, detail]);
      const params = { appParams: APP_PARAMS, eventHandler, ...subject.initExtra };
      await subject.settle(module.init(params));
      subject.nat!.change();
      await subject.until(() => told.length > 0);
      expect(told[0]).toEqual(['natChanged', expect.any(Object)]);
    });
  });

  describe('init of 3.x', () => {
    const versioned = (
      deviceP2PVersion: XP2PVersionedInitParams['initParams']['deviceP2PVersion'],
      extra: object,
    ): XP2PVersionedInitParams => ({
      appParams: APP_PARAMS,
      initParams: { deviceP2PVersion, ...extra },
    });

    it('resolves with the module of the version, which getModule has too', async () => {
      const { subject, module } = await context.fresh();
      const { Device_2_4, Device_2_3 } = module.DeviceVersion;
      const own = await subject.settle(module.init(versioned(Device_2_4, subject.initExtra)));
      expect(own).toMatchObject({
        deviceP2PVersion: Device_2_4,
        localXp2pInfo: expect.stringMatching(/./) as string,
      });
      expect(module.getModule(Device_2_4)).toBe(own);
      expect(module.getModule(Device_2_3)).toBeUndefined();
      expect(module.getLocalXp2pInfo(Device_2_4)).toBe(own.localXp2pInfo);
    });

    it('rejects with -2003 for the same version only', async () => {
      const { subject, module } = await context.fresh();
      const { Device_2_4, Device_2_3 } = module.DeviceVersion;
      const init = (version: typeof Device_2_4 | typeof Device_2_3) =>
        subject.settle(module.init(versioned(version, subject.initExtra)));
      await init(Device_2_4);
      await expect(init(Device_2_4)).rejects.toMatchObject({ errcode: -2003 });
      await expect(init(Device_2_3)).resolves.toMatchObject({ deviceP2PVersion: Device_2_3 });
    });

    it('rejects with -2000 for an unknown version', async () => {
      const { subject, module } = await context.fresh();
      const params = versioned('9.9' as never, subject.initExtra);
      await expect(subject.settle(module.init(params))).rejects.toMatchObject({ errcode: -2000 });
    });

    context.itWith('versions')('starts services of devices of that version only', async () => {
      const world = await context.fresh();
      const { subject, module } = world;
      await subject.settle(
        module.init(versioned(module.DeviceVersion.Device_2_3, subject.initExtra)),
      );
      await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
      await subject.settle(
        module.init(versioned(module.DeviceVersion.Device_2_4, subject.initExtra)),
      );
      await expect(world.start()).resolves.toBe(0);
    });

    it('has reset, which resolves with the module', async () => {
      const { subject, module } = await context.fresh();
      const { Device_2_4 } = module.DeviceVersion;
      const own = await subject.settle(module.init(versioned(Device_2_4, subject.initExtra)));
      await expect(subject.settle(own.reset())).resolves.toMatchObject({
        deviceP2PVersion: Device_2_4,
      });
    });
  });

  describe('resetP2P', () => {
    it('resolves with 0', async () => {
      const { subject, module } = await context.initialised();
      await expect(subject.settle(module.resetP2P())).resolves.toBe(0);
    });

    it('rejects with -2002 before init', async () => {
      const { subject, module } = await context.fresh();
      await expect(subject.settle(module.resetP2P())).rejects.toMatchObject({ errcode: -2002 });
    });

    withNat('rejects with -2202 when the probe fails', async () => {
      const { subject, module } = await context.initialised();
      subject.nat!.block();
      await expect(subject.settle(module.resetP2P())).rejects.toMatchObject({ errcode: -2202 });
    });

    it('lets a service be started afterwards', async () => {
      const world = await context.initialised();
      await world.subject.settle(world.module.resetP2P());
      await expect(world.start()).resolves.toBe(0);
    });
  });

  describe('destroy', () => {
    it('ends the module, which can be initialised again', async () => {
      const world = await context.initialised();
      expect(world.module.destroy()).toBeUndefined();
      await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
      await expect(world.init()).resolves.toBe(0);
    });

    it('ends services: nothing is told any more', async () => {
      const world = await context.running();
      await world.play();
      world.module.destroy();
      world.lines.length = 0;
      await world.subject.pause();
      expect(world.lines).toEqual([]);
    });
  });

  describe('getUUID', () => {
    withUuid('is a string after init, and the same after destroy', async () => {
      const { module } = await context.initialised();
      const uuid = module.getUUID();
      expect(uuid).toMatch(/./);
      module.destroy();
      expect(module.getUUID()).toBe(uuid);
    });

    withUuid('is valid when init failed', async () => {
      const { subject, module } = await context.fresh();
      await subject.settle(module.init({} as XP2PInitParams)).catch(ignore);
      expect(module.getUUID()).toMatch(/./);
    });
  });

  describe('the constants', () => {
    it('have the values of the guide', async () => {
      const { module } = await context.fresh();
      expect(module.XP2PEventEnum).toMatchObject({ Notify: 'notify', Log: 'log' });
      expect(module.XP2PLocalEventEnum).toEqual({
        NATChanged: 'natChanged',
        NATError: 'natError',
      });
      expect(module.XP2PNotify_SubType).toMatchObject({
        Connected: 'connected',
        Request: 'request',
        Parsed: 'parsed',
        Close: 'close',
        Eof: 'eof',
        Disconnect: 'disconnect',
      });
    });

    it('have every code of the guide', async () => {
      const { module } = await context.fresh();
      const codes = [0, -2000, -2001, -2002, -2003, -2004, -2005, -2201, -2202, -2301, -2401];
      codes.push(-2402, -2403, -2404, -2501, -2502, -2601, -2701, -2801);
      expect(Object.values(module.XP2PErrorCode).sort((a, b) => b - a)).toEqual(codes);
    });

    it('have a version, which getPluginInfo has too', async () => {
      const { module } = await context.fresh();
      expect(module.XP2PVersion).toMatch(/^\d+\.\d+\.\d+/);
      expect(module.getPluginInfo()).toMatchObject({ version: module.XP2PVersion });
    });
  });
}
