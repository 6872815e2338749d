/**
 * Turns the plugin's string for a member into ours, by the member's name; a string it does not name
 * stays as it is.
 */
export function translator(
  theirs: Readonly<Record<string, unknown>> | null,
  ours: Readonly<Record<string, string | number>>,
): (value: unknown) => string {
  const known = new Map(
    Object.entries(ours).map(([member, value]) => [theirs?.[member] ?? value, String(value)]),
  );
  return (value) => known.get(value as string) ?? String(value);
}
