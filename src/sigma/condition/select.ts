/**
 * The selections that a quantifier's target stands for, in order. `them` is every name that does not begin with `_`; a pattern skips those names
 * too, unless it begins with `_` itself (pySigma; the specification says so for `them` only).
 */
export function selectNames(target: string, names: readonly string[]): readonly string[] {
  if (target === 'them') return names.filter((name) => !name.startsWith('_'));
  const withPrivate = target.startsWith('_');
  return names.filter((name) => (withPrivate || !name.startsWith('_')) && matchesPattern(target, name));
}

/** Whether `name` fits `pattern`, in which `*` stands for any characters; linear in both for each `*`. */
function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** The name nearest to a misspelt one, if one is near enough to suggest. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names.slice(0, 200)) {
    const distance = editDistance(name.slice(0, 64), candidate.slice(0, 64));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
