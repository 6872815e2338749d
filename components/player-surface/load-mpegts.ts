import type Mpegts from 'mpegts.js';

export type MpegtsModule = typeof Mpegts;

let loaded: MpegtsModule | null = null;
let loading: Promise<MpegtsModule> | null = null;

/** The library, when it is there already. */
export function loadedMpegts(): MpegtsModule | null {
  return loaded;
}

/** Fetches the library, which is a file of its own; again after a failure. */
export function loadMpegts(): Promise<MpegtsModule> {
  loading ??= import('mpegts.js').then(
    ({ default: mpegts }) => {
      // What matters arrives as an event; the console is the app's.
      mpegts.LoggingControl.applyConfig({ enableAll: false });
      loaded = mpegts;
      return mpegts;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
