import { launchSpeaker, RAW_MICROPHONE } from './lib/talks';
import { openPage, waitForFrames } from './lib/browser';
import { Demo } from './lib/demo';
it('shots', async () => {
  const demo = await Demo.start(['--interactive', '--on-call', 'ring']);
  await demo.startPage();
  const { browser, close } = await launchSpeaker();
  for (const locale of ['en-US', 'zh-CN']) {
    const { page } = await openPage(browser, demo.liveUrl(), { locale, colorScheme: locale === 'zh-CN' ? 'dark' : 'light' });
    await page.evaluate(RAW_MICROPHONE);
    await waitForFrames(page, 5, 20000);
    const call = page.locator('.iot-call');
    await call.waitFor();
    const shot = (name: string) => page.screenshot({ path: `/tmp/call-${locale}-${name}.png`, fullPage: true });
    await shot('idle');
    await call.getByRole('button').first().click();
    await page.waitForTimeout(800);
    await shot('calling');
    await demo.typeAtCamera('answer');
    await page.waitForTimeout(2500);
    await shot('talking');
    await demo.typeAtCamera('hang-up');
    await page.waitForTimeout(800);
    await shot('ended');
    await demo.typeAtCamera('ring');
    await page.waitForTimeout(800);
    await shot('ringing');
    await page.context().close();
  }
  await close(); await demo.stop();
});
