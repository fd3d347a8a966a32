/**
 * What is to be read, apart from how it is shown: a terminal, Markdown and HTML show the same page. Plain data. Texts are other people's and may hold
 * anything; whoever shows them escapes them.
 */
export interface Page {
  readonly title: string;
  /** One line under the title. */
  readonly subtitle: Text;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Unique on the page; a name for links: lower case, digits, `-`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  /** Labels with one or more values each. */
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'paragraph'; readonly text: Text }
  /** A text of an author's, with its own lines. */
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | TableBlock
  | { readonly kind: 'tree'; readonly root: TreeNode }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'note'; readonly tone: Tone; readonly text: Text }
  /** A smaller heading. */
  | { readonly kind: 'heading'; readonly text: Text };

export interface TableBlock {
  readonly kind: 'table';
  /** What the table is about, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** As many cells as there are columns. A cell is one or more lines. */
  readonly rows: readonly (readonly Cell[])[];
}

interface Fact {
  readonly label: string;
  readonly values: readonly Text[];
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Lines of a cell that are shown at once, where more can be folded away. */
  readonly shown?: number;
}

export type Cell = readonly Text[];

export interface TreeNode {
  readonly text: Text;
  readonly children: readonly TreeNode[];
}

export type Tone = 'good' | 'information' | 'warning' | 'bad';

/** A line of text, in parts. */
export type Text = readonly Part[];

export type Part =
  | string
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'muted'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'mark'; readonly tone: Tone; readonly text: string }
  /** A severity, which has a colour of its own. */
  | { readonly kind: 'severity'; readonly text: string }
  /** An address; a link where it is one of the web. */
  | { readonly kind: 'address'; readonly text: string }
  /** Another rule of the catalog. */
  | { readonly kind: 'rule'; readonly key: string; readonly text: string }
  /** A field of events that rules look at. */
  | { readonly kind: 'field'; readonly field: string; readonly text: string }
  /** A tactic or technique of ATT&CK, `id` as ATT&CK has it. */
  | { readonly kind: 'attack'; readonly id: string; readonly text: string };

export function code(text: string): Part {
  return { kind: 'code', text };
}

export function muted(text: string): Part {
  return { kind: 'muted', text };
}

export function strong(text: string): Part {
  return { kind: 'strong', text };
}

export function mark(tone: Tone, text: string): Part {
  return { kind: 'mark', tone, text };
}

export function severity(text: string): Part {
  return { kind: 'severity', text };
}

export function address(text: string): Part {
  return { kind: 'address', text };
}

export function ruleLink(key: string, text: string): Part {
  return { kind: 'rule', key, text };
}

export function attackLink(id: string, text: string): Part {
  return { kind: 'attack', id, text };
}

/** Parts with a separator between them. */
export function joined(parts: readonly Part[], separator = ', '): Text {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part]));
}

/** The text of parts, without any marking. */
export function plainText(text: Text): string {
  return text.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** A fact with one value. */
export function fact(label: string, ...text: Text): Fact {
  return { label, values: [text] };
}

/** A list of facts without those that have no value. */
export function facts(...all: readonly (Fact | undefined)[]): Block {
  return { kind: 'facts', facts: all.filter((one) => one !== undefined).filter(({ values }) => values.length > 0) };
}
