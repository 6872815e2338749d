import type { Log, LogLevel } from '../../log';
import { XP2PEventEnum } from '../../p2p-names';
import type { XP2PLogLevel } from '../../p2p-names';
import type { XP2PMsgCallback } from './service-types';

/** What the plugin's log switches turn on: requests, paths, sessions, 1vN, calls of the module. */
export type LogChannel = 'http' | 'net' | 'xntp' | 'adp2p' | 'app';

export type LogData = Readonly<Record<string, unknown>>;

/** Writes one line of a channel. */
export type LogLine = (level: XP2PLogLevel, message: string, data?: LogData) => void;

const LEVELS: Readonly<Record<XP2PLogLevel, LogLevel>> = {
  log: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
};

/** The module's log: to the app's `Log`, and as event `log` to a service's messages. */
export class ModuleLog {
  private readonly log: Log | undefined;
  private readonly channels = new Set<LogChannel>();

  constructor(log: Log | undefined) {
    this.log = log;
  }

  set(channel: LogChannel, on: boolean): void {
    if (on) this.channels.add(channel);
    else this.channels.delete(channel);
  }

  /**
   * What to write with; undefined while the channel is off, so that no line is made for nothing.
   * @param tell the messages of the service that the line is about.
   */
  on(channel: LogChannel, tell?: XP2PMsgCallback): LogLine | undefined {
    if (!this.channels.has(channel)) return undefined;
    return (level, message, data) => {
      const scope = `p2p.${channel}`;
      this.log?.({ level: LEVELS[level], scope, message, ...(data !== undefined && { data }) });
      tell?.(XP2PEventEnum.Log, level, textOf(channel, message, data));
    };
  }
}

function textOf(channel: LogChannel, message: string, data: LogData | undefined): string {
  const values = Object.entries(data ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  return [`[${channel}] ${message}`, ...values].join(' ');
}
