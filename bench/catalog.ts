// Measures the catalog: adding one rule to 5,000 and making its page, and the site of all public rules. `node bench/catalog.ts`.
import { RuleCatalog } from '../src/catalog/index.ts';
import { siteFiles } from '../src/cli/catalog/site/site.ts';
import { type CompileOptions, compileRule } from '../src/sigma/index.ts';
import { type CorpusRule, readCorpus } from '../test/unit/sigma/support/corpus.ts';

const RULES = 5000;
const ADDED = 200;
const OPTIONS: CompileOptions = { limits: { maxSourceBytes: 1024 * 1024 }, placeholders: (name) => [`%${name}%`] };

const active = readCorpus().filter(({ path }) => path.startsWith('rules'));
const kubernetes = active.filter(({ path }) => path.includes('/kubernetes/audit/'));
const catalog = new RuleCatalog();

const all = milliseconds(() => active.forEach(add));
let files = 0;
const site = milliseconds(() => {
  for (const _file of siteFiles(catalog, { title: 'Detection catalog' })) files++;
});
for (let i = active.length; i < RULES; i++) add(variant(i));
const additions: number[] = [];
const pages: number[] = [];
for (let i = RULES; i < RULES + ADDED; i++) {
  const rule = variant(i);
  additions.push(milliseconds(() => add(rule)));
  pages.push(milliseconds(() => catalog.page(rule.path)));
}

console.log(`${active.length} public rules, compiled and added: ${(all / 1000).toFixed(1)} s`);
console.log(`their site, ${files} files, not written: ${(site / 1000).toFixed(1)} s`);
console.log(`one rule for Kubernetes more, beside ${RULES}, compiled and added: ${spread(additions)}`);
console.log(`its page: ${spread(pages)}`);

function add({ path, text }: CorpusRule): void {
  catalog.add({ file: path, source: text, result: compileRule(text, OPTIONS) });
}

/** One of the rules for Kubernetes under an id and a file of its own. */
function variant(number: number): CorpusRule {
  const { text = '', path = '' } = kubernetes[number % kubernetes.length] ?? {};
  return { path: `${path}.${number}`, text: text.replace(/^id: .{8}/m, `id: ${String(10_000_000 + number)}`) };
}

function milliseconds(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  return `${at(0.5)} ms (median of ${times.length}), ${at(0.99)} ms (99th percentile)`;
}
