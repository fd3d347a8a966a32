import type { Block, Cell, Part, TableBlock, Text, TreeNode } from '../../pages/page.ts';
import { isWebAddress } from '../../pages/visible-text.ts';
import { highlightedYaml } from './highlight-yaml.ts';
import { type Html, html, join } from './html.ts';
import { relativePath, type SiteLinks } from './site-links.ts';

/** Shows blocks on the page at a path. */
export class BlockPrinter {
  readonly #path: string;
  readonly #links: SiteLinks;

  constructor(path: string, links: SiteLinks) {
    this.#path = path;
    this.#links = links;
  }

  blocks(blocks: readonly Block[]): Html {
    return join(blocks.map((block) => this.#block(block)));
  }

  text(text: Text): Html {
    return join(text.map((part) => this.#part(part)));
  }

  /** A link to a place on this site. */
  link(to: string | undefined, text: string): Html {
    return to === undefined ? html`${text}` : html`<a href="${relativePath(this.#path, to)}">${text}</a>`;
  }

  #block(block: Block): Html {
    switch (block.kind) {
      case 'facts':
        return html`<dl class="facts">${block.facts.map(
          ({ label, values }) =>
            html`<div><dt>${label}</dt>${values.map((value) => html`<dd>${this.text(value)}</dd>`)}</div>`,
        )}</dl>`;
      case 'paragraph':
        return html`<p>${this.text(block.text)}</p>`;
      case 'prose':
        return html`<p class="prose">${block.text.trim()}</p>`;
      case 'list':
        return html`<ul>${block.items.map((item) => html`<li>${this.text(item)}</li>`)}</ul>`;
      case 'table':
        return this.#table(block);
      case 'tree':
        return html`<ul class="tree">${this.#tree(block.root)}</ul>`;
      case 'code': {
        const code = block.language === 'yaml' ? highlightedYaml(block.text) : html`${block.text.trimEnd()}`;
        return html`<pre tabindex="0" role="group" aria-label="${block.language === 'yaml' ? 'Rule body' : 'Excerpt'}"><code>${code}</code></pre>`;
      }
      case 'note':
        return html`<p class="note ${block.tone}">${this.text(block.text)}</p>`;
      case 'heading':
        return html`<h3>${this.text(block.text)}</h3>`;
      default:
        return block satisfies never;
    }
  }

  #table({ caption, columns, rows }: TableBlock): Html {
    const heads = columns.map(({ title, align }) => html`<th scope="col"${className(align)}>${title}</th>`);
    const lines = rows.map((row) => html`<tr>${row.map((cell, i) => this.#tableCell(cell, columns[i]))}</tr>`);
    return html`<div class="table" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></div>`;
  }

  /** On narrow screens a row is a list of its cells, each with its label. */
  #tableCell(cell: Cell, column: TableBlock['columns'][number] | undefined): Html {
    const content = this.#cell(cell, column?.shown);
    const inner = content.text === '' ? content : html`<div>${content}</div>`;
    return html`<td${className(column?.align)} data-label="${column?.title ?? ''}">${inner}</td>`;
  }

  #cell(cell: Cell, shown = SHOWN_LINES): Html {
    const [only = []] = cell;
    if (cell.length <= 1) return this.text(only);
    if (cell.length <= shown) return this.#lines(cell);
    return html`${this.#lines(cell.slice(0, shown))}<details><summary>${cell.length - shown} more</summary>${this.#lines(cell.slice(shown))}</details>`;
  }

  #lines(lines: Cell): Html {
    return html`<ul class="lines">${lines.map((line) => html`<li>${this.text(line)}</li>`)}</ul>`;
  }

  #tree({ text, children }: TreeNode): Html {
    const inner = children.length === 0 ? undefined : html`<ul>${children.map((child) => this.#tree(child))}</ul>`;
    return html`<li>${this.text(text)}${inner}</li>`;
  }

  #part(part: Part): Html {
    if (typeof part === 'string') return html`${part}`;
    switch (part.kind) {
      case 'code':
        return html`<code>${breakable(part.text)}</code>`;
      case 'muted':
        return html`<span class="muted">${part.text}</span>`;
      case 'strong':
        return html`<strong>${part.text}</strong>`;
      case 'mark':
        return html`<span class="mark ${part.tone}">${part.text}</span>`;
      case 'severity':
        return severityBadge(part.text);
      case 'address':
        return isWebAddress(part.text)
          ? html`<a href="${part.text}" rel="noreferrer noopener">${part.text}</a>`
          : html`${part.text}`;
      case 'field': {
        const to = this.#links.field(part.field);
        const name = html`<code>${breakable(part.text)}</code>`;
        return to === undefined ? name : html`<a href="${relativePath(this.#path, to)}">${name}</a>`;
      }
      case 'rule':
        return this.link(this.#links.rule(part.key), part.text);
      case 'attack':
        return this.link(this.#links.attack(part.id), part.text);
      default:
        return part satisfies never;
    }
  }
}

/** A text that may break behind the dots and slashes of paths. */
function breakable(text: string): Html {
  return join(
    text.split(/(?<=[./\\])(?=.)/).map((piece) => html`${piece}`),
    '<wbr>',
  );
}

/** Longer cells are folded. */
const SHOWN_LINES = 20;

const SEVERITIES: ReadonlySet<string> = new Set(['critical', 'high', 'medium', 'low', 'informational']);

export function severityBadge(severity: string): Html {
  return html`<span class="severity ${SEVERITIES.has(severity) ? severity : 'none'}">${severity}</span>`;
}

function className(align: 'right' | undefined): Html | undefined {
  return align === undefined ? undefined : html` class="right"`;
}
