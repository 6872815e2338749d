/** Only browsers ask for the page's language. */
export function PageLanguage(): null {
  return null;
}
