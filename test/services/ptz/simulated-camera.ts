import { parsePtzCommand } from '../../../agents/camera/ptz/ptz-command';
import { ptzConfigOf } from '../../../agents/camera/ptz/ptz-config';
import { Ptz } from '../../../agents/camera/ptz/ptz';
import type { XP2PCommandOptions, XP2PCommandResult } from '../../../services/p2p/module';
import type { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

/** How the link treats a command and its answer. */
export interface Passage {
  readonly thereMs: number;
  readonly backMs: number;
  readonly fate: 'answered' | 'silent' | 'garbled' | 'late';
}

/** After it was given up. */
const LATE_MS = 200;
const VIEWER = 'viewer';

/** The PTZ of the camera agent behind a link, on a virtual clock. */
export class SimulatedCamera extends FakeP2PModule {
  readonly ptz: Ptz;
  /** Commands in the order in which they were sent: `up`, …, `release`. */
  readonly wire: string[] = [];
  readonly commands: string[] = [];
  inFlight = 0;
  mostInFlight = 0;
  passage: () => Passage = () => ({ thereMs: 20, backMs: 20, fate: 'answered' });
  private readonly pending = new Set<() => void>();

  constructor(private readonly clock: VirtualClock) {
    super();
    this.ptz = new Ptz({
      config: ptzConfigOf(['pan', 'tilt', 'zoom']),
      clock,
      presets: { load: () => [], save: () => undefined },
      log: { debug: () => undefined },
    });
  }

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const starting = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return starting;
  }

  override stopP2PService(id: string): void {
    super.stopP2PService(id);
    this.ptz.viewerGone(VIEWER);
  }

  override sendCommand(
    id = '',
    command = '',
    { timeoutMs = 7_500 }: XP2PCommandOptions = {},
  ): Promise<XP2PCommandResult> {
    this.service(id);
    this.commands.push(command);
    const { name, fields } = readCommand(command);
    this.wire.push(name.replace(/^ptz_|_press$|_pre$/g, ''));
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const { thereMs, backMs, fate } = this.passage();
    return new Promise((resolve) => {
      let settled = false;
      let connected = true;
      const settle = (type: XP2PCommandResult['type'], data = ''): void => {
        if (settled) return;
        settled = true;
        this.pending.delete(lose);
        this.inFlight--;
        resolve({ type, status: type === 'success' ? 200 : 0, data, errcode: 0, errmsg: '' });
      };
      const lose = (): void => {
        connected = false;
        settle('error');
      };
      this.pending.add(lose);
      const arriveMs = fate === 'late' ? timeoutMs + LATE_MS : thereMs;
      this.clock.setTimer(arriveMs, () => {
        if (!connected) return;
        const reply = JSON.stringify(this.ptz.command(parsePtzCommand(name, fields), VIEWER));
        if (fate === 'silent') return;
        const text = fate === 'garbled' ? reply.slice(0, reply.length / 2) : `${reply}\0\0`;
        this.clock.setTimer(backMs, () => settle('success', text));
      });
      this.clock.setTimer(timeoutMs, () => settle('timeout'));
    });
  }

  /** The connection breaks off; the camera notices. */
  lose(id: string): void {
    for (const lose of [...this.pending]) lose();
    this.ptz.viewerGone(VIEWER);
    if (this.services.has(id)) this.disconnect(id, iotError('connection-lost'));
  }
}

function readCommand(command: string): {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
} {
  const query = new URLSearchParams(command);
  const cmd = query.get('cmd') ?? '';
  if (!cmd.startsWith('{')) return { name: cmd, fields: Object.fromEntries(query) };
  const { data } = JSON.parse(cmd) as { data: { cmd: string } };
  return { name: data.cmd, fields: data };
}
