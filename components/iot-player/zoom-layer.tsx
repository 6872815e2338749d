/** Hosts whose picture is native: it cannot be enlarged by a page. */
export function ZoomLayer() {
  return null;
}
