/**
 * Why a request is not served: thrown while it is looked at, answered as its HTTP status and a line of
 * text that names what was wrong.
 */
export class Refusal extends Error {
  constructor(
    /** HTTP status: 400 to 503. */
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
