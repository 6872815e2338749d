import * as glassEasel from 'glass-easel';
import type { Root } from 'glass-easel-miniprogram-adapter';

/** What pages are drawn on. */
export interface Screen {
  /** What the framework tells of elements and text. */
  readonly backend: glassEasel.GeneralBackendContext;
  /**
   * Puts a page on top of the others.
   * @param wxss its style sheet, that of the app included, in the host's units.
   */
  show(root: Root, wxss: string): void;
  /** Takes away a page that the framework has released. */
  remove(root: Root): void;
}

/** Draws nothing: what a page holds is read from the component tree. */
export class NoScreen implements Screen {
  readonly backend = new glassEasel.EmptyBackendContext();

  show(root: Root): void {
    glassEasel.Element.pretendAttached(root.getComponent());
  }

  remove(): void {}
}
