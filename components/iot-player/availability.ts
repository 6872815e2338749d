/** Whether a control can be used: now, later, or never on this host; then it hides itself. */
export type Availability = 'available' | 'unavailable' | 'unsupported';
