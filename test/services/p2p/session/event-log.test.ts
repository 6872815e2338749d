import { EventLog } from '../../../../services/p2p/session';

describe('EventLog', () => {
  it('keeps the newest events in order', () => {
    const log = new EventLog(3);
    for (let pathId = 0; pathId < 5; pathId++) {
      log.record(pathId * 10, { name: 'connectivity:path_dropped', pathId });
    }
    expect(log.entries().map(({ timeMs }) => timeMs)).toEqual([20, 30, 40]);
  });

  it('is empty at first', () => {
    expect(new EventLog().entries()).toEqual([]);
  });
});
