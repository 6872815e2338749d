import type { CallPreviewProps } from './call-media';

/** How one looks oneself: nothing where the host sends sound only. */
export function CallPreview(_props: CallPreviewProps) {
  return null;
}
