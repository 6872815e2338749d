/**
 * Whether an `xp2pInfo` is of a camera that sends sound and pictures apart, and no video: flag `m`. Of
 * any camera, the vendor's too.
 */
export function sendsPictures(xp2pInfo: string): boolean {
  return /%\d+\.\d+\.\d+[a-z]*m[a-z]*\s*$/.test(xp2pInfo);
}
