const EVERY_MS = 2_000;
const TONES_HZ = [659, 523] as const;
const TONE_S = 0.35;
const VOLUME = 0.2;

/** Rings and vibrates as long as the camera calls, where the browser lets it. @returns what ends it. */
export function ring(): () => void {
  const context = typeof AudioContext === 'undefined' ? null : new AudioContext();
  const once = (): void => {
    navigator.vibrate?.(500);
    // Nobody has touched the page yet: it may make no sound.
    if (context?.state === 'running') TONES_HZ.forEach((hz, index) => chime(context, hz, index));
  };
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => {
    clearInterval(timer);
    navigator.vibrate?.(0);
    void context?.close();
  };
}

function chime(context: AudioContext, hz: number, index: number): void {
  const from = context.currentTime + index * TONE_S;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = hz;
  gain.gain.setValueAtTime(VOLUME, from);
  gain.gain.exponentialRampToValueAtTime(0.001, from + TONE_S);
  tone.connect(gain).connect(context.destination);
  tone.start(from);
  tone.stop(from + TONE_S);
}
