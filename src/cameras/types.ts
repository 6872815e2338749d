import type { IotDevice } from '@services/device';

/** A camera of the list. */
export interface Camera extends IotDevice {
  /** Where the list has it from: the demo server, or the user. */
  readonly origin: 'demo' | 'added';
}
