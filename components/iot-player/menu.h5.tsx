import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { nextMenuItem } from './menu-core';

export interface MenuProps {
  readonly label: string;
  readonly onClose: () => void;
  /** `Pressable`s with the role of an item. */
  readonly children: ReactNode;
}

/** A menu above the player's bar: arrows go through it, Escape and Tab close it. */
export function Menu({ label, onClose, children }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
  ];

  useEffect(() => {
    const opener = document.activeElement;
    const all = items();
    (all.find((item) => item.ariaChecked === 'true') ?? all[0])?.focus();
    return () => {
      // Only where nobody has taken the focus elsewhere.
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (lost && opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      onClose();
      if (event.key === 'Escape') event.preventDefault();
      event.nativeEvent.stopPropagation();
      return;
    }
    const all = items();
    const next = nextMenuItem(event.key, all.indexOf(event.target as HTMLElement), all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };

  return (
    <>
      <div className="iot-player__backdrop" aria-hidden="true" onClick={onClose} />
      <div
        ref={menu}
        className="iot-player__menu"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </>
  );
}
