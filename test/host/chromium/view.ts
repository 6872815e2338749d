import mpegts from 'mpegts.js';
import { MsePull } from '../../../components/player-surface/mse-pull';
import type { NodeId, Operation, View, ViewEvent, ViewTouch } from './protocol';

/** Bundled, and run in a page of Chromium, to which the emulator gives this. */
declare function tellEmulator(event: ViewEvent): void;

const FIELDS = new Set(['input', 'textarea']);
const FIELD_ATTRIBUTES = new Set(['value', 'placeholder', 'maxlength', 'disabled']);

const screen: HTMLElement = document.body;
const nodes = new Map<NodeId, Node>([[0, screen]]);
const ids = new WeakMap<Node, NodeId>();
const pulls = new Map<NodeId, MsePull>();

mpegts.LoggingControl.applyConfig({ enableAll: false });

function nodeOf(id: NodeId): Node {
  const node = nodes.get(id);
  if (node === undefined) throw new Error(`the view has no node ${id}`);
  return node;
}

const elementOf = (id: NodeId): HTMLElement => nodeOf(id) as HTMLElement;

function add(id: NodeId, node: Node): void {
  nodes.set(id, node);
  ids.set(node, id);
}

/** Built-in elements draw by an element of the browser that is inside of them. */
function innerOf(tag: string): HTMLElement | null {
  if (FIELDS.has(tag)) return document.createElement(tag);
  if (tag === 'image' || tag === 'p2p-mjpg-player') return document.createElement('img');
  if (tag !== 'p2p-player') return null;
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  return video;
}

function addElement(id: NodeId, tag: string): void {
  // The names of the browser have a meaning of their own.
  const element = document.createElement(`wx-${tag}`);
  const inner = innerOf(tag);
  if (inner !== null) element.append(inner);
  add(id, element);
}

function setAttribute(id: NodeId, name: string, value: string | null): void {
  const element = elementOf(id);
  const inner = element.firstElementChild;
  const field = inner instanceof HTMLInputElement || inner instanceof HTMLTextAreaElement;
  if (field && FIELD_ATTRIBUTES.has(name)) {
    if (name === 'value') inner.value = value ?? '';
    else if (name === 'disabled') inner.disabled = value === 'true';
    else if (name !== 'maxlength' || Number(value) >= 0) inner.setAttribute(name, value ?? '');
    return;
  }
  if (inner instanceof HTMLImageElement && name === 'src') inner.src = value ?? '';
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function splice(id: NodeId, before: NodeId | null, deleted: number, added: NodeId | null): void {
  const parent = nodeOf(id);
  let next = before === null ? null : nodeOf(before);
  if (added !== null) parent.insertBefore(nodeOf(added), next);
  for (let i = 0; i < deleted && next !== null; i++) {
    const gone: Node = next;
    next = gone.nextSibling;
    parent.removeChild(gone);
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function play(id: NodeId, base64: string | null): void {
  if (base64 !== null) {
    pulls.get(id)?.write(bytesOf(base64).buffer);
    return;
  }
  pulls.get(id)?.destroy();
  const video = elementOf(id).querySelector('video')!;
  const pull = new MsePull(mpegts, video, {
    onBytes: () => undefined,
    onStartPull: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  pulls.set(id, pull);
  video.play().catch(() => undefined);
}

function remove(id: NodeId): void {
  const node = nodes.get(id);
  pulls.get(id)?.destroy();
  pulls.delete(id);
  nodes.delete(id);
  node?.parentNode?.removeChild(node);
}

function perform(operation: Operation): void {
  switch (operation[0]) {
    case 'element':
      return addElement(operation[1], operation[2]);
    case 'text':
      return add(operation[1], document.createTextNode(operation[2]));
    case 'fragment':
      return add(operation[1], document.createDocumentFragment());
    case 'splice':
      return splice(operation[1], operation[2], operation[3], operation[4]);
    case 'remove':
      return remove(operation[1]);
    case 'attribute':
      return setAttribute(operation[1], operation[2], operation[3]);
    case 'content':
      nodeOf(operation[1]).textContent = operation[2];
      return;
    case 'sheet': {
      const style = document.createElement('style');
      style.textContent = operation[2];
      elementOf(operation[1]).prepend(style);
      return;
    }
    case 'flv':
      return play(operation[1], operation[2]);
    case 'jpeg':
      elementOf(operation[1]).querySelector('img')!.src = `data:image/jpeg;base64,${operation[2]}`;
  }
}

/** Only the page on top is seen, and only its style sheet counts. */
function raiseTop(): void {
  for (const page of screen.children) {
    const isTop = page === screen.lastElementChild;
    (page as HTMLElement).hidden = !isTop;
    const style = page.querySelector('style');
    if (style !== null) style.media = isTop ? '' : 'not all';
  }
}

/** The element of the mini-program that something has happened to. */
function targetOf(event: Event): NodeId | null {
  for (let node = event.target as Node | null; node !== null; node = node.parentNode) {
    const id = ids.get(node);
    if (id !== undefined && node instanceof HTMLElement) return id;
  }
  return null;
}

function tell(event: Event, type: string, detail: object, touches: object = {}): void {
  const target = targetOf(event);
  if (target !== null) tellEmulator({ target, type, detail, ...touches });
}

const plain = (list: TouchList): readonly ViewTouch[] =>
  Array.from(list, ({ identifier, clientX, clientY, pageX, pageY }) => ({
    identifier,
    clientX,
    clientY,
    pageX,
    pageY,
  }));

for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const) {
  document.addEventListener(type, (event) => {
    const { touches, changedTouches } = event;
    tell(event, type, {}, { touches: plain(touches), changedTouches: plain(changedTouches) });
  });
}
document.addEventListener('click', (event) => {
  tell(event, 'tap', { x: event.pageX, y: event.pageY });
});
document.addEventListener('input', (event) => {
  const { value } = event.target as HTMLInputElement;
  tell(event, 'input', { value, cursor: value.length });
});

const view: View = {
  apply(operations) {
    for (const operation of operations) perform(operation);
    raiseTop();
  },
  rectOf(id) {
    const { left, top, width, height } = elementOf(id).getBoundingClientRect();
    return { left, top, width, height };
  },
};
Object.assign(window, { view });
