import type { Style } from '../output/style.ts';
import { type Cell, plainText, type TableBlock } from './page.ts';
import { styledLines, widthOf } from './terminal-text.ts';

const GAP = 2;
/** Narrower columns are not made narrower still. */
const NARROW = 8;

/** A table with aligned columns, at most `columns` wide as far as its words allow. */
export function terminalTable(table: TableBlock, style: Style, columns: number): readonly string[] {
  const header = table.columns.map(({ title }): Cell => [[title.toUpperCase()]]);
  const widths = fit([header, ...table.rows], columns);
  const right = table.columns.map(({ align }) => align === 'right');
  const heading = rowLines(header, widths, right, style).map((line) => style.dim(line));
  return [...heading, ...table.rows.flatMap((row) => rowLines(row, widths, right, style))];
}

/** The natural widths where they fit; else the widest columns give way first. The last column takes what is left. */
function fit(rows: readonly (readonly Cell[])[], columns: number): readonly number[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(1, ...rows.map((row) => Math.max(0, ...(row[i] ?? []).map((line) => widthOf(plainText(line)))))),
  );
  let over = widths.reduce((sum, width) => sum + width, GAP * (count - 1)) - columns;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROW) break;
    const next = Math.max(NARROW, ...widths.filter((width) => width < widest));
    const which = widths.flatMap((width, i) => (width === widest ? [i] : []));
    const each = Math.min(widest - next, Math.ceil(over / which.length)) || 1;
    for (const i of which) widths[i] = widest - each;
    over -= each * which.length;
  }
  return widths;
}

function rowLines(
  row: readonly Cell[],
  widths: readonly number[],
  right: readonly boolean[],
  style: Style,
): readonly string[] {
  const cells = row.map((cell, i) => cell.flatMap((text) => styledLines(text, style, widths[i] ?? NARROW)));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, i) => {
        const { text, width } = lines[line] ?? { text: '', width: 0 };
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width));
        return right[i] === true ? space + text : text + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}
