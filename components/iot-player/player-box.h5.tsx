import { observer } from 'mobx-react-lite';
import { useEffect } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { usePlayer } from './context';
import { elementFullscreen } from './element-fullscreen';
import { boxClass } from './player-box-core';
import { playerKey } from './player-keys-core';
import { useOnScreen } from './use-on-screen';

export interface PlayerBoxProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** The player's element: what fills the screen, and what takes keys. */
export const PlayerBox = observer(function PlayerBox(props: PlayerBoxProps) {
  const { label, className, children } = props;
  const { store, view, handle, setOnScreen } = usePlayer();
  const { ref: box } = useOnScreen(setOnScreen);

  useEffect(() => {
    if (box.current === null) return;
    const mode = elementFullscreen(box.current, () => {
      const { width = 0, height = 0 } = store.videoSize ?? {};
      return width > height;
    });
    return mode === null ? undefined : view.attachFrame(mode);
  }, [box, store, view]);

  const fillsPage = view.fullscreen === 'page';
  useEffect(() => {
    if (!fillsPage) return;
    // Escape leaves wherever the focus is, and what is behind must not scroll.
    const leave = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) void view.leaveFullscreen();
    };
    const { overflow } = document.documentElement.style;
    document.documentElement.style.overflow = 'hidden';
    document.addEventListener('keydown', leave);
    return () => {
      document.documentElement.style.overflow = overflow;
      document.removeEventListener('keydown', leave);
    };
  }, [fillsPage, view]);

  const onKeyDown = (event: KeyboardEvent): void => {
    view.touch();
    const { ctrlKey, metaKey, altKey, target } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey) return;
    // A slider has its own use for arrows.
    if (target instanceof HTMLInputElement) return;
    const act = playerKey(event.key, view.zoom, false);
    switch (act?.type) {
      case undefined:
        return;
      case 'zoom':
        view.setZoom(act.zoom);
        break;
      case 'volume':
        if (view.picture?.hasVolume !== true || !isPictureOf(target)) return;
        handle.setVolume(Math.min(1, Math.max(0, (store.muted ? 0 : store.volume) + act.by)));
        break;
      case 'toggle-mute':
        if (store.muted) handle.unmute();
        else handle.mute();
        break;
      case 'toggle-fullscreen':
        void (view.fullscreen === 'off' ? view.enterFullscreen() : view.leaveFullscreen());
        break;
      case 'leave-page':
        void view.leaveFullscreen();
        break;
      default:
        act satisfies never;
    }
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className={boxClass(className, store, view)}
      role="region"
      aria-label={label}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') view.touch();
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') view.rest();
      }}
      onFocus={() => view.touch()}
    >
      {children}
    </div>
  );
});

/** Elsewhere the arrows go through a menu, or scroll the page. */
function isPictureOf(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.classList.contains('iot-player__gestures');
}
