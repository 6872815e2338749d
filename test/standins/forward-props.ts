/** Events that React DOM knows; all others are the host's own and need a listener. */
const DOM_EVENTS = new Set([
  'onClick',
  'onFocus',
  'onBlur',
  'onInput',
  'onChange',
  'onSubmit',
  'onReset',
  'onKeyDown',
  'onKeyUp',
  'onTouchStart',
  'onTouchMove',
  'onTouchEnd',
  'onTouchCancel',
  'onMouseDown',
  'onMouseMove',
  'onMouseUp',
  'onMouseEnter',
  'onMouseLeave',
  'onPointerDown',
  'onPointerMove',
  'onPointerUp',
  'onPointerCancel',
  'onAnimationEnd',
  'onTransitionEnd',
  'onContextMenu',
  'onScroll',
  'onLoad',
]);

const PLAIN = new Set(['className', 'style', 'id', 'role', 'title', 'tabIndex', 'children', 'dir']);

type Props = Readonly<Record<string, unknown>>;
export type HostListener = (event: Event) => void;

const isHandler = (name: string, value: unknown): value is HostListener =>
  /^on[A-Z]/.test(name) && typeof value === 'function';

/** The props that a plain DOM element may carry. Others are Taro's and would only cause warnings. */
export function domProps(props: Props, extra: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(props).filter(
      ([name, value]) =>
        PLAIN.has(name) ||
        extra.includes(name) ||
        /^(aria|data)-/.test(name) ||
        (DOM_EVENTS.has(name) && isHandler(name, value)),
    ),
  );
}

/** Handlers of the host's own events, by the lower-case name under which Taro listens. */
export function hostListeners(props: Props): [type: string, listener: HostListener][] {
  return Object.entries(props).flatMap(([name, value]) =>
    isHandler(name, value) && !DOM_EVENTS.has(name) ? [[name.slice(2).toLowerCase(), value]] : [],
  );
}
