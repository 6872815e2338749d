import { walk } from '../../services/playback';
import { Weapp } from '../host/weapp';
import { SeededRandom } from '../net/seeded-random';
import { Demo } from './lib/demo';
import { clipDistance, clipTimeAt, keyframeSizes, RECORDED, yesterday } from './lib/seeded-day';

/** Keyframes of the clip are this far apart, and the page tells whole seconds. */
const SLACK_S = 2;

const sizes = keyframeSizes();
let demo: Demo;
let weapp: Weapp;

beforeAll(async () => {
  demo = await Demo.start(['--seed-recordings', '2']);
  weapp = new Weapp();
  weapp.app.launch(`/pages/playback/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
  const { date } = yesterday();
  const day = () => weapp.page.findByClass(`iot-calendar__day-${date}`)[0];
  await weapp.until('the calendar', () => weapp.page.findByClass('iot-calendar__day').length > 0);
  const step = (back: boolean) => {
    const steps = weapp.page.findByClass('iot-calendar__step');
    weapp.page.tap(steps[back ? 0 : 1]!);
  };
  if (day() === undefined) step(true);
  await weapp.until('yesterday', () => day() !== undefined);
  const isRecorded = () => day()?.class.includes('--recorded') === true;
  // The camera may still be filling its card: the month is looked at again.
  for (let tries = 0; !isRecorded() && tries < 20; tries++) {
    step(true);
    await weapp.until('the month before', () => day() === undefined);
    step(false);
    await weapp.until('yesterday', () => day() !== undefined);
    await weapp.until('an answer', isRecorded, 1_000).catch(() => undefined);
  }
  const hasEvents = () => weapp.page.findByClass('iot-timeline__button--previous').length > 0;
  for (let tries = 0; !hasEvents() && tries < 20; tries++) {
    await next(() => weapp.page.tap(day()!));
    await weapp.until('events', hasEvents, 500).catch(() => undefined);
  }
});

afterAll(async () => {
  weapp?.close();
  await demo?.stop();
});

/** Does something that opens a stream, and waits for pictures of it. */
async function next(act: () => void): Promise<void> {
  const { pulls } = weapp.player.players.length > 0 ? weapp.latestPlayer : { pulls: 0 };
  act();
  await weapp.until('a new stream', () => {
    const { players } = weapp.player;
    return players.length > 0 && weapp.latestPlayer.pulls > pulls && weapp.latestPlayer.frames > 2;
  });
}

/** What the page says, in seconds of the day. */
function shownS(): number {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(weapp.page.text) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** The second of the clip with which the present stream began. */
const beganAt = (): number => sizes.indexOf(weapp.latestPlayer.firstPictureBytes);

function press(label: string): void {
  weapp.page.tap(weapp.page.withText(label));
}

function expectTruth(): void {
  const wanted = clipTimeAt(shownS());
  expect(wanted).not.toBeNull();
  expect(clipDistance(beganAt(), wanted!)).toBeLessThanOrEqual(SLACK_S);
}

describe('playback in the mini-program built for WeChat', () => {
  it('shows what is sought, 100 times at random across segments and gaps', async () => {
    const random = new SeededRandom(9);
    const eventButton = (name: string) =>
      weapp.page.findByClass(`iot-timeline__button--${name}`)[0]!;
    for (let i = 0; i < 100; i++) {
      const fromS = shownS();
      const choice = random.next();
      const button = choice < 0.3 ? eventButton(choice < 0.15 ? 'previous' : 'next') : null;
      if (button?.class.includes('--disabled') === false) {
        await next(() => weapp.page.tap(button));
      } else {
        const byS = choice < 0.75 ? 10 : -10;
        await next(() => press(byS > 0 ? '+10 s' : '−10 s'));
        const wishS = walk(RECORDED, fromS, byS);
        expect(Math.abs(shownS() - wishS)).toBeLessThanOrEqual(SLACK_S + 1);
      }
      expectTruth();
    }
    expect(weapp.app.errors).toEqual([]);
    expect(weapp.latestPlayer.problems).toEqual([]);
  }, 120_000);

  it('pauses, and goes on at the same moment by a new stream', async () => {
    const { page } = weapp;
    page.tap(page.findByClass('iot-playback__control--main')[0]!);
    await weapp.until('no stream', () => !weapp.latestPlayer.isPulling);
    const pausedS = shownS();
    await next(() => page.tap(page.findByClass('iot-playback__control--main')[0]!));
    expect(Math.abs(shownS() - pausedS)).toBeLessThanOrEqual(SLACK_S);
    expectTruth();
  });

  it('shows pictures of the day, and lets a clip be chosen by the buttons', async () => {
    const { page } = weapp;
    await weapp.until('a picture', () => page.findByTag('image').length > 0, 30_000);
    const clip = page.findByClass('iot-timeline__button')[2]!;
    page.tap(clip);
    await weapp.until('the clip', () => page.findByClass('iot-clip').length === 1);
    press('Start here');
    press('Save clip');
    await weapp.until('no clip', () => page.findByClass('iot-clip').length === 0);
    expect(weapp.app.errors).toEqual([]);
  }, 40_000);
});
