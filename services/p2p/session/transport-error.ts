/** Codes of CONNECTION_CLOSE: RFC 9000 §20.1, and ours from 0x100 on. */
export const TransportErrorCode = {
  NoError: 0x00,
  InternalError: 0x01,
  ConnectionRefused: 0x02,
  FlowControlError: 0x03,
  StreamLimitError: 0x04,
  StreamStateError: 0x05,
  FinalSizeError: 0x06,
  FrameEncodingError: 0x07,
  TransportParameterError: 0x08,
  ProtocolViolation: 0x0a,
  AeadLimitReached: 0x0f,
  /** The access secret is not the camera's current one. */
  AccessDenied: 0x100,
  /** The time in message 1 is too far from the camera's; the reason phrase holds the camera's unix ms. */
  ClockSkew: 0x101,
  /** The camera takes no more sessions at present. */
  TooManySessions: 0x102,
  VersionMismatch: 0x103,
} as const;

export type TransportErrorCode = number;

/** A violation by the peer, found while its packet is read; closes the session with `code`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
