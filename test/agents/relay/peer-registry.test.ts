import { PeerRegistry } from '../../../agents/relay/peer-registry';

describe('PeerRegistry', () => {
  it('finds peers by key until they leave', () => {
    const registry = new PeerRegistry<string>(10);
    expect(registry.register('a', 'link')).toEqual({ outcome: 'registered', superseded: null });
    expect(registry.find('a')).toBe('link');
    registry.unregister('a', 'link', 0);
    expect(registry.find('a')).toBeUndefined();
    expect(registry.size).toBe(0);
  });

  it('is full for new keys, but lets a known one reconnect', () => {
    const registry = new PeerRegistry<string>(1);
    registry.register('a', 'old');
    expect(registry.register('b', 'link')).toEqual({ outcome: 'full' });
    expect(registry.register('a', 'new')).toEqual({ outcome: 'registered', superseded: 'old' });
  });

  it('tells those who exchanged packets with the peer that left, both ways', () => {
    const registry = new PeerRegistry<string>(10);
    for (const key of ['camera', 'viewer', 'talker', 'stranger']) registry.register(key, key);
    registry.noteTraffic('viewer', 'camera', 0);
    registry.noteTraffic('camera', 'talker', 0);
    expect(registry.unregister('camera', 'camera', 1_000)).toEqual(['viewer', 'talker']);
  });

  it('tells nobody whose last packet was long ago', () => {
    const registry = new PeerRegistry<string>(10);
    for (const key of ['camera', 'viewer']) registry.register(key, key);
    registry.noteTraffic('viewer', 'camera', 0);
    expect(registry.unregister('camera', 'camera', 60_001)).toEqual([]);
  });

  it('remembers the exchange across a reconnect, and ignores the old link’s end', () => {
    const registry = new PeerRegistry<string>(10);
    for (const key of ['camera', 'viewer']) registry.register(key, key);
    registry.noteTraffic('viewer', 'camera', 0);
    registry.register('camera', 'camera again');
    expect(registry.unregister('camera', 'camera', 10)).toEqual([]);
    expect(registry.find('camera')).toBe('camera again');
    expect(registry.unregister('camera', 'camera again', 10)).toEqual(['viewer']);
  });

  it('tells a peer only once that another is gone', () => {
    const registry = new PeerRegistry<string>(10);
    for (const key of ['camera', 'viewer']) registry.register(key, key);
    registry.noteTraffic('viewer', 'camera', 0);
    registry.unregister('camera', 'camera', 10);
    registry.register('camera', 'camera');
    expect(registry.unregister('viewer', 'viewer', 10)).toEqual([]);
  });
});
