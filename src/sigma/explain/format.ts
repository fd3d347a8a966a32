import type { Explanation, ExplanationNode } from './explanation.ts';

const MAX_PATHS = 3;

/** An explanation as text, one line for each node: ✓ true, ✗ false, ? unknown. */
export function formatExplanation(explanation: Explanation): string {
  return [`${explanation.verdict}: ${explanation.title}`, ...linesOf(explanation.root, 1)].join('\n');
}

function linesOf(node: ExplanationNode, depth: number): readonly string[] {
  const mark = node.truth === 'unknown' ? '?' : node.truth ? '✓' : '✗';
  const found = node.found === undefined ? '' : `; found ${node.found}`;
  const line = `${'  '.repeat(depth)}${mark} ${node.text}${mapped(node)}${found}`;
  return [line, ...node.children.flatMap((child) => linesOf(child, depth + 1))];
}

function mapped({ mappedTo }: ExplanationNode): string {
  if (mappedTo === undefined) return '';
  const more = mappedTo.length > MAX_PATHS ? `, … (${mappedTo.length} paths)` : '';
  return ` [mapped to ${mappedTo.slice(0, MAX_PATHS).join(', ')}${more}]`;
}
