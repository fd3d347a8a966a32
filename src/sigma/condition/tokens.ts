/** A word (identifier, pattern, keyword or number), a parenthesis, the end, or a character that has no place in a condition. */
export interface ConditionToken {
  readonly kind: 'word' | '(' | ')' | 'end' | 'other';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}_.*-]/u;
const SPACE = /\s/;

/** Splits a condition into tokens; offsets are into `text`. The last token is `end`. */
export function tokenizeCondition(text: string): readonly ConditionToken[] {
  const tokens: ConditionToken[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const character = characterAt(text, at);
    at += character.length;
    if (SPACE.test(character)) continue;
    if (character === '(' || character === ')') {
      tokens.push({ kind: character, text: character, start, end: at });
      continue;
    }
    if (!WORD.test(character)) {
      tokens.push({ kind: 'other', text: character, start, end: at });
      continue;
    }
    while (at < text.length && WORD.test(characterAt(text, at))) at += characterAt(text, at).length;
    tokens.push({ kind: 'word', text: text.slice(start, at), start, end: at });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function characterAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) ?? 0);
}
