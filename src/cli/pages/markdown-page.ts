import { type Block, type Cell, type Page, type Part, type Text, type TreeNode } from './page.ts';
import { isWebAddress, visibleText } from './visible-text.ts';

/**
 * A page as GitHub-flavoured Markdown. Everything that Markdown or HTML could read something into is escaped; characters that hide or turn text around are
 * shown as their escapes.
 */
export function markdownPage(page: Page): string {
  const parts = [`# ${escape(page.title)}`, inline(page.subtitle)];
  for (const { title, blocks } of page.sections) parts.push(`## ${escape(title)}`, ...blocks.map(blockText));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'facts':
      return block.facts
        .map(({ label, values }) => {
          const [only = []] = values;
          if (values.length === 1) return `- **${escape(label)}:** ${inline(only)}`;
          return [`- **${escape(label)}:**`, ...values.map((value) => `  - ${inline(value)}`)].join('\n');
        })
        .join('\n');
    case 'paragraph':
      return inline(block.text);
    case 'prose':
      // Lines of the author's stay lines.
      return block.text
        .trim()
        .split('\n')
        .map((line) => escape(line.trim()))
        .join('\\\n');
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'table': {
      const heads = block.columns.map(({ title }) => escape(title));
      const rule = block.columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
      return [heads, rule, ...block.rows.map((row) => row.map(cellText))]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    }
    case 'tree':
      return treeLines(block.root, '').join('\n');
    case 'code':
      return fenced(block.text, block.language);
    case 'note':
      return `> ${inline(block.text)}`;
    case 'heading':
      return `### ${inline(block.text)}`;
    default:
      return block satisfies never;
  }
}

function treeLines({ text, children }: TreeNode, indent: string): readonly string[] {
  return [`${indent}- ${inline(text)}`, ...children.flatMap((child) => treeLines(child, `${indent}  `))];
}

function cellText(cell: Cell): string {
  // In tables a bar ends the cell also inside of code.
  return cell.map((line) => inline(line, (text) => text.replaceAll('|', '\\|'))).join('<br>');
}

function inline(text: Text, inCode: (text: string) => string = (text) => text): string {
  return text.map((part) => partText(part, inCode)).join('');
}

function partText(part: Part, inCode: (text: string) => string): string {
  if (typeof part === 'string') return escape(part);
  switch (part.kind) {
    case 'code':
    case 'field':
      return inCode(codeSpan(part.text));
    case 'address':
      return isWebAddress(part.text) ? `<${part.text}>` : escape(part.text);
    case 'strong':
    case 'mark':
      return part.text === '' ? '' : `**${escape(part.text)}**`;
    case 'muted':
    case 'severity':
    case 'rule':
    case 'attack':
      return escape(part.text);
    default:
      return part satisfies never;
  }
}

/** Code with as many backticks around it as it takes. */
function codeSpan(text: string): string {
  const shown = visibleText(text).replaceAll('\n', ' ');
  if (shown.trim() === '') return shown === '' ? '``' : `\`${shown}\``;
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const space = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${ticks}${space}${shown}${space}${ticks}`;
}

function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const lines = visibleText(text);
  return `${fence}${language}\n${lines.endsWith('\n') ? lines : `${lines}\n`}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Markdown's own characters, and HTML. */
function escape(text: string): string {
  return visibleText(text)
    .replaceAll('\n', ' ')
    .replace(/[\\`*_[\]<>|~#]/g, '\\$&')
    .replace(/&(?=#|\w+;)/g, '\\&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}
