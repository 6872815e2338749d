/** Hosts without a keyboard have no focus. */
export function focusDay(_date: string): void {}
