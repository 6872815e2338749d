import { parseCameraInput, redactUrls } from '../../../agents/camera/camera-input';

describe('parseCameraInput', () => {
  it.each([
    ['clip', { kind: 'clip' }],
    ['testsrc', { kind: 'testsrc' }],
    ['RTSP://10.0.0.2/ch1', { kind: 'rtsp', url: 'RTSP://10.0.0.2/ch1' }],
    ['rtsps://cam/1', { kind: 'rtsp', url: 'rtsps://cam/1' }],
    ['movie.mp4', { kind: 'file', path: 'movie.mp4' }],
    ['C:\\Videos\\door.mp4', { kind: 'file', path: 'C:\\Videos\\door.mp4' }],
  ])('reads %s', (text, input) => {
    expect(parseCameraInput(text)).toEqual(input);
  });

  it.each(['http://x/y.flv', 'file:///etc/passwd', ''])('refuses "%s"', (text) => {
    expect(() => parseCameraInput(text)).toThrow('is no input');
  });

  it('does not repeat a password in its message', () => {
    expect(() => parseCameraInput('http://me:secret@x/')).toThrow('http://***@x/');
  });
});

describe('redactUrls', () => {
  it('hides user names and passwords, also with an @ in them', () => {
    expect(redactUrls('open rtsp://a:b@c@host/1 and rtsp://host/2')).toBe(
      'open rtsp://***@host/1 and rtsp://host/2',
    );
  });
});
