import { formatTable } from '../../../bench/lib/report';

describe('formatTable', () => {
  it('aligns text left and numbers right, each as short as its size allows', () => {
    const rows = [
      { path: 'relay', 'rtt ms': 41.256, packets: 12_000 },
      { path: 'direct udp', 'rtt ms': 1234.5, packets: null },
    ];
    expect(formatTable(['path', 'rtt ms', 'packets'], rows)).toBe(
      [
        'path        rtt ms  packets',
        'relay         41.3    12000',
        'direct udp    1235        -',
      ].join('\n'),
    );
  });
});
