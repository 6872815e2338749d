import type { composedBackend } from 'glass-easel';
import * as glassEasel from 'glass-easel';
import type { NodeId, Operation, ViewEvent, ViewRect } from './protocol';
import { withPixels } from './wxss';

/** What the framework's backend needs of the page that draws. */
export interface ViewLink {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  send(operation: Operation): void;
  rectOf(id: NodeId): Promise<ViewRect>;
}

/** One node of the view, as the framework changes it. */
export class ViewElement implements composedBackend.Element {
  /** The framework's own, to which events go. */
  value: glassEasel.Element | null = null;
  private readonly classes = new Set<string>();

  constructor(
    readonly id: NodeId,
    private readonly link: ViewLink,
    private readonly onRelease: () => void,
  ) {}

  release(): void {
    this.link.send(['remove', this.id]);
    this.onRelease();
  }

  associateValue(value: glassEasel.Element): void {
    this.value = value;
  }

  appendChild(child: ViewElement): void {
    this.link.send(['splice', this.id, null, 0, child.id]);
  }

  removeChild(child: ViewElement): void {
    this.link.send(['splice', this.id, child.id, 1, null]);
  }

  insertBefore(child: ViewElement, before: ViewElement): void {
    this.link.send(['splice', this.id, before.id, 0, child.id]);
  }

  replaceChild(child: ViewElement, old: ViewElement): void {
    this.link.send(['splice', this.id, old.id, 1, child.id]);
  }

  spliceBefore(before: ViewElement, deleteCount: number, list: ViewElement): void {
    this.link.send(['splice', this.id, before.id, deleteCount, list.id]);
  }

  spliceAppend(list: ViewElement): void {
    this.appendChild(list);
  }

  spliceRemove(before: ViewElement, deleteCount: number): void {
    this.link.send(['splice', this.id, before.id, deleteCount, null]);
  }

  setId(id: string): void {
    this.setAttribute('id', id);
  }

  /** Style sheets of pages are all that there is. */
  setStyleScope(): void {}

  setStyle(text: string): void {
    this.setAttribute('style', withPixels(text));
  }

  addClass(name: string): void {
    this.classes.add(name);
    this.tellClasses();
  }

  removeClass(name: string): void {
    this.classes.delete(name);
    this.tellClasses();
  }

  clearClasses(): void {
    this.classes.clear();
    this.tellClasses();
  }

  setAttribute(name: string, value: unknown): void {
    if (typeof value === 'object' && value !== null) return;
    this.link.send(['attribute', this.id, name, attributeText(value)]);
  }

  removeAttribute(name: string): void {
    this.setAttribute(name, null);
  }

  setText(content: string): void {
    this.link.send(['content', this.id, content]);
  }

  setModelBindingStat(): void {}

  setListenerStats(): void {}

  getBoundingClientRect(done: (rect: ViewRect) => void): void {
    void this.link.rectOf(this.id).then(done);
  }

  private tellClasses(): void {
    this.setAttribute('class', [...this.classes].join(' '));
  }
}

/** The framework's view in another process: each change is an operation, each event comes back. */
export class ViewBackend implements composedBackend.Context {
  // The enumeration is there for the compiler alone.
  readonly mode = 2 as glassEasel.BackendMode.Composed;
  private readonly elements = new Map<NodeId, ViewElement>();
  private nextId: NodeId = 1;
  private readonly root: ViewElement;

  constructor(private readonly link: ViewLink) {
    this.root = new ViewElement(0, link, () => undefined);
  }

  destroy(): void {}

  getWindowWidth(): number {
    return this.link.width;
  }

  getWindowHeight(): number {
    return this.link.height;
  }

  getDevicePixelRatio(): number {
    return this.link.pixelRatio;
  }

  getTheme(): string {
    return 'light';
  }

  registerStyleSheetContent(): void {}

  appendStyleSheetPath(): number {
    return 0;
  }

  disableStyleSheet(): void {}

  render(done: (error: Error | null) => void): void {
    setImmediate(() => done(null));
  }

  getRootNode(): ViewElement {
    return this.root;
  }

  /** A component is styled, and drawn, by the name under which it is used. */
  createElement(_name: string, tag: string): ViewElement {
    const element = this.add();
    this.link.send(['element', element.id, tag]);
    return element;
  }

  createTextNode(content: string): ViewElement {
    const element = this.add();
    this.link.send(['text', element.id, content]);
    return element;
  }

  createFragment(): ViewElement {
    const element = this.add();
    this.link.send(['fragment', element.id]);
    return element;
  }

  /** Events go to their element by `dispatch`. */
  onEvent(): void {}

  /** Something was done in the view. */
  dispatch({ target, type, detail, touches, changedTouches }: ViewEvent): void {
    const element = this.elements.get(target)?.value;
    // It may have left while the event was on its way.
    if (element === null || element === undefined) return;
    const extraFields = touches === undefined ? {} : { touches, changedTouches };
    const options = { bubbles: true, composed: true, extraFields };
    glassEasel.Event.dispatchEvent(element, new glassEasel.Event(type, detail, options));
  }

  private add(): ViewElement {
    const id = this.nextId++;
    const element = new ViewElement(id, this.link, () => this.elements.delete(id));
    this.elements.set(id, element);
    return element;
  }
}

function attributeText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? value.toString() : null;
}
