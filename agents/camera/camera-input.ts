/** Where the camera's picture comes from. */
export type CameraInput =
  /** The clip that comes with the agent; needs no ffmpeg. */
  | { readonly kind: 'clip' }
  /** A test pattern that ffmpeg draws. */
  | { readonly kind: 'testsrc' }
  /** A media file, played over and over. */
  | { readonly kind: 'file'; readonly path: string }
  /** A network camera. */
  | { readonly kind: 'rtsp'; readonly url: string };

/**
 * Reads the value of `--input`.
 * @throws Error when it names a protocol other than RTSP.
 */
export function parseCameraInput(text: string): CameraInput {
  if (text === 'clip' || text === 'testsrc') return { kind: text };
  if (/^rtsps?:\/\//i.test(text)) return { kind: 'rtsp', url: text };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme !== undefined || text === '') {
    throw new Error(
      `"${redactUrls(text)}" is no input: give clip, testsrc, the path of a file, or an rtsp:// URL`,
    );
  }
  return { kind: 'file', path: text };
}

/** Hides user names and passwords of URLs, for logs. */
export function redactUrls(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1***@');
}
