import { act, render, screen } from '@testing-library/react';
import {
  IotVideoProvider,
  NEUTRAL_APP_PARAMS,
  useIotVideo,
  useMaybeIotVideo,
} from '@components/provider';
import type { IotVideoConfig } from '@components/provider';
import { createUnsupportedModule } from '@components/provider/unsupported-module';
import { XP2PEventEnum, XP2PLocalEventEnum, XP2PNotify_SubType } from '@services/p2p/module';
import { FakeP2PModule } from '../../standins/fake-p2p-module';

function Words() {
  const { locale, text } = useIotVideo();
  return <p lang={locale}>{text('control.retry')}</p>;
}

describe('IotVideoProvider', () => {
  it('works without any configuration', () => {
    render(
      <IotVideoProvider>
        <Words />
      </IotVideoProvider>,
    );
    expect(screen.getByText('Retry')).toBeTruthy();
  });

  it('follows a change of language', () => {
    const view = (config: IotVideoConfig) => (
      <IotVideoProvider config={config}>
        <Words />
      </IotVideoProvider>
    );
    const { rerender } = render(view({ locale: 'zh-TW' }));
    expect(screen.getByText('重試').lang).toBe('zh-TW');
    rerender(view({ locale: 'zh-CN' }));
    expect(screen.getByText('重试').lang).toBe('zh-CN');
  });

  it('initialises the module once, when it is first needed, and destroys it with itself', async () => {
    const module = new FakeP2PModule();
    let init: () => Promise<void> = () => Promise.reject(new Error('no provider'));
    function Grab() {
      const { sessions } = useIotVideo();
      init = () => sessions.init();
      return null;
    }
    const { unmount } = render(
      <IotVideoProvider config={{ module }}>
        <Grab />
      </IotVideoProvider>,
    );
    expect(module.calls).toEqual([]);
    await act(() => Promise.all([init(), init()]));
    expect(module.inits).toEqual([{ appParams: NEUTRAL_APP_PARAMS }]);
    unmount();
    expect(module.calls).toEqual(['init', 'destroy']);
  });

  it('hands the customer’s parameters to the module', async () => {
    const module = new FakeP2PModule();
    const appParams = { ...NEUTRAL_APP_PARAMS, appid: 42 };
    let init: () => Promise<void> = () => Promise.resolve();
    function Grab() {
      const { sessions } = useIotVideo();
      init = () => sessions.init();
      return null;
    }
    render(
      <IotVideoProvider config={{ module, appParams }}>
        <Grab />
      </IotVideoProvider>,
    );
    await act(() => init());
    expect(module.inits[0]!.appParams.appid).toBe(42);
  });

  it('takes a module for the vendor’s cameras beside its own', async () => {
    const module = new FakeP2PModule();
    const vendorModule = new FakeP2PModule();
    let init: () => Promise<void> = () => Promise.resolve();
    function Grab() {
      const { sessions } = useIotVideo();
      init = () => sessions.init({ id: 'cam', xp2pInfo: 'XP2PQ+a/9x==%2.4.20' });
      return null;
    }
    render(
      <IotVideoProvider config={{ module, vendorModule }}>
        <Grab />
      </IotVideoProvider>,
    );
    await act(() => init());
    expect([module.calls, vendorModule.calls]).toEqual([[], ['init']]);
  });
});

describe('useMaybeIotVideo', () => {
  it('is null outside of a provider', () => {
    function Probe() {
      return <p>{useMaybeIotVideo() === null ? 'none' : 'some'}</p>;
    }
    render(<Probe />);
    expect(screen.getByText('none')).toBeTruthy();
  });
});

describe('createUnsupportedModule', () => {
  it('refuses every connection with -2404', async () => {
    const module = createUnsupportedModule();
    await expect(module.init({ appParams: NEUTRAL_APP_PARAMS })).resolves.toBe(0);
    await expect(
      module.startP2PService('id', { url: '' }, { msgCallback: () => undefined }),
    ).rejects.toMatchObject({ errcode: -2404, reason: 'host-unsupported' });
  });

  it('spells the module’s names as the engine does', () => {
    expect(createUnsupportedModule()).toMatchObject({
      XP2PEventEnum,
      XP2PLocalEventEnum,
      XP2PNotify_SubType,
    });
  });
});
