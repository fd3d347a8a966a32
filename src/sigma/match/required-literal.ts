import type { RegexPattern } from '../values/regex.ts';

/** Shorter literals occur too often to decide anything. */
const MIN_LENGTH = 3;

export interface RequiredLiteral {
  readonly text: string;
  /** The expression ignores case, by the rules of RE2: for ASCII, in texts of ASCII, they are those of everybody. */
  readonly ignoreCase: boolean;
}

/**
 * A text without which a regular expression is found nowhere; `undefined` where none is seen. Looks at what stands outside of groups and classes only, and
 * gives up on anything unusual.
 */
export function requiredLiteral(pattern: RegexPattern): RequiredLiteral | undefined {
  const source = pattern.source.replace(/^\(\?i\)/, '');
  const ignoreCase = pattern.ignoreCase || source !== pattern.source;
  // Flags inside, quoted text and characters of two units would need more care.
  if (/\(\?[^:<P]|\\Q|[\ud800-\udfff]/.test(source)) return undefined;
  const text = literalRuns(source)?.toSorted((a, b) => b.length - a.length)[0] ?? '';
  return text.length < MIN_LENGTH || (ignoreCase && !isAscii(text)) ? undefined : { text, ignoreCase };
}

export function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- ASCII
  return /^[\x00-\x7f]*$/.test(text);
}

/** Texts that each match holds; `undefined` where the expression is an alternative or not understood. */
function literalRuns(source: string): readonly string[] | undefined {
  const runs: string[] = [];
  let run = '';
  const end = (): void => {
    runs.push(run);
    run = '';
  };
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    switch (character) {
      case '|':
        return undefined;
      case '\\':
        i += 1;
        if (/[^A-Za-z0-9]/.test(source.charAt(i))) run += source.charAt(i);
        // What follows belongs to the escape: \x41, \pL, \p{Greek}.
        else if (/[A-Za-z]/.test(source.charAt(i)) && !/[dDwWsSbBAz]/.test(source.charAt(i))) return undefined;
        else if (/[0-9]/.test(source.charAt(i))) return undefined;
        else end();
        break;
      case '[':
      case '(': {
        end();
        const close = character === '[' ? endOfClass(source, i) : endOfGroup(source, i);
        if (close < 0) return undefined;
        i = close;
        break;
      }
      case '*':
      case '?':
        run = run.slice(0, -1);
        end();
        break;
      case '{': {
        const counted = /^\{\d*(,\d*)?\}/.exec(source.slice(i, i + 16));
        if (counted === null) return undefined;
        run = run.slice(0, -1);
        end();
        i += counted[0].length - 1;
        break;
      }
      case '+':
      case '.':
      case '^':
      case '$':
        end();
        break;
      default:
        run += character;
    }
  }
  end();
  return runs;
}

function endOfClass(source: string, start: number): number {
  let i = start + 1;
  if (source.charAt(i) === '^') i += 1;
  if (source.charAt(i) === ']') i += 1;
  for (; i < source.length; i++) {
    if (source.charAt(i) === '\\') i += 1;
    else if (source.startsWith('[:', i)) {
      const close = source.indexOf(':]', i);
      if (close < 0) return -1;
      i = close + 1;
    } else if (source.charAt(i) === ']') return i;
  }
  return -1;
}

function endOfGroup(source: string, start: number): number {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    const character = source.charAt(i);
    if (character === '\\') i += 1;
    else if (character === '[') {
      i = endOfClass(source, i);
      if (i < 0) return -1;
    } else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}
