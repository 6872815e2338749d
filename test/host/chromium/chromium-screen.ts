import path from 'node:path';
import { buildSync } from 'esbuild';
import type { component, Root } from 'glass-easel-miniprogram-adapter';
import type { Browser, Page } from 'playwright-core';
import type { Screen } from '../screen';
import type { NodeId, Operation, View, ViewEvent, ViewRect } from './protocol';
import { ViewBackend, ViewElement } from './view-backend';
import type { ViewLink } from './view-backend';
import { BASE_CSS, toCss } from './wxss';

/** The size of the emulated phone, as `wx` tells it. */
const PHONE = { width: 375, height: 667 };
const PIXEL_RATIO = 2;
const ADDRESS = 'https://mini-program.test/';
const HTML = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`;

declare global {
  interface Window {
    readonly view: View;
  }
}

/**
 * A phone's screen in Chromium. As in WeChat, the app's code and its pages are in two places: the code
 * in its realm, with what `wx` can really do, and the view in a browser, which hears of changes and tells
 * of taps.
 */
export class ChromiumScreen implements Screen, ViewLink {
  readonly backend: ViewBackend;
  /** Errors of the view. */
  readonly errors: string[] = [];
  readonly width = PHONE.width;
  readonly height = PHONE.height;
  readonly pixelRatio = PIXEL_RATIO;
  private readonly slots = new Map<Root, ViewElement>();
  private waiting: Operation[] = [];
  private sent: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(readonly page: Page) {
    this.backend = new ViewBackend(this);
    page.on('pageerror', ({ message }) => this.errors.push(message));
  }

  static async open(
    browser: Browser,
    options: { readonly colorScheme?: 'light' | 'dark' } = {},
  ): Promise<ChromiumScreen> {
    const context = await browser.newContext({
      viewport: PHONE,
      deviceScaleFactor: PIXEL_RATIO,
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    const screen = new ChromiumScreen(page);
    await page.route(`${ADDRESS}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: HTML }),
    );
    await page.exposeFunction('tellEmulator', (event: ViewEvent) => screen.backend.dispatch(event));
    await page.goto(ADDRESS);
    await page.addStyleTag({ content: BASE_CSS });
    await page.addScriptTag({ content: viewCode() });
    return screen;
  }

  show(root: Root, wxss: string): void {
    const slot = this.backend.createElement('screen', 'screen');
    const placeholder = this.backend.createElement('screen', 'screen');
    this.backend.getRootNode().appendChild(slot);
    slot.appendChild(placeholder);
    this.send(['sheet', slot.id, toCss(wxss)]);
    this.slots.set(root, slot);
    root.attach(slot, placeholder);
  }

  remove(root: Root): void {
    this.slots.get(root)?.release();
    this.slots.delete(root);
  }

  send(operation: Operation): void {
    if (this.waiting.push(operation) === 1) setImmediate(() => this.flush());
  }

  async rectOf(id: NodeId): Promise<ViewRect> {
    await this.settled();
    return this.page.evaluate((wanted) => window.view.rectOf(wanted), id);
  }

  /** Resolves when all that the app has said by now is on the screen. */
  async settled(): Promise<void> {
    this.flush();
    await this.sent;
  }

  /** The node of a plugin's component; null when it is not drawn. */
  static idOf(tag: component.GeneralComponent): NodeId | null {
    const backend = tag._$.getBackendElement();
    return backend instanceof ViewElement ? backend.id : null;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.page.context().close();
  }

  private flush(): void {
    const operations = JSON.stringify(this.waiting);
    if (this.waiting.length === 0) return;
    this.waiting = [];
    this.sent = this.sent
      .then(() =>
        this.page.evaluate(
          (text) => window.view.apply(JSON.parse(text) as Operation[]),
          operations,
        ),
      )
      .catch((error: unknown) => {
        if (!this.closed) this.errors.push(String(error));
      });
  }
}

let code: string | null = null;

function viewCode(): string {
  code ??= buildSync({
    entryPoints: [path.join(__dirname, 'view.ts')],
    tsconfig: path.resolve(__dirname, '../../../tsconfig.json'),
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  }).outputFiles[0]!.text;
  return code;
}
