import { Input, LivePlayer, Slider, View } from '@tarojs/components';
import Taro, { useDidHide, useDidShow, useRouter } from '@tarojs/taro';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { page } from '../../standins/taro-page';

describe('stand-ins of @tarojs/components', () => {
  it('forward what the DOM knows and drop what only Taro knows', () => {
    const onClick = jest.fn();
    render(
      <View className="box" hoverClass="pressed" aria-label="box" data-id="7" onClick={onClick} />,
    );
    const box = screen.getByLabelText('box');
    fireEvent.click(box);

    expect(box.outerHTML).toBe(
      '<div data-taro="View" class="box" aria-label="box" data-id="7"></div>',
    );
    expect(onClick).toHaveBeenCalledTimes(1);
  });

  it('tell new values in event.detail', () => {
    const onInput = jest.fn();
    const onChange = jest.fn();
    render(
      <>
        <Input aria-label="name" onInput={onInput} />
        <Slider aria-label="zoom" min={0} max={10} value={1} onChange={onChange} />
      </>,
    );
    fireEvent.input(screen.getByLabelText('name'), { target: { value: 'door' } });
    fireEvent.change(screen.getByLabelText('zoom'), { target: { value: '4' } });

    expect(onInput).toHaveBeenCalledWith(expect.objectContaining({ detail: { value: 'door' } }));
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ detail: { value: 4 } }));
  });

  it("listen to the host's own events under their lower-case name", () => {
    const onStateChange = jest.fn();
    render(<LivePlayer data-testid="player" src="rtmp://x" onStateChange={onStateChange} />);
    const event = new CustomEvent('statechange', { detail: { code: 2004 } });
    fireEvent(screen.getByTestId('player'), event);

    expect(onStateChange).toHaveBeenCalledWith(event);
  });
});

describe('stand-in of @tarojs/taro', () => {
  function Probe({ log }: { log: (word: string) => void }) {
    useDidShow(() => log('show'));
    useDidHide(() => log('hide'));
    return <View>{useRouter().path}</View>;
  }

  it('plays the life of a page', () => {
    const log = jest.fn();
    render(<Probe log={log} />);
    act(() => {
      page.hide();
      page.show();
    });

    expect(log.mock.calls).toEqual([['show'], ['hide'], ['show']]);
    expect(screen.getByText('/pages/index/index')).toBeTruthy();
  });

  it('records calls that a test can ask for', async () => {
    await Taro.showToast({ title: 'saved' });
    expect(Taro.showToast).toHaveBeenCalledWith({ title: 'saved' });
  });
});
