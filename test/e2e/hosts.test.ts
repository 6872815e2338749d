import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { build } from 'esbuild';
import { OTHER_HOSTS } from '../host/built-hosts';
import type { HostName } from '../host/dialect';
import { apiOf, OtherHost } from '../host/other-host';
import { Sandbox } from '../host/sandbox';
import { createWx } from '../host/wx/wx';
import { Demo } from './lib/demo';
import { ROOT } from './lib/program';

let demo: Demo;
let host: OtherHost | null = null;

beforeAll(async () => {
  demo = await Demo.start();
});

afterEach(() => {
  host?.close();
  host = null;
});

afterAll(async () => {
  await demo?.stop();
});

describe.each(OTHER_HOSTS)('the mini-program built for %s', (name) => {
  it('shows its first page, hears a tap, shows what changed in a store', async () => {
    host = new OtherHost(name);
    const { app } = host;
    app.launch();
    await host.until('the empty list', () => app.text.includes('No cameras yet'));
    app.page.tap(app.page.withText('Add a camera'));
    await host.until('the form', () => app.page.findByTag('textarea').length === 1);
    app.page.input(app.page.findByTag('input')[0]!, 'Front door');
    app.page.input(app.page.findByTag('textarea')[0]!, demo.xp2pInfo);
    await host.until(
      'the button',
      () => app.page.findByClass('iot-pressable--disabled').length === 0,
    );
    app.page.tap(app.page.withText('Add'));
    await host.until('the camera', () => app.text.includes('Front door'));
    expect(app.errors).toEqual([]);
  });

  it('says where a picture can be seen instead', async () => {
    host = new OtherHost(name);
    const { app } = host;
    app.launch(`/pages/live/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
    await host.until('the message', () => app.text.includes('Cameras cannot be watched here yet'));
    expect(app.text).toContain('Open this page in WeChat or in a web browser.');
    expect(app.text).toContain('-2404');
    expect(app.errors).toEqual([]);
  });
});

describe('a session in a mini-program without UDP', () => {
  let code = '';

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [path.join(ROOT, 'test/host/relay-session.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2020',
    });
    code = outputFiles[0]!.text;
  });

  /** Runs it on a host's API; some hosts have entropy by the app only. */
  async function run(hostName: HostName, withEntropy: boolean): Promise<unknown> {
    const sandbox = new Sandbox({}, (error) => {
      throw error;
    });
    const nowhere = () => undefined;
    const wx = createWx(sandbox, {
      navigator: { open: nowhere, replace: nowhere, back: nowhere, query: nowhere },
    });
    try {
      return await new Promise((report) => {
        sandbox.run('session.js', code, {
          hostName,
          api: apiOf(hostName, { ...wx.members }),
          entropy: withEntropy ? async () => new Uint8Array(randomBytes(64)) : undefined,
          xp2pInfo: demo.xp2pInfo,
          report,
        });
      });
    } finally {
      sandbox.close();
      wx.close();
    }
  }

  it.each([
    { name: 'tt', withEntropy: false },
    { name: 'alipay', withEntropy: true },
    { name: 'swan', withEntropy: true },
  ] as const)('reaches the camera over the relay and commands it ($name)', async (how) => {
    expect(await run(how.name, how.withEntropy)).toMatchObject({ type: 'success', kind: 'relay' });
  });

  it('is refused where no key could be made', async () => {
    expect(await run('alipay', false)).toEqual({
      errcode: -2404,
      errmsg: expect.stringContaining('no secure random source') as string,
    });
  });
});
