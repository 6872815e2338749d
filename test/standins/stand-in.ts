import { createElement, forwardRef, useEffect, useRef } from 'react';
import type { ForwardedRef, ForwardRefExoticComponent, RefAttributes } from 'react';
import { domProps, hostListeners } from './forward-props';

export type StandInProps = Record<string, unknown>;
export type StandIn = ForwardRefExoticComponent<StandInProps & RefAttributes<HTMLElement>>;

interface StandInOptions {
  /** Attributes of the DOM element that mean the same as Taro's props of that name. */
  readonly attributes?: readonly string[];
  /** Props that differ between Taro and the DOM. */
  readonly translate?: (props: StandInProps) => StandInProps;
}

/** A Taro component as a plain DOM element, with the host's own events as DOM events. */
export function standIn(name: string, tag: string, options: StandInOptions = {}): StandIn {
  const { attributes = [], translate } = options;

  const Component = forwardRef((props: StandInProps, ref: ForwardedRef<HTMLElement>) => {
    const own = useRef<HTMLElement | null>(null);

    useEffect(() => {
      const element = own.current;
      const listeners = hostListeners(props);
      listeners.forEach(([type, listener]) => element?.addEventListener(type, listener));
      return () =>
        listeners.forEach(([type, listener]) => element?.removeEventListener(type, listener));
    });

    return createElement(tag, {
      'data-taro': name,
      ...domProps(props, attributes),
      ...translate?.(props),
      ref: (element: HTMLElement | null) => {
        own.current = element;
        if (typeof ref === 'function') ref(element);
        else if (ref) ref.current = element;
      },
    });
  });
  Component.displayName = name;
  return Component;
}
