import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedRecordings } from '../../../../agents/camera/card';
import type { Card, PlaybackSession } from '../../../../agents/camera/card';
import { prepareClip } from '../../../../agents/camera/clip';
import { ClipSource } from '../../../../agents/camera/clip-source';
import { CardRig, DrainingResponse, until } from './card-rig';
import { describeWithFfmpeg } from '../../../lib/ffmpeg';
import { expectDecodes } from './decodes';

const SAMPLE = join(__dirname, '../../../../agents/camera/assets/sample.flv');
const clip = prepareClip(readFileSync(SAMPLE));

describeWithFfmpeg('ffmpeg, where it is installed, decodes', () => {
  let rig: CardRig;
  let card: Card;
  let response: DrainingResponse;
  let session: PlaybackSession;

  beforeEach(async () => {
    rig = new CardRig();
    card = await rig.open({ segmentMs: 10_000 });
  });
  afterEach(() => rig.close());

  const record = async (ms: number): Promise<void> => {
    const source = new ClipSource(clip, rig.clock);
    await source.start(card.recorder(0));
    for (let i = 0; i < ms / 1_000; i++) {
      rig.clock.advance(1_000);
      await rig.disk.idle();
    }
    await source.close();
  };
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms / 200 && session.open; i++) {
      await rig.disk.idle();
      rig.clock.advance(200);
    }
    await rig.disk.idle();
  };
  const play = (): void => {
    response = new DrainingResponse();
    const startS = card.records(rig.all)[0]!.start_time;
    session = card.openPlayback({ channel: 0, startS, endS: startS + 120 }, response)!;
  };

  it('each segment, and one whose halves were downloaded apart', async () => {
    await record(25_000);
    await card.flush();
    await card.close();
    card = await rig.open();
    const files = card.files(rig.all);
    expect(files.length).toBe(3);
    for (const { file_name: fileName, file_size: size } of files) {
      const half = Math.floor(size / 2);
      const [first, second] = [0, half].map((offset) => {
        const one = new DrainingResponse();
        card.openFile({ channel: 0, fileName, offset }, one);
        return one;
      });
      await until(() => first!.ended && second!.ended);
      expectDecodes(Buffer.concat([first!.bytes.subarray(0, half), second!.bytes]));
    }
  });

  it('a playback across segments, gaps and seeks, at several speeds', async () => {
    await record(25_000);
    rig.clock.advance(20_000);
    await record(15_000);
    await card.flush();
    play();
    await pass(3_000);
    await session.seek(18_300);
    await pass(9_000);
    expect(session.progressMs).toBeGreaterThan(44_000);
    await session.seek(5_000);
    session.setSpeed(2);
    await pass(2_000);
    session.setSpeed(1);
    await pass(120_000);
    expect(response.ended).toBe(true);
    expectDecodes(response.bytes);
  });

  it('a playback of keyframes', async () => {
    await record(25_000);
    await card.flush();
    play();
    session.setKeyframeStep(2);
    await pass(60_000);
    expect(response.ended).toBe(true);
    expectDecodes(response.bytes);
  });

  it('seeded recordings', async () => {
    await seedRecordings(card, clip, { nowMs: rig.clock.wallMs(), days: 1, minutes: 1 });
    const [file] = card.files(rig.all);
    response = new DrainingResponse();
    card.openFile({ channel: 0, fileName: file!.file_name }, response);
    await until(() => response.ended);
    expectDecodes(response.bytes);
  });
});
