import { Weapp } from '../host/weapp';
import type { PlayerManners } from '../host/player-plugin';
import type { Demo } from '../e2e/lib/demo';
import { secondsOf, STEPS_BACK, yesterday } from './viewer';
import type { Scene, Viewer } from './viewer';

const STEP_MS = 20_000;
const CLOCK = /\d\d:\d\d:\d\d/;

/** The app built for WeChat, in the emulator. */
export class WeappViewer implements Viewer {
  private constructor(readonly app: Weapp) {}

  static async open(demo: Demo, scene: Scene, manners?: PlayerManners): Promise<WeappViewer> {
    const app = new Weapp(manners);
    app.app.launch(`/pages/${scene}/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
    const viewer = new WeappViewer(app);
    if (scene === 'playback') await viewer.chooseDay(yesterday());
    return viewer;
  }

  async frames(count: number, deadlineMs: number): Promise<void> {
    const before = this.shown;
    await this.app.until(`${count} pictures`, () => this.shown - before >= count, deadlineMs);
  }

  says(pattern: RegExp, deadlineMs: number): Promise<void> {
    return this.app.until(String(pattern), () => pattern.test(this.app.page.text), deadlineMs);
  }

  text(): Promise<string> {
    return Promise.resolve(this.app.page.text);
  }

  retries(): Promise<number> {
    return Promise.resolve(this.buttons.length);
  }

  async retry(): Promise<void> {
    await this.app.until('a way to try again', () => this.buttons.length > 0, STEP_MS);
    this.app.page.tap(this.buttons[0]!);
  }

  positionS(): Promise<number> {
    return Promise.resolve(secondsOf(this.app.page.text));
  }

  hide(): Promise<void> {
    this.app.app.hide();
    this.app.wx.emit('hide');
    return Promise.resolve();
  }

  show(): Promise<void> {
    this.app.wx.emit('show');
    this.app.app.show();
    return Promise.resolve();
  }

  changeNetwork(): Promise<void> {
    this.app.wx.emit('network', { isConnected: false, networkType: 'none' });
    this.app.wx.rebindNat();
    this.app.wx.emit('network', { isConnected: true, networkType: '4g' });
    return Promise.resolve();
  }

  errors(): readonly string[] {
    return this.app.app.errors.map(String);
  }

  close(): Promise<void> {
    this.app.close();
    return Promise.resolve();
  }

  private get shown(): number {
    return this.app.player.players.reduce((sum, { totalFrames }) => sum + totalFrames, 0);
  }

  private get buttons() {
    return this.app.page.findByClass('iot-player__retry');
  }

  private async chooseDay(date: string): Promise<void> {
    const { page } = this.app;
    const day = () => page.findByClass(`iot-calendar__day-${date}`)[0];
    await this.app.until(
      'the calendar',
      () => page.findByClass('iot-calendar').length > 0,
      STEP_MS,
    );
    if (day() === undefined) page.tap(page.findByClass('iot-calendar__step--back')[0]!);
    const isRecorded = () => day()?.class.includes('iot-calendar__day--recorded') === true;
    await this.app.until('the recorded day', isRecorded, STEP_MS);
    page.tap(day()!);
    await this.app.until('the moment', () => CLOCK.test(page.text), STEP_MS);
    for (let i = 0; i < STEPS_BACK; i++) page.tap(page.withText('−10 s'));
  }
}
