import { encodeUtf8 } from '../../services/encoding';
import { answers } from './guide-context';
import type { GuideContext } from './guide-context';

const COMMAND = 'action=inner_define&channel=0&cmd=get_device_st&type=live&quality=high';

export function describeCommand(context: GuideContext): void {
  const withDevice = context.itWith('device');

  describe('sendCommand', () => {
    it('resolves with success, status, data, errcode and errmsg', async () => {
      const { subject, module } = await context.running();
      const answer = '[{"status":"0","appConnectNum":"0"}]';
      subject.device?.script(() => answers(200, 'end', encodeUtf8(answer)));
      const result = await subject.settle(module.sendCommand('cam', COMMAND));
      expect(result).toEqual({
        type: 'success',
        status: 200,
        data: answer,
        errcode: 0,
        errmsg: '',
      });
    });

    withDevice('sends the command as it is given', async () => {
      const { subject, module, device } = await context.running();
      device.script(() => answers(200, 'end'));
      const command = 'action=user_define&channel=0&cmd={"topic":"ptz","data":{"cmd":"ptz_up"}}';
      await subject.settle(module.sendCommand('cam', command));
      expect(device.requests[0]).toMatchObject({
        path: '/command',
        query: {
          action: 'user_define',
          channel: '0',
          cmd: '{"topic":"ptz","data":{"cmd":"ptz_up"}}',
        },
      });
    });

    withDevice('resolves with failure when the device refuses', async () => {
      const { subject, module, device } = await context.running();
      device.script(() => answers(503, 'end', encodeUtf8('busy')));
      const result = await subject.settle(module.sendCommand('cam', COMMAND));
      expect(result).toMatchObject({ type: 'failure', status: 503, data: 'busy', errcode: -2402 });
      expect(result.errmsg).toMatch(/./);
    });

    withDevice('resolves with error when the answer breaks off', async () => {
      const { subject, module, device } = await context.running();
      device.script(() => answers(200, 'abort'));
      const result = await subject.settle(module.sendCommand('cam', COMMAND));
      expect(result).toMatchObject({ type: 'error', errcode: -2402 });
    });

    withDevice('resolves with timeout when no answer comes', async () => {
      const { subject, module, device } = await context.running();
      device.script(() => null);
      const result = await subject.settle(module.sendCommand('cam', COMMAND));
      expect(result).toMatchObject({ type: 'timeout', status: 0, errcode: -2402 });
    });

    context.itWith('device', 'binary-command')(
      'resolves with an ArrayBuffer when asked to',
      async () => {
        const { subject, module, device } = await context.running();
        device.script(() => answers(200, 'end', Uint8Array.of(1, 0)));
        const options = { responseType: 'arraybuffer' } as const;
        const { data } = await subject.settle(module.sendCommand('cam', COMMAND, options));
        expect([...new Uint8Array(data as ArrayBuffer)]).toEqual([1, 0]);
      },
    );

    withDevice('runs several at once', async () => {
      const { subject, module, device } = await context.running();
      device.script(({ query }) => answers(200, 'end', encodeUtf8(query['cmd'] ?? '')));
      const results = ['a', 'b', 'c'].map((cmd) =>
        module.sendCommand('cam', `action=user_define&channel=0&cmd=${cmd}`),
      );
      const answered = await subject.settle(Promise.all(results));
      expect(answered.map(({ data }) => data)).toEqual(['a', 'b', 'c']);
    });

    it.each([
      ['id', '', COMMAND],
      ['command', 'cam', ''],
    ])('rejects with -2000 for a bad %s', async (_, id, command) => {
      const { subject, module } = await context.running();
      await expect(subject.settle(module.sendCommand(id, command))).rejects.toMatchObject({
        errcode: -2000,
      });
    });

    it('rejects with -2002 before init, and with -2403 without a service', async () => {
      const { subject, module } = await context.fresh();
      await expect(subject.settle(module.sendCommand('cam', COMMAND))).rejects.toMatchObject({
        errcode: -2002,
      });
      const world = await context.running();
      await expect(
        world.subject.settle(world.module.sendCommand('other', COMMAND)),
      ).rejects.toMatchObject({ errcode: -2403 });
    });
  });
}
