/** `status` of command answers. Strings, as devices send them. */
export const DeviceStatus = {
  Ok: '0',
  /** Somebody else talks. */
  Busy: '1',
  BadRequest: '404',
  TooManyViewers: '405',
  Unsupported: '406',
  DeviceError: '407',
} as const;

export type DeviceStatus = (typeof DeviceStatus)[keyof typeof DeviceStatus];
