/**
 * Who may import whom. A folder is an element; an element is reached through its index only.
 * Layers look down: src → components → services, and inside services
 * jobs → device → plugin, p2p → host interfaces. A new folder under services needs a line here.
 */

/**
 * One folder per job of the kit. Jobs do not know each other; a page or component joins them. All of
 * them may send commands. A call is a talk that both sides have agreed upon.
 */
const JOBS = ['player', 'playback', 'talk', 'call', 'downloads', 'recorder', 'ptz', 'commands'];

/** Leaves: they know nothing of the kit, and everyone may use them. */
const LEAVES = ['encoding', 'errors', 'i18n', 'log', 'media', 'p2p-names'];

/** From the bottom up: a part of the engine sees those that stand before it. */
const P2P_PARTS = ['transport', 'session', 'nat', 'http', 'swarm', 'endpoint', 'module'];

const p2p = (part) => `p2p-${part}`;

/** The engine as the rest of the services sees it. */
const P2P_FRONT = ['p2p', p2p('module')];

const SERVICE_FRONT = ['services', ...JOBS, 'device', 'plugin', ...P2P_FRONT, 'host', ...LEAVES];

const leaf = (name) => ({
  type: name,
  pattern: `services/${name}`,
  imports: name === 'errors' || name === 'encoding' ? [] : ['encoding', 'errors'],
  // Formats are taken one by one: who reads FLV has no use for the rest.
  index: name === 'media' ? '{index.*,*/index.*}' : undefined,
});

const p2pPart = (name, index) => ({
  type: p2p(name),
  pattern: `services/p2p/${name}`,
  imports: [...P2P_PARTS.slice(0, index).map(p2p), 'host', ...LEAVES],
});

const job = (name) => ({
  type: name,
  pattern: `services/${name}`,
  imports: [
    ...(name === 'commands' ? [] : ['commands']),
    ...(name === 'call' ? ['talk'] : []),
    'device',
    'plugin',
    ...P2P_FRONT,
    'host',
    ...LEAVES,
  ],
});

/** What services may use of the registry: pure code that runs on every host. */
const PURE_PACKAGES = ['@noble/*', '@scure/base', 'mobx'];
const UI_PACKAGES = ['*', '@*/*'];
/** Everything but the UI's: a Node program must start without React and Taro. */
const NODE_PACKAGES = ['!(react|react-dom|mobx-react-lite)', '@!(tarojs)/*'];

/**
 * `pattern` is the folder; `imports` the elements it may import; `types` those of which it may
 * import types only; `packages` the npm packages, `node` whether Node's own modules too.
 * Order matters: a file belongs to the first element whose pattern matches.
 */
export const ELEMENTS = [
  {
    type: 'host-node',
    pattern: 'services/host/node',
    parent: 'host',
    imports: LEAVES,
    packages: NODE_PACKAGES,
    node: true,
  },
  { type: 'host-h5', pattern: 'services/host/h5', parent: 'host', imports: LEAVES },
  { type: 'host-mini', pattern: 'services/host/mini', parent: 'host', imports: LEAVES },
  {
    type: 'host-weapp',
    pattern: 'services/host/weapp',
    parent: 'host',
    imports: ['host-mini', ...LEAVES],
  },
  { type: 'host', pattern: 'services/host', flat: true, imports: LEAVES },
  ...P2P_PARTS.map(p2pPart),
  {
    type: 'p2p',
    pattern: 'services/p2p',
    flat: true,
    imports: [...P2P_PARTS.map(p2p), 'host', ...LEAVES],
  },
  {
    type: 'plugin',
    pattern: 'services/plugin',
    // The vendor's plugin stands behind the engine's interface, not on its code.
    types: P2P_FRONT,
    imports: ['host', ...LEAVES],
  },
  {
    type: 'device',
    pattern: 'services/device',
    imports: ['plugin', ...P2P_FRONT, 'host', ...LEAVES],
  },
  ...JOBS.map(job),
  ...LEAVES.map(leaf),
  { type: 'services', pattern: 'services', flat: true, imports: SERVICE_FRONT },
].map((element) => ({ packages: PURE_PACKAGES, ...element }));

const UI_SERVICES = [...SERVICE_FRONT, 'host-h5', 'host-mini', 'host-weapp'];

ELEMENTS.push(
  {
    type: 'component',
    pattern: 'components/*',
    imports: ['component', ...UI_SERVICES],
    packages: UI_PACKAGES,
  },
  {
    type: 'components',
    pattern: 'components',
    flat: true,
    imports: ['component', ...UI_SERVICES],
    packages: UI_PACKAGES,
  },
  {
    type: 'app',
    pattern: 'src',
    imports: ['components', 'component', ...UI_SERVICES],
    packages: UI_PACKAGES,
  },
  {
    type: 'agent',
    pattern: 'agents/*',
    imports: ['agent', 'host-node', ...P2P_PARTS.map(p2p), ...SERVICE_FRONT],
    packages: NODE_PACKAGES,
    node: true,
  },
);
