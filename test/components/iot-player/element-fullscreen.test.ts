import { elementFullscreen } from '@components/iot-player/element-fullscreen';

function fake(fullscreenElement: Element | null): void {
  Object.defineProperty(document, 'fullscreenElement', {
    value: fullscreenElement,
    configurable: true,
  });
  document.dispatchEvent(new Event('fullscreenchange'));
}

describe('elementFullscreen', () => {
  it('is null where the browser has none for elements, as on an iPhone', () => {
    expect(elementFullscreen(document.createElement('div'))).toBeNull();
  });

  it('tells of the element’s own full screen only, and only of changes', () => {
    const element = document.createElement('div');
    Object.assign(element, { webkitRequestFullscreen: jest.fn() });
    const seen: boolean[] = [];
    const stop = elementFullscreen(element)!.onChange((on) => seen.push(on));
    fake(document.body);
    fake(element);
    fake(element);
    fake(null);
    stop();
    fake(element);
    expect(seen).toEqual([true, false]);
  });
});
