import postcss from 'postcss';

/** Width of every screen in rpx. */
const SCREEN_RPX = 750;
const BUILT_IN =
  /(^|[\s>+~,(])(page|view|text|image|input|textarea|scroll-view)(?=$|[\s>+~,:.[#)])/g;

/** Lengths of WeChat in those of a browser. */
export function withPixels(css: string): string {
  return css.replace(
    /(-?[\d.]+)rpx\b/gi,
    (_, length: string) => `${(Number(length) / SCREEN_RPX) * 100}vw`,
  );
}

/** A style sheet of WeChat as the view's page takes it, in which built-in elements are `wx-…`. */
export function toCss(wxss: string): string {
  const sheet = postcss.parse(withPixels(wxss));
  sheet.walkRules((rule) => {
    rule.selector = rule.selector.replace(BUILT_IN, '$1wx-$2');
  });
  return sheet.toString();
}

/** What WeChat's own style sheet says of its elements. */
export const BASE_CSS = `
  html, body { margin: 0; min-height: 100%; }
  [hidden] { display: none !important; }
  wx-page, wx-view, wx-scroll-view { display: block; }
  wx-scroll-view { overflow: auto; }
  wx-text, wx-comp { display: inline; }
  wx-image { display: inline-block; width: 320px; height: 240px; overflow: hidden; }
  wx-input, wx-textarea { display: block; }
  wx-input > input, wx-textarea > textarea {
    all: unset; box-sizing: border-box; width: 100%; height: 100%; font: inherit;
    overflow-wrap: anywhere; white-space: pre-wrap;
  }
  wx-p2p-player, wx-p2p-mjpg-player { display: inline-block; background: #000; overflow: hidden; }
  wx-p2p-player > video, wx-p2p-mjpg-player > img {
    display: block; width: 100%; height: 100%; object-fit: contain;
  }
`;
