import * as glassEasel from 'glass-easel';
import type { Root } from 'glass-easel-miniprogram-adapter';
import type { Screen } from './screen';

type Node = glassEasel.Node;
type Element = glassEasel.Element;

/** The methods that Taro gives a page. */
type PageMethods = Record<string, ((argument?: unknown) => unknown) | undefined>;

/** A page that is open, as its user sees it. */
export class Page {
  private readonly root: glassEasel.GeneralComponent;

  constructor(
    readonly route: string,
    private readonly handle: Root,
    private readonly screen: Screen,
  ) {
    this.root = handle.getComponent();
  }

  /** Calls a method of the page's life cycle, as `onShow`. */
  call(method: string, argument?: unknown): unknown {
    const caller = this.root.getMethodCaller() as PageMethods;
    return caller[method]?.call(caller, argument);
  }

  get caller(): unknown {
    return this.root.getMethodCaller();
  }

  /** Looks for elements of the page, and where they are. */
  query(): unknown {
    return this.handle.get().createSelectorQuery();
  }

  /** Has the page's setData take another host's paths. */
  translatePaths(toPath: (path: string) => string): void {
    const caller = this.root.getMethodCaller() as {
      setData(data: Readonly<Record<string, unknown>>, done?: () => void): void;
    };
    const { setData } = caller;
    caller.setData = (data, done) => {
      const entries = Object.entries(data).map(([path, value]) => [toPath(path), value] as const);
      setData.call(caller, Object.fromEntries(entries), done);
    };
  }

  /** All text on the page, in its order. */
  get text(): string {
    const texts: string[] = [];
    const visit = (node: Node): void => {
      const text = node.asTextNode();
      if (text !== null) texts.push(text.textContent);
      else node.asElement()?.forEachComposedChild((child) => void visit(child));
    };
    visit(this.root);
    return texts.join(' ');
  }

  /** Elements whose class list holds `name`, in the order of the page. */
  findByClass(name: string): readonly Element[] {
    return this.find((element) => element.class.split(/\s+/).includes(name));
  }

  /** Elements with this tag: built-in ones, or components by the name under which they are used. */
  findByTag(tag: string): readonly Element[] {
    return this.find((element) => tagOf(element) === tag);
  }

  /** The innermost element that holds this text. @throws Error when there is none. */
  withText(wanted: string): Element {
    const holders = this.find((element) => ownText(element).includes(wanted));
    const last = holders[holders.length - 1];
    if (last === undefined) throw new Error(`no element with "${wanted}" in: ${this.text}`);
    return last;
  }

  /** A finger taps an element. */
  tap(element: Element): void {
    this.fire(element, 'tap', { x: 1, y: 1 }, { bubbles: true, composed: true });
  }

  /** A finger comes down on an element, or leaves it. */
  touch(element: Element, phase: 'start' | 'end'): void {
    this.fire(element, `touch${phase}`, {}, { bubbles: true, composed: true });
  }

  /** Types into an `<input>`. */
  input(element: Element, value: string): void {
    this.fire(element, 'input', { value, cursor: value.length }, { bubbles: true, composed: true });
  }

  /** Fires an event of a native element, as its host would. */
  fire(
    element: Element,
    name: string,
    detail: unknown,
    options: glassEasel.EventOptions = {},
  ): void {
    glassEasel.Event.dispatchEvent(element, new glassEasel.Event(name, detail, options));
  }

  /** Leaves the page. */
  close(): void {
    this.handle.release();
    this.screen.remove(this.handle);
  }

  private find(matches: (element: Element) => boolean): readonly Element[] {
    const found: Element[] = [];
    const visit = (node: Node): void => {
      const element = node.asElement();
      if (element === null) return;
      if (matches(element)) found.push(element);
      element.forEachComposedChild((child) => void visit(child));
    };
    visit(this.root);
    return found;
  }
}

function tagOf(element: Element): string {
  const native = element.asNativeNode();
  if (native !== null) return native.is;
  return element.asGeneralComponent()?.tagName ?? '';
}

function ownText(element: Element): string {
  return element.childNodes.map((child) => child.asTextNode()?.textContent ?? '').join('');
}
