import { parseDevices } from '@/cameras/parse-devices';

describe('parseDevices', () => {
  it('reads the demo server’s answer and leaves out what is no camera', () => {
    const devices = [
      { id: 'a', name: 'A', productId: 'P', deviceName: 'D', xp2pInfo: 'X', secret: 1 },
      { id: 'b', xp2pInfo: 'Y', name: 7 },
      { id: '', xp2pInfo: 'Z' },
      { id: 'c' },
      null,
    ];
    expect(parseDevices({ devices })).toEqual([
      { id: 'a', name: 'A', productId: 'P', deviceName: 'D', xp2pInfo: 'X', origin: 'demo' },
      { id: 'b', xp2pInfo: 'Y', origin: 'demo' },
    ]);
  });

  it.each([null, '<html>', {}, { devices: 'none' }])('refuses %j', (answer) => {
    expect(() => parseDevices(answer)).toThrow('no list of devices');
  });
});
