import { type Html, html, join } from './html.ts';

const KEY = /^(\s*(?:- +)*)([\w.|$@/-]+)(:)(?=\s|$)/;
const COMMENT = /^\s*#.*$|\s#[^'"]*$/;

/** YAML with its keys and comments set apart, line by line. It need not be right about every line: the text is the same. */
export function highlightedYaml(text: string): Html {
  return join(text.trimEnd().split('\n').map(highlightedLine), '\n');
}

function highlightedLine(line: string): Html {
  const [comment = ''] = COMMENT.exec(line) ?? [];
  const content = line.slice(0, line.length - comment.length);
  const after = comment === '' ? undefined : html`<span class="comment">${comment}</span>`;
  const key = KEY.exec(content);
  if (key === null) return html`${content}${after}`;
  const [whole, indent = '', name = '', colon = ''] = key;
  return html`${indent}<span class="key">${name}</span>${colon}${content.slice(whole.length)}${after}`;
}
