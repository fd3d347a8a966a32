/** What a page shows, by the titles of its sections in lower case: the words, without what marks them up. */
export type ShownSections = ReadonlyMap<string, readonly string[]>;

export function terminalSections(text: string): ShownSections {
  const parts = text.split(/^([A-Z][A-Z0-9 &]+)$/m);
  return sections(parts, (body) => body.replaceAll(/[├└│]─?|─/g, ' '));
}

export function markdownSections(text: string): ShownSections {
  const parts = text.split(/^## (.*)$/m);
  return sections(parts, (body) =>
    body
      .split(/^```\w*$/m)
      .map((piece, i) => (i % 2 === 1 ? piece : unmarked(piece)))
      .join(' '),
  );
}

/** Markdown that is no code. */
function unmarked(body: string): string {
  return body
    .replaceAll(/^\|( ---:? \|)+$/gm, ' ')
    .replaceAll(/<br>/g, ' ')
    .replaceAll(/<(https?:[^>]*)>/g, '$1')
    .replaceAll(/^(\s*)[->#]+ /gm, '$1')
    .replaceAll(/(?<!\\)\|/g, ' ')
    .replaceAll(/(?<!\\)`/g, '')
    .replaceAll(/:(?=\s)/g, ' ')
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/\\$/gm, '');
}

export function htmlSections(text: string): ShownSections {
  const main = text.slice(text.indexOf('<article>'), text.indexOf('</article>'));
  const parts = main.split(/<section[^>]*><h2[^>]*>(.*?)<\/h2>/);
  return sections(parts, (body) => plainHtml(body.replaceAll(/<(caption|summary)>.*?<\/\1>/g, '')));
}

/** The text of HTML. */
export function plainHtml(text: string): string {
  return unescapeHtml(text.replaceAll(/<\/?(?:span|code|strong|a|wbr)\b[^>]*>/g, '').replaceAll(/<[^>]*>/g, ' '));
}

/** Parts alternate: what is before the first title, then titles and what is under them. */
function sections(parts: readonly string[], clean: (body: string) => string): ShownSections {
  const found = new Map<string, readonly string[]>();
  for (let i = 1; i < parts.length; i += 2)
    found.set(
      unescapeHtml(parts[i] ?? '')
        .replaceAll('\\', '')
        .toLowerCase(),
      words(clean(parts[i + 1] ?? '')),
    );
  return found;
}

/** Bullets, gutters and rules. */
const LAYOUT: ReadonlySet<string> = new Set(['', '-', '|', '>']);

/** In an order that does not depend on how columns are laid out. */
function words(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[\s`]+/)
    .map((word) => word.replaceAll('*', '').replaceAll(/^[:,.]+|[:,.]+$/g, ''))
    .filter((word) => !LAYOUT.has(word))
    .toSorted();
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
