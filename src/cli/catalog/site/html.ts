import { visibleText } from '../../pages/visible-text.ts';

/** A piece of HTML that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Strings and numbers are escaped; undefined and false are left out. */
type Value = Html | string | number | undefined | false | readonly (Html | string | undefined | false)[];

/** HTML out of a template: whatever is put into it is escaped, except what is HTML already. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) text += textOf(value) + (strings[i + 1] ?? '');
  return new Html(text);
}

/** Pieces one after the other. */
export function join(pieces: readonly Html[], separator = ''): Html {
  return new Html(pieces.map(({ text }) => text).join(separator));
}

function textOf(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the text of elements and for quoted attributes. Characters that hide or turn text around are shown as their escapes. */
function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
