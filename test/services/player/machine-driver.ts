import type { PlayerMachineOptions, PlayerState } from '../../../services/player';
import type { PlayerEffect } from '../../../services/player/player-effect';
import type { PlayerEvent } from '../../../services/player/player-event';
import { playerMachine } from '../../../services/player/player-machine';
import { initialPlayerState } from '../../../services/player/player-state';

/** An event whose attempt, where it has one and none is given, is the current one. */
export type DrivenEvent = PlayerEvent extends infer Event
  ? Event extends { readonly attempt: number }
    ? Omit<Event, 'attempt'> & { readonly attempt?: number }
    : Event
  : never;

const REGION_OF = {
  'surface-ready': 'player',
  'surface-error': 'player',
  'module-ready': 'module',
  'module-failed': 'module',
  'service-started': 'service',
  'service-failed': 'service',
  disconnected: 'service',
  path: 'service',
  'link-lost': 'service',
  'stream-free': 'service',
} as const;

/** Drives the machine by hand: keeps its state, and the effects of the latest event. */
export class MachineDriver {
  state: PlayerState;
  effects: readonly PlayerEffect[] = [];
  nowMs = 0;
  jitter = 0.5;

  constructor(options: PlayerMachineOptions = {}) {
    this.state = initialPlayerState(options);
  }

  send(...events: readonly (DrivenEvent | DrivenEvent['type'])[]): this {
    for (const given of events) {
      const event = (typeof given === 'string' ? { type: given } : given) as DrivenEvent;
      const region = REGION_OF[event.type as keyof typeof REGION_OF] ?? 'stream';
      const { state, effects } = playerMachine(this.state, {
        attempt: this.state.attempts[region],
        ...event,
        nowMs: this.nowMs,
        jitter: this.jitter,
      } as PlayerEvent & { nowMs: number; jitter: number });
      this.state = state;
      this.effects = effects;
    }
    return this;
  }

  timer(timer: Extract<PlayerEvent, { type: 'timer' }>['timer'], sinceDataMs = 0): this {
    return this.send({ type: 'timer', timer, sinceDataMs });
  }

  /** Up to the first picture. */
  play(): this {
    return this.send(
      'start',
      'surface-ready',
      'module-ready',
      'service-started',
      'start-pull',
      'stream-started',
      'request',
      { type: 'parsed', status: 200 },
      'data',
      'first-frame',
    );
  }

  /** The kinds of the latest effects, timers left out. */
  get acts(): readonly string[] {
    return this.effects.map(({ type }) => type).filter((type) => !/Timer$/.test(type));
  }

  /** The timers that the latest event set, with their delays. */
  get timersSet(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.effects.flatMap((effect) =>
        effect.type === 'setTimer' ? [[effect.timer, effect.delayMs]] : [],
      ),
    );
  }

  get kinds(): readonly [player: string, p2p: string, stream: string] {
    return [this.state.player.kind, this.state.p2p.kind, this.state.stream.kind];
  }
}
