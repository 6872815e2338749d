import type { PathInfo } from '../../../services/p2p/endpoint';
import type { LoggedEvent } from '../../../services/p2p/session';
import type { CameraAddress, CameraCommand, CameraTotals } from './engine-camera';
import type { ViewerCommand, ViewerReport, ViewerTotals } from './engine-viewer';
import { Lab } from './lab';
import type { LabOptions } from './lab';
import { LabProgram } from './lab-program';
import { SERVER_ADDRESSES } from './topology';

/** What a camera and a viewer have seen of a session from its start to its end. */
export interface SessionOutcome {
  /** Sessions at the camera: one unless somebody had to shake hands again. */
  readonly sessions: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly framesSkipped: number;
  readonly bulkSent: number;
  readonly bulkReceived: number;
  /** What the camera's engine did, times in ms of the system's clock. */
  readonly cameraLog: readonly LoggedEvent[];
}

type ViewerNode = 'a' | 'b2';

/** The event by which the relay agent tells that it listens. */
interface RelayReady {
  readonly url: string;
}

const RELAY_PORT = 8700;

/** The real engine in a lab: the relay agent on the server, a camera on b, viewers on a and b2. */
export class EngineLab {
  private readonly viewers = new Map<ViewerNode, LabProgram>();

  private constructor(
    readonly lab: Lab,
    private relay: LabProgram<RelayReady>,
    private readonly camera: LabProgram,
  ) {}

  static async up(options: LabOptions = {}): Promise<EngineLab> {
    const lab = await Lab.up(options);
    try {
      const [relay, camera, viewer] = await Promise.all([
        startRelay(lab),
        LabProgram.start(lab, 'b', 'test/net/lab/engine-camera.ts'),
        startViewer(lab, 'a'),
      ]);
      const engine = new EngineLab(lab, relay, camera);
      engine.viewers.set('a', viewer);
      return engine;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  down(): Promise<void> {
    return this.lab.down();
  }

  /** Starts the camera anew, and watches it from a node. @returns ms to the first frame. */
  async watch(node: ViewerNode = 'a'): Promise<number> {
    const command: CameraCommand = { do: 'listen', relayUrl: this.relay.ready.url };
    const camera = (await this.camera.tell(command)) as CameraAddress;
    if (!this.viewers.has(node)) this.viewers.set(node, await startViewer(this.lab, node));
    return (await this.tell(node, { do: 'watch', camera })) as number;
  }

  /** Waits for a kind of path. @returns the kind there is at the end. */
  async waitFor(
    kind: PathInfo['kind'],
    deadlineMs: number,
    node: ViewerNode = 'a',
  ): Promise<PathInfo['kind']> {
    return (await this.tell(node, { do: 'wait', kind, deadlineMs })) as PathInfo['kind'];
  }

  /** Measures from now on. */
  async mark(node: ViewerNode = 'a'): Promise<void> {
    await this.tell(node, { do: 'mark' });
  }

  /** What was measured since `mark`. */
  async report(node: ViewerNode = 'a'): Promise<ViewerReport> {
    return (await this.tell(node, { do: 'report' })) as ViewerReport;
  }

  /** Ends both streams and waits until they have arrived. @throws Error when a byte is missing. */
  async finish(node: ViewerNode = 'a'): Promise<SessionOutcome> {
    const command: CameraCommand = { do: 'finish' };
    const sent = (await this.camera.tell(command)) as CameraTotals;
    const received = (await this.tell(node, { do: 'finish' })) as ViewerTotals;
    return {
      sessions: sent.sessions,
      framesSent: sent.frames,
      framesReceived: received.frames,
      framesSkipped: sent.skipped,
      bulkSent: sent.bulkBytes,
      bulkReceived: received.bulkBytes,
      cameraLog: sent.log,
    };
  }

  killRelay(): Promise<void> {
    return this.relay.kill();
  }

  async restartRelay(): Promise<void> {
    this.relay = await startRelay(this.lab);
  }

  private tell(node: ViewerNode, command: ViewerCommand): Promise<unknown> {
    return this.viewers.get(node)!.tell(command);
  }
}

function startViewer(lab: Lab, node: ViewerNode): Promise<LabProgram> {
  return LabProgram.start(lab, node, 'test/net/lab/engine-viewer.ts');
}

function startRelay(lab: Lab): Promise<LabProgram<RelayReady>> {
  const [host, host2] = SERVER_ADDRESSES;
  return LabProgram.start(lab, 'srv', 'agents/relay/main.ts', [
    '--json',
    '--host',
    host,
    '--port',
    String(RELAY_PORT),
    '--public-host',
    `${host}:${RELAY_PORT}`,
    '--stun-host2',
    host2,
  ]);
}
