/** How many may watch at once: all channels and qualities together. */
export class Audience {
  private seated = 0;

  constructor(private readonly max: number) {}

  get count(): number {
    return this.seated;
  }

  get full(): boolean {
    return this.seated >= this.max;
  }

  /** @returns what frees the seat; null when all are taken. */
  take(): (() => void) | null {
    if (this.full) return null;
    this.seated++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.seated--;
    };
  }
}
