import { createRouter } from '../../../agents/camera/router';
import type { IncomingRequest } from '../../../services/p2p/http';
import { parseQuery } from '../../../services/p2p/http';
import { FakeResponse } from './fake-response';

class FakeLive {
  viewers: FakeResponse[] = [];
  full = false;
  get viewerCount(): number {
    return this.viewers.length;
  }
  addViewer(response: FakeResponse): boolean {
    if (!this.full) this.viewers.push(response);
    return !this.full;
  }
}

describe('createRouter', () => {
  let live: FakeLive;
  beforeEach(() => {
    live = new FakeLive();
  });

  const ask = (target: string, method = 'GET'): FakeResponse => {
    const [path = '', query = ''] = target.split('?');
    const request: IncomingRequest = {
      method,
      path,
      query: parseQuery(query) ?? {},
      headers: {},
      peerKey: new Uint8Array(32),
      onData: null,
      onEnd: null,
    };
    const response = new FakeResponse();
    createRouter({ name: 'Door', live })(request, response);
    return response;
  };

  it.each([
    '/ipc.flv?action=live&channel=0&quality=high',
    '/ipc.flv?action=live&channel=0&quality=standard',
    '/ipc.flv?action=live',
    '/ipc.flv?action=live&channel=0&_crypto=off',
  ])('streams %s', (target) => {
    const response = ask(target);
    expect(live.viewers).toEqual([response]);
  });

  it.each([
    ['/ipc.flv', 'stream ""'],
    ['/ipc.flv?action=playback&channel=0', 'stream "playback"'],
    ['/ipc.flv?action=live&channel=1', 'channel 1'],
    ['/ipc.flv?action=live&channel=0&quality=undefined', 'quality "undefined"'],
    ['/nothing', '/nothing'],
    ['/__proto__', '/__proto__'],
    ['/constructor', '/constructor'],
  ])('answers 404 to %s', (target, what) => {
    const response = ask(target);
    expect([response.status, response.text]).toEqual([404, `there is no ${what}`]);
    expect(live.viewers).toHaveLength(0);
  });

  it('answers 503 to a viewer too many', () => {
    live.full = true;
    const response = ask('/ipc.flv?action=live&channel=0');
    expect([response.status, response.text]).toEqual([503, 'too many viewers, try later']);
  });

  it('answers 405 to methods it does not know', () => {
    const response = ask('/ipc.flv?action=live', 'POST');
    expect([response.status, response.headers['allow']]).toEqual([405, 'GET']);
  });

  it.each([
    ['type=live&channel=0&quality=high', false, '0'],
    ['type=live', false, '0'],
    ['type=live&channel=0', true, '405'],
    ['type=live&channel=3', false, '404'],
    ['type=voice&channel=0', false, '406'],
    ['type=playback&channel=0', false, '406'],
  ])('tells the state for %s (full: %s): %s', (query, full, status) => {
    ask('/ipc.flv?action=live');
    live.full = full;
    const response = ask(`/command?action=inner_define&cmd=get_device_st&${query}`);
    expect(response.status).toBe(200);
    expect(JSON.parse(response.text)).toEqual([{ status, appConnectNum: '1' }]);
  });

  it.each([
    ['action=inner_define&channel=0&cmd=fly', 400, 'unknown command "fly"'],
    ['action=inner_define', 400, 'unknown command ""'],
    ['action=other', 400, 'unknown action "other"'],
    ['action=user_define&channel=0&cmd={"topic":"ptz"}', 404, 'no handler'],
  ])('answers the command %s with %s', (query, status, text) => {
    const response = ask(`/command?${query}`);
    expect([response.status, response.text]).toEqual([status, text]);
  });

  it('tells what the camera can do', () => {
    const response = ask('/capabilities');
    expect(response.headers['content-type']).toContain('application/json');
    expect(JSON.parse(response.text)).toEqual({
      name: 'Door',
      channels: 1,
      qualities: ['high'],
      ptz: null,
      talk: null,
      playback: null,
    });
  });
});
