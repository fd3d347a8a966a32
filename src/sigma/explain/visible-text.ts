const MAX_LENGTH = 200;

/**
 * A value of an event as one would write it in JSON, shortened; control and direction characters, which an attacker may have put there, are escaped.
 */
export function visibleValue(value: unknown): string {
  if (typeof value === 'string') return visibleString(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `[${value.length} values]` : '{…}';
  return String(value);
}

function visibleString(text: string): string {
  const shown = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
