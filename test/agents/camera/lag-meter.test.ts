import { LagMeter } from '../../../agents/camera/lag-meter';

describe('LagMeter', () => {
  it('tells how long the oldest unsent byte has been waiting', () => {
    const meter = new LagMeter();
    meter.wrote(100, 0);
    meter.wrote(100, 500);
    meter.wrote(100, 900);
    expect(meter.lagMs(300, 1_000)).toBe(1_000);
    expect(meter.lagMs(201, 1_000)).toBe(1_000);
    expect(meter.lagMs(200, 1_000)).toBe(500);
    expect(meter.lagMs(1, 1_000)).toBe(100);
    expect(meter.lagMs(0, 1_000)).toBe(0);
    expect(meter.writtenBytes).toBe(300);
  });

  it('bears a queue that holds more than was written through it', () => {
    const meter = new LagMeter();
    meter.wrote(100, 0);
    expect(meter.lagMs(150, 10)).toBe(10);
  });
});
