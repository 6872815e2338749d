/**
 * The bytes that the plugin handed out; `null` for anything else. By their kind, not their class: the
 * plugin may run in a realm of its own, whose `ArrayBuffer` is another.
 */
export function arrayBufferOf(value: unknown): ArrayBuffer | null {
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return value as ArrayBuffer;
  if (!ArrayBuffer.isView(value)) return null;
  const { buffer, byteOffset, byteLength } = value;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
