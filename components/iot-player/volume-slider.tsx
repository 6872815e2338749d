/** Hosts whose volume is that of the phone's buttons. */
export function VolumeSlider() {
  return null;
}
