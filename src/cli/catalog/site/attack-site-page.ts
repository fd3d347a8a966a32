import { ATTACK_LICENSE, ATTACK_NOTICE, ATTACK_RELEASE, type AttackMatrix } from '../../../catalog/index.ts';
import { coverageSummary } from '../../coverage/coverage-summary.ts';
import { countOf, countText } from '../../output/quantities.ts';
import type { TitleOf } from '../listings/titles.ts';
import { type Html, html } from './html.ts';
import { BlockPrinter } from './html-blocks.ts';
import type { SitePage } from './layout.ts';
import { PAGES, type SiteLinks } from './site-links.ts';

type Column = AttackMatrix['tactics'][number];
type MatrixCell = Column['techniques'][number];

/** The ATT&CK matrix: a card for each tactic, its techniques with the rules that cover them, and the gaps. */
export function attackSitePage(matrix: AttackMatrix, titleOf: TitleOf, links: SiteLinks): SitePage {
  const cards = new MatrixPrinter(titleOf, links);
  const { tactics, techniques } = coverageSummary(matrix);
  return {
    path: PAGES.attack,
    title: 'MITRE ATT&CK coverage',
    main: html`<header><h1>MITRE ATT&amp;CK coverage</h1><p class="subtitle">${countText(techniques.covered)} of ${countText(techniques.all)} techniques and sub-techniques have rules. A technique opens to its rules.</p></header>
<nav class="tactics" aria-label="Tactics"><ul>${tactics.map(({ id, name, rules }) => html`<li><a href="#${id}">${name}</a> <span class="muted">${countText(rules)}</span></li>`)}</ul></nav>
<div class="matrix">
${matrix.tactics.map((column) => cards.tactic(column))}</div>
${matrix.unknown.length === 0 ? undefined : cards.unknown(matrix.unknown)}
<section class="terms" id="source"><h2>Source</h2>
<p>MITRE ATT&amp;CK®, Enterprise, version ${ATTACK_RELEASE.version} (${ATTACK_RELEASE.modified}), names and ids from <a href="${ATTACK_RELEASE.source}" rel="noreferrer noopener">${ATTACK_RELEASE.source}</a>.</p>
<p>${ATTACK_NOTICE}</p>
<p>${ATTACK_LICENSE}</p></section>`,
  };
}

function hasRules({ rules }: MatrixCell): boolean {
  return rules.length > 0;
}

class MatrixPrinter {
  readonly #titleOf: TitleOf;
  readonly #links: SiteLinks;
  readonly #printer: BlockPrinter;
  /** A technique stands under several tactics; the first place is the one that links go to. */
  readonly #seen = new Set<string>();

  constructor(titleOf: TitleOf, links: SiteLinks) {
    this.#titleOf = titleOf;
    this.#links = links;
    this.#printer = new BlockPrinter(PAGES.attack, links);
  }

  tactic({ tactic, techniques, withoutTechnique }: Column): Html {
    const gaps = techniques.filter((cell) => !hasRules(cell));
    const keys = new Set([...withoutTechnique, ...techniques.flatMap(({ rules }) => rules)]);
    const bare =
      withoutTechnique.length === 0
        ? undefined
        : html`<li>${this.#rules(html`<span class="muted">no specific technique</span>`, withoutTechnique)}</li>`;
    return html`<section class="tactic" id="${tactic.id}">
<h2>${tactic.name}</h2>
<p class="muted">${tactic.id} · ${coverageText(keys.size, techniques.length - gaps.length, techniques.length)}</p>
<ul class="techniques">${bare}${this.#covered(techniques)}</ul>
${gaps.length === 0 ? undefined : this.#gaps(gaps)}</section>
`;
  }

  unknown(unknown: AttackMatrix['unknown']): Html {
    return html`<section id="unknown"><h2>Unknown tags</h2>
<p>No release of ATT&amp;CK known here has these.</p><ul class="techniques">${unknown.map(
      ({ tag, rules }) => html`<li>${this.#rules(html`${tag}`, rules)}</li>`,
    )}</ul></section>`;
  }

  /** The techniques with rules, and the name of each that only has sub-techniques with rules. */
  #covered(techniques: readonly MatrixCell[]): readonly Html[] {
    const parents = new Map(techniques.map((cell) => [cell.technique.id, cell]));
    const named = new Set<string>();
    return techniques.filter(hasRules).flatMap((cell) => {
      const [parent = ''] = cell.technique.id.split('.');
      const missing = named.has(parent) || parent === cell.technique.id ? undefined : parents.get(parent)?.technique;
      named.add(parent);
      const name = missing && html`<li class="parent"><span class="id">${missing.id}</span> ${missing.name}</li>`;
      return name === undefined ? [this.#technique(cell)] : [name, this.#technique(cell)];
    });
  }

  #technique({ technique: { id, name }, rules }: MatrixCell): Html {
    return html`<li${this.#place(id)} class="${heat(rules.length)}${id.includes('.') ? ' sub' : ''}">${this.#rules(html`<span class="id">${id}</span> ${name}`, rules)}</li>`;
  }

  #gaps(gaps: readonly MatrixCell[]): Html {
    const items = gaps.map(
      ({ technique: { id, name } }) => html`<li${this.#place(id)}><span class="id">${id}</span> ${name}</li>`,
    );
    return html`<details class="gaps"><summary>${gaps.length} without rules</summary><ul>${items}</ul></details>`;
  }

  #rules(label: Html, keys: readonly string[]): Html {
    const items = keys.map((key) => html`<li>${this.#printer.link(this.#links.rule(key), this.#titleOf(key))}</li>`);
    return html`<details><summary><span>${label}</span> <span class="count">${countText(keys.length)}</span></summary><ul>${items}</ul></details>`;
  }

  #place(id: string): Html | undefined {
    if (this.#seen.has(id)) return undefined;
    this.#seen.add(id);
    return html` id="${id}"`;
  }
}

function coverageText(rules: number, covered: number, all: number): string {
  if (rules === 0) return 'no rules';
  return `${countOf(rules, 'rule')} · ${covered} of ${all} techniques`;
}

/** More rules, more colour. */
function heat(rules: number): string {
  if (rules >= 50) return 'heat-4';
  if (rules >= 10) return 'heat-3';
  return rules >= 3 ? 'heat-2' : 'heat-1';
}
