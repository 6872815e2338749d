/** How a host writes what WeChat writes as WXML and WXS. */
export interface Dialect {
  /** The global that holds the host's API. */
  readonly global: string;
  /** Endings of templates and of scripts in templates. */
  readonly template: string;
  readonly script: string;
  /** Ending of style sheets. */
  readonly style: string;
  readonly toWxml: (text: string) => string;
  readonly toWxs: (text: string) => string;
  /** A path of setData, where it is unlike WeChat's. */
  readonly toPath?: (path: string) => string;
}

const DIRECTIVES = 'if|elif|else|for|for-item|for-index|key';

/** A template's directives, its imports and its script, in WeChat's words. */
const prefixed =
  (prefix: string) =>
  (text: string): string =>
    withImports(text).replace(new RegExp(`(\\s)${prefix}:(${DIRECTIVES})\\b`, 'g'), '$1wx:$2');

/** Imports name the template's file, and scripts come by a tag of the host's. */
function withImports(text: string): string {
  return text
    .replace(/(<(?:import|include) src="[^"]+)\.\w+"/g, '$1.wxml"')
    .replace(/<(?:import-)?(?:sjs|jds|wxs)( [^>]*)\/>/g, (_, attributes: string) => {
      const [, name = ''] = /(?:module|name)="(\w+)"/.exec(attributes) ?? [];
      const [, file = ''] = /(?:src|from)="([^"]+)\.\w+"/.exec(attributes) ?? [];
      return `<wxs module="${name}" src="${file}.wxs" />`;
    });
}

const commonJs = (text: string): string => text.replace(/^\s*export default/m, 'module.exports =');
const same = (text: string): string => text;

function fromAlipay(text: string): string {
  return prefixed('a')(text).replace(
    /(\s)(on|catch)([A-Z]\w*)="/g,
    (_, space: string, how: string, name: string) =>
      `${space}${how === 'on' ? 'bind' : how}${name.toLowerCase()}="`,
  );
}

/** Its loops name list and key in one, and objects have a third brace. */
function fromSwan(text: string): string {
  return withImports(text)
    .replace(/\ss-for="([^"]+?)(?: trackBy ([^"]+))?"/g, (_, list: string, key?: string) => {
      const keyed = key === undefined ? '' : ` wx:key="${key.replace(/^item\./, '')}"`;
      return ` wx:for="{{${list}}}"${keyed}`;
    })
    .replace(/\ss-(if|elif)="([^"]+)"/g, (_, name: string, test: string) => {
      return ` wx:${name}="${test.startsWith('{{') ? test : `{{${test}}}`}"`;
    })
    .replace(/\ss-else\b/g, ' wx:else')
    .replace(/"\{\{\{/g, '"{{')
    .replace(/\}\}\}"/g, '}}"');
}

const like = (
  prefix: string,
  global: string,
  template: string,
  style: string,
  script = '.sjs',
): Dialect => ({
  global,
  template,
  style,
  script,
  toWxml: prefixed(prefix),
  toWxs: commonJs,
});

const alipay = (global: string): Dialect => ({
  global,
  template: '.axml',
  style: '.acss',
  script: '.sjs',
  toWxml: fromAlipay,
  toWxs: commonJs,
});

export const WECHAT: Dialect = {
  global: 'wx',
  template: '.wxml',
  style: '.wxss',
  script: '.wxs',
  toWxml: same,
  toWxs: same,
};

/** Hosts by the name under which they are built. */
export const DIALECTS = {
  alipay: alipay('my'),
  dd: alipay('dd'),
  tt: like('tt', 'tt', '.ttml', '.ttss'),
  lark: like('tt', 'tt', '.ttml', '.ttss'),
  qq: like('qq', 'qq', '.qml', '.qss', '.wxs'),
  jd: like('jd', 'jd', '.jxml', '.jxss', '.jds'),
  xhs: like('xhs', 'xhs', '.xhsml', '.css'),
  kwai: like('ks', 'ks', '.ksml', '.css'),
  swan: {
    global: 'swan',
    template: '.swan',
    style: '.css',
    script: '.sjs',
    toWxml: fromSwan,
    toWxs: commonJs,
    // `cn.0` for `cn[0]`.
    toPath: (path: string) => path.replace(/\.(\d+)(?=\.|$)/g, '[$1]'),
  },
} satisfies Readonly<Record<string, Dialect>>;

export type HostName = keyof typeof DIALECTS;
