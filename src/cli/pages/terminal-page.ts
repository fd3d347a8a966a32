import { displayText } from '../../alerts/index.ts';
import type { Style } from '../output/style.ts';
import { type Block, type Page, plainText, type TreeNode } from './page.ts';
import { terminalTable } from './terminal-table.ts';
import { styledLines, styledText, widthOf } from './terminal-text.ts';

const INDENT = '  ';
/** Longer lines of prose are hard to read. */
const PROSE_WIDTH = 100;

/** A page for a terminal of so many columns. */
export function terminalPage(page: Page, style: Style, columns: number): string {
  const lines = [style.bold(displayText(page.title, 1000)), styledText(page.subtitle, style)];
  for (const { title, blocks } of page.sections) {
    lines.push('', style.bold(title.toUpperCase()));
    for (const [i, block] of blocks.entries()) {
      if (i > 0) lines.push('');
      lines.push(...blockLines(block, style, columns - INDENT.length).map((line) => `${INDENT}${line}`.trimEnd()));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of one block. */
function blockLines(block: Block, style: Style, columns: number): readonly string[] {
  switch (block.kind) {
    case 'facts': {
      const width = Math.max(0, ...block.facts.map(({ label }) => widthOf(label))) + 2;
      return block.facts.flatMap(({ label, values }) => {
        const lines = values.flatMap((value) => wrapped(value, style, columns - width));
        return lines.map(
          (line, i) => `${i === 0 ? style.dim(displayText(label, 200).padEnd(width)) : ' '.repeat(width)}${line}`,
        );
      });
    }
    case 'paragraph':
      return wrapped(block.text, style, columns);
    case 'prose':
      return block.text
        .trim()
        .split('\n')
        .flatMap((line) => wrapped([line.trim()], style, columns));
    case 'list':
      return block.items.flatMap((item) =>
        wrapped(item, style, columns - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`),
      );
    case 'table':
      return terminalTable(block, style, columns);
    case 'tree':
      return treeLines(block.root, style, '', '');
    case 'code':
      return block.text
        .trimEnd()
        .split('\n')
        .map((line) => displayText(line.replaceAll('\t', INDENT), 10_000));
    case 'note':
      return wrapped([{ kind: 'mark', tone: block.tone, text: plainText(block.text) }], style, columns);
    case 'heading':
      return [style.bold(displayText(plainText(block.text), 1000))];
    default:
      return block satisfies never;
  }
}

function wrapped(text: Parameters<typeof styledLines>[0], style: Style, columns: number): readonly string[] {
  return styledLines(text, style, Math.max(20, Math.min(columns, PROSE_WIDTH))).map((line) => line.text);
}

function treeLines(node: TreeNode, style: Style, first: string, rest: string): readonly string[] {
  const lines = [`${first}${styledText(node.text, style)}`];
  for (const [i, child] of node.children.entries()) {
    const last = i === node.children.length - 1;
    lines.push(...treeLines(child, style, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`));
  }
  return lines;
}
