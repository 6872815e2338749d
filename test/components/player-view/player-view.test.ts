import { albumDenied, PlayerView } from '@components/player-view';
import type {
  HostFiles,
  HostMode,
  PictureControl,
  RecordingStore,
  Snapshot,
} from '@components/player-view';
import { encodeFlvHeader, encodeFlvTag } from '@services/media/flv';
import { StreamTap } from '@services/recorder';
import { autorun, when } from 'mobx';
import { VirtualClock } from '../../net/virtual-clock';

const SNAPSHOT: Snapshot = { kind: 'file', path: 'tmp/a.jpg' };

class FakeMode implements HostMode {
  readonly enter = jest.fn(() => Promise.resolve(this.tell(true)));
  readonly leave = jest.fn(() => Promise.resolve(this.tell(false)));
  private readonly listeners = new Set<(on: boolean) => void>();

  get listening(): number {
    return this.listeners.size;
  }

  onChange(listener: (on: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(on: boolean): void {
    this.listeners.forEach((listener) => listener(on));
  }
}

function setUp(change: Partial<PictureControl> = {}) {
  const clock = new VirtualClock();
  const saved: string[] = [];
  const store = {
    discard: jest.fn(),
    openFile: () => ({ write: () => undefined, finish: () => Promise.resolve() }),
    save: jest.fn<Promise<void>, Parameters<RecordingStore['save']>>((nameOf) =>
      Promise.resolve(void saved.push(nameOf(0, 'flv'), nameOf(1, 'flv'))),
    ),
  };
  const files: HostFiles = {
    pictureExtension: 'jpg',
    saveSnapshot: jest.fn((_snapshot: Snapshot, name: string) =>
      Promise.resolve(void saved.push(name)),
    ),
    createRecording: () => store,
    exportText: jest.fn((_text: string, name: string) => Promise.resolve(void saved.push(name))),
    openSettings: null,
  };
  const onFailure = jest.fn();
  const view = new PlayerView({
    clock,
    files,
    quality: 'high',
    cameraName: () => 'Front / door',
    onFailure,
  });
  const picture: PictureControl = {
    hasVolume: true,
    canFill: true,
    rotations: [0, 90, 180, 270],
    hasSoundMode: true,
    setZoom: jest.fn(),
    snapshot: () => Promise.resolve(SNAPSHOT),
    pictureInPicture: null,
    fullscreen: null,
    tap: new StreamTap(),
    ...change,
  };
  view.attachPicture(picture);
  return { clock, files, saved, store, view, picture, onFailure };
}

/** One keyframe of one byte. */
function feed(tap: StreamTap): void {
  tap.push(encodeFlvHeader({ hasAudio: false, hasVideo: true }));
  const data = Uint8Array.from([0x17, 1, 0, 0, 0, 0]);
  tap.push(encodeFlvTag({ type: 'video', timestampMs: 0, data }));
}

describe('PlayerView', () => {
  it('saves a snapshot under the camera’s name, and says so for a moment', async () => {
    const { clock, view, saved } = setUp();
    await view.takeSnapshot();
    expect(saved[0]).toMatch(/^Front door \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.jpg$/);
    expect(view.notice).toEqual({ text: 'snapshot.saved', error: null });
    clock.advance(4_000);
    expect(view.notice).toBeNull();
  });

  it('gives a snapshot up after 5 s, and can take the next one', async () => {
    const { clock, view, onFailure } = setUp({ snapshot: () => new Promise(() => undefined) });
    const taken = view.takeSnapshot();
    await expect(view.takeSnapshot()).rejects.toMatchObject({ reason: 'snapshot-failed' });
    clock.advance(5_000);
    await expect(taken).rejects.toMatchObject({ reason: 'snapshot-failed' });
    expect(view.takingSnapshot).toBe(false);
    expect(view.notice?.error?.reason).toBe('snapshot-failed');
    expect(onFailure).toHaveBeenCalled();
  });

  it('says what the host cannot do', async () => {
    const { view } = setUp({ snapshot: null, tap: null });
    await expect(view.takeSnapshot()).rejects.toMatchObject({ reason: 'unsupported-operation' });
    expect(() => view.startRecording()).toThrow(
      expect.objectContaining({ reason: 'unsupported-operation' }),
    );
    await expect(view.togglePictureInPicture()).rejects.toMatchObject({
      reason: 'unsupported-operation',
    });
  });

  it('records, counts the time, and saves at the end', async () => {
    const { clock, view, picture, saved } = setUp();
    feed(picture.tap!);
    view.startRecording();
    expect(view.recording.kind).toBe('recording');
    clock.advance(1_000);
    expect(view.recording).toMatchObject({ kind: 'recording', seconds: 0 });
    const stopped = view.stopRecording();
    expect(view.recording.kind).toBe('saving');
    await stopped;
    expect(view.recording.kind).toBe('idle');
    expect(saved[1]).toMatch(/^Front door .* \(2\)\.flv$/);
    expect(view.notice?.text).toBe('recording.saved');
  });

  it('keeps a recording that could not be saved, and saves it when asked again', async () => {
    const { view, picture, saved, store } = setUp();
    feed(picture.tap!);
    view.startRecording();
    store.save.mockRejectedValueOnce(albumDenied('refused'));
    await expect(view.stopRecording()).rejects.toMatchObject({ reason: 'album-denied' });
    expect(view.recording.kind).toBe('unsaved');
    expect(store.discard).not.toHaveBeenCalled();
    await view.stopRecording();
    expect(view.recording.kind).toBe('idle');
    expect(saved).toHaveLength(2);
    expect(store.discard).toHaveBeenCalledTimes(1);
  });

  it('gives an unsaved recording up when the page goes', async () => {
    const { view, picture, store } = setUp();
    feed(picture.tap!);
    view.startRecording();
    store.save.mockRejectedValueOnce(albumDenied('refused'));
    await expect(view.stopRecording()).rejects.toBeTruthy();
    view.close();
    expect(store.discard).toHaveBeenCalledTimes(1);
  });

  it('sets the sound mode anew by the other one, for phones that miss it otherwise', () => {
    const { clock, view } = setUp();
    const seen: string[] = [];
    const stop = autorun(() => void seen.push(view.soundMode));
    view.repairSound();
    clock.advance(499);
    expect(seen).toEqual(['speaker', 'ear']);
    view.repairSound();
    clock.advance(500);
    expect(seen.slice(-1)).toEqual(['speaker']);
    view.setSoundMode('ear');
    view.repairSound();
    // What the user chooses meanwhile stays.
    view.setSoundMode('ear');
    clock.advance(1_000);
    expect(view.soundMode).toBe('ear');
    stop();
  });

  it('leaves the sound alone where there is one mode only', () => {
    const { clock, view } = setUp({ hasSoundMode: false });
    view.repairSound();
    expect(view.soundMode).toBe('speaker');
    clock.advance(1_000);
    expect(view.soundMode).toBe('speaker');
  });

  it('says where nothing was recorded', async () => {
    const { view } = setUp();
    view.startRecording();
    await expect(view.stopRecording()).rejects.toMatchObject({ reason: 'recording-empty' });
    expect(view.recording.kind).toBe('idle');
  });

  it('saves what there is of a recording when the picture goes', async () => {
    const { view, picture, saved } = setUp();
    feed(picture.tap!);
    view.startRecording();
    view.close();
    await when(() => view.recording.kind === 'idle');
    expect(saved).toHaveLength(2);
  });

  it('fills the screen by the frame, else by the picture, else the page', async () => {
    const own = new FakeMode();
    const { view } = setUp({ fullscreen: own });
    await view.enterFullscreen();
    expect(view.fullscreen).toBe('host');
    // The user's back key.
    own.tell(false);
    expect(view.fullscreen).toBe('off');

    const frame = new FakeMode();
    const detach = view.attachFrame(frame);
    await view.enterFullscreen();
    expect(frame.enter).toHaveBeenCalled();
    await view.leaveFullscreen();
    expect(view.fullscreen).toBe('off');

    frame.enter.mockRejectedValueOnce(new TypeError('refused'));
    await view.enterFullscreen();
    expect(view.fullscreen).toBe('page');
    await view.leaveFullscreen();
    expect(view.fullscreen).toBe('off');
    detach();
    expect(frame.listening).toBe(0);
  });

  it('moves the picture, and forgets it with another rotation or picture', () => {
    const { view, picture } = setUp();
    view.setZoom({ scale: 2, x: 0.1, y: 0 });
    expect(picture.setZoom).toHaveBeenCalledWith({ scale: 2, x: 0.1, y: 0 });
    view.rotate();
    expect(view.rotation).toBe(90);
    expect(view.zoom.scale).toBe(1);
    expect(picture.setZoom).toHaveBeenLastCalledWith({ scale: 1, x: 0, y: 0 });
    for (let i = 0; i < 3; i++) view.rotate();
    expect(view.rotation).toBe(0);
  });

  it('lets the buttons rest when nothing happens', () => {
    const { clock, view } = setUp();
    view.touch();
    clock.advance(3_000);
    view.touch();
    clock.advance(3_000);
    expect(view.active).toBe(true);
    clock.advance(500);
    expect(view.active).toBe(false);
  });

  it('hands the diagnostics out as a file, and says so', async () => {
    const { files, view, saved } = setUp();
    await view.exportDiagnostics('{}');
    expect(files.exportText).toHaveBeenCalledWith('{}', saved[0]);
    expect(saved[0]).toMatch(/^Front door diagnostics .*\.json$/);
    expect(view.notice?.text).toBe('diagnostics.exported');
    jest.mocked(files.exportText!).mockRejectedValueOnce(new Error('full'));
    await expect(view.exportDiagnostics('{}')).rejects.toMatchObject({ reason: 'save-failed' });
  });

  it('holds nothing after it is closed', () => {
    const mode = new FakeMode();
    const { clock, view } = setUp({ pictureInPicture: mode, fullscreen: mode });
    view.touch();
    view.tell('snapshot.saved');
    view.close();
    expect(mode.listening).toBe(0);
    clock.advance(60_000);
    expect(view.active).toBe(true);
  });
});
