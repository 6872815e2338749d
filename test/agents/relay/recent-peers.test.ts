import { RecentPeers } from '../../../agents/relay/recent-peers';

describe('RecentPeers', () => {
  it('lists peers within the window', () => {
    const recent = new RecentPeers({ windowMs: 100 });
    recent.touch('a', 0);
    recent.touch('b', 50);
    expect(recent.list(100)).toEqual(['a', 'b']);
    expect(recent.list(101)).toEqual(['b']);
    recent.forget('b');
    expect(recent.list(101)).toEqual([]);
  });

  it('drops the one that was silent longest when it is full', () => {
    const recent = new RecentPeers({ maxPeers: 2 });
    recent.touch('a', 0);
    recent.touch('b', 1);
    recent.touch('a', 2);
    recent.touch('c', 3);
    expect(recent.list(3)).toEqual(['a', 'c']);
  });
});
