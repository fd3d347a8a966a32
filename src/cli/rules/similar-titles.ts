/** What to say about a rule that was not found: titles that have all the words that were given. Undefined where there are none. */
export function similarTitles(wanted: string, titles: readonly string[]): string | undefined {
  const words = wanted
    .toLowerCase()
    .split(/\W+/)
    .filter((word) => word.length > 2);
  const found = titles
    .filter((title) => words.length > 0 && words.every((word) => title.toLowerCase().includes(word)))
    .slice(0, 3);
  if (found.length === 0) return undefined;
  return `There is no such rule. Did you mean ${found.map((title) => JSON.stringify(title)).join(' or ')}?`;
}
