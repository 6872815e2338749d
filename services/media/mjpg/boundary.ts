/** RFC 2046 §5.1.1 allows 70; cameras are not that strict. */
export const MAX_BOUNDARY_BYTES = 200;

/**
 * Reads the boundary from a `content-type` header (RFC 2046 §5.1.1).
 * @returns null where the header is not multipart, or names none
 */
export function boundaryOf(contentType: string): string | null {
  const match = /^\s*multipart\/[^;]*;(?:.*;)?\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(
    contentType,
  );
  const boundary = (match?.[1] ?? match?.[2] ?? '').trim();
  return boundary === '' || boundary.length > MAX_BOUNDARY_BYTES ? null : boundary;
}

/** The value of a header, whatever the case of its name; null where it is missing. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | null {
  const key = Object.keys(headers).find((one) => one.toLowerCase() === name);
  return key === undefined ? null : headers[key]!;
}
