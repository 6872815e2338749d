import { DomPicture } from '@components/player-surface/dom-picture';
import { StreamTap } from '@services/recorder';

function setUp() {
  const box = document.createElement('div');
  const video = document.createElement('video');
  const canvas = document.createElement('canvas');
  canvas.hidden = true;
  return { box, video, canvas, make: () => new DomPicture(box, video, canvas, new StreamTap()) };
}

describe('DomPicture', () => {
  it('finds out whether the volume can be set, and leaves it as it was', () => {
    const { video, make } = setUp();
    video.volume = 0.6;
    expect(make().hasVolume).toBe(true);
    expect(video.volume).toBe(0.6);
    Object.defineProperty(video, 'volume', { get: () => 1, set: () => undefined });
    expect(make().hasVolume).toBe(false);
  });

  it('enlarges and moves the element', () => {
    const { box, make } = setUp();
    const picture = make();
    picture.setZoom({ scale: 2, x: 0.25, y: -0.1 });
    expect(box.style.transform).toBe('translate(25%, -10%) scale(2)');
    picture.setZoom({ scale: 1, x: 0, y: 0 });
    expect(box.style.transform).toBe('');
  });

  it('has no picture in picture where the browser has none', () => {
    expect(setUp().make().pictureInPicture).toBeNull();
  });

  it('refuses a snapshot before there is a picture', async () => {
    await expect(setUp().make().snapshot(0)).rejects.toMatchObject({ reason: 'snapshot-failed' });
  });
});
