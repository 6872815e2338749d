/** Names an element or text of the mini-program in both processes; 0 is the screen. */
export type NodeId = number;

/** What the framework changes in the view, in its order. */
export type Operation =
  | readonly ['element', NodeId, string]
  | readonly ['text', NodeId, string]
  | readonly ['fragment', NodeId]
  /** Parent, the node before which it happens (null: at the end), how many leave from there, who comes. */
  | readonly ['splice', NodeId, NodeId | null, number, NodeId | null]
  | readonly ['remove', NodeId]
  | readonly ['attribute', NodeId, string, string | null]
  | readonly ['content', NodeId, string]
  /** A page's style sheet. */
  | readonly ['sheet', NodeId, string]
  /** FLV of a `<p2p-player>`, in base64; null: another stream begins. */
  | readonly ['flv', NodeId, string | null]
  /** A picture of a `<p2p-mjpg-player>`, as JPEG in base64. */
  | readonly ['jpeg', NodeId, string];

export interface ViewTouch {
  readonly identifier: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly pageX: number;
  readonly pageY: number;
}

/** What the user does. */
export interface ViewEvent {
  readonly target: NodeId;
  readonly type: string;
  readonly detail: object;
  readonly touches?: readonly ViewTouch[];
  readonly changedTouches?: readonly ViewTouch[];
}

export interface ViewRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the page in Chromium offers the emulator. */
export interface View {
  apply(operations: readonly Operation[]): void;
  rectOf(id: NodeId): ViewRect;
}
