/** A reliable, ordered stream of bytes between camera and viewer, whatever carries it. */
export interface Pipe {
  /** @returns false when enough is queued: wait for `onDrain`. What is written regardless is kept. */
  write(bytes: Uint8Array): boolean;
  onDrain: () => void;
  onData: (bytes: Uint8Array) => void;
  /** What the transport has to say about itself at the end of a run. */
  note(): string;
}

export interface PeerAddresses {
  readonly camera: string;
  readonly viewer: string;
  /** First of the ports that are this run's own. */
  readonly port: number;
  /** Hex; keys and secret of the camera. */
  readonly privateKey: string;
  readonly accessSecret: string;
}

/** One way to carry the bytes: both sides call theirs, each in its own process. */
export interface Transport {
  /** @returns once a viewer may connect; `onViewer` follows for each that does. */
  listen(addresses: PeerAddresses, onViewer: (pipe: Pipe) => void): Promise<void>;
  /** @returns once bytes can be written. */
  connect(addresses: PeerAddresses): Promise<Pipe>;
}
