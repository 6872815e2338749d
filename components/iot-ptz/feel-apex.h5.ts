const VIBRATION_MS = 30;

/** Lets a phone vibrate shortly, where the browser can. */
export function feelApex(): void {
  navigator.vibrate?.(VIBRATION_MS);
}
