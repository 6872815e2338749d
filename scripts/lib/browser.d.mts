type Env = Readonly<Record<string, string | undefined>>;

export function findBrowser(env?: Env): string | undefined;
export function requireBrowser(env?: Env): string;
