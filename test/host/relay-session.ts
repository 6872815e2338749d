import { alipayApi, createMiniHost } from '../../services/host/mini';
import type { AlipayApi, MiniApi } from '../../services/host/mini';
import { createP2PModule } from '../../services/p2p/module';
import type { PathInfo } from '../../services/p2p/module';

/** Bundled, and run in a mini-program's realm, which gives it these. */
declare const hostName: string;
declare const api: unknown;
declare const entropy: (() => Promise<Uint8Array>) | undefined;
declare const xp2pInfo: string;
declare const report: (result: unknown) => void;

/** Connects to a camera and asks it something; reports the answer and the path. */
async function run(): Promise<unknown> {
  const isLikeAlipay = hostName === 'alipay' || hostName === 'dd';
  const mini = isLikeAlipay ? alipayApi(api as AlipayApi) : (api as MiniApi);
  const p2pModule = createP2PModule(await createMiniHost(mini, { name: hostName, entropy }));
  const open = 'open';
  await p2pModule.init({
    appParams: {
      appid: open,
      appOauthId: open,
      appKey: open,
      appSecretKey: open,
      appPackage: open,
    },
  });
  let path: PathInfo | null = null;
  await p2pModule.startP2PService(
    'camera',
    { url: 'http://openapi.example', productId: 'OPEN', deviceName: 'camera', xp2pInfo },
    {
      msgCallback: (event, _subtype, detail) => {
        if (event === 'path') path = detail as PathInfo;
      },
    },
  );
  const command = 'action=inner_define&channel=0&cmd=get_device_st&type=live';
  const { type, data } = await p2pModule.sendCommand('camera', command);
  p2pModule.destroy();
  return { type, data, kind: (path as PathInfo | null)?.kind };
}

run().then(report, (error: unknown) => {
  const { errcode, errmsg } = error as { readonly errcode?: number; readonly errmsg?: string };
  report({ errcode, errmsg: errmsg ?? String(error) });
});
