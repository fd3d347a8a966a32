import { relative } from 'node:path';
import {
  type CompiledDocument,
  type CompileOptions,
  compileCollection,
  compileDocuments,
  type RuleDocument,
} from '../../sigma/index.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from '../rules/load-problem.ts';
import type { RuleText } from '../rules/rule-texts.ts';

/** A rule that can become a DetectionRule. */
export interface Candidate {
  /** As the file was found. */
  readonly file: string;
  /** From the root of what is imported. */
  readonly path: string;
  /** The Sigma text, byte for byte. */
  readonly sigma: string;
  readonly document: Pick<RuleDocument, 'id' | 'title' | 'author' | 'license'>;
  /** Which of several rules of its file it is, from 1; undefined where it is the only one. */
  readonly number: number | undefined;
}

/** What becomes of the rules in one text. */
export interface TextCandidates {
  readonly candidates: readonly Candidate[];
  /** For each rule that is left out the reason: another product, a status, another kind of document. */
  readonly leftOut: readonly string[];
  /** Rules for Kubernetes that cannot be imported. */
  readonly problems: readonly LoadProblem[];
}

/** As the CRD has it. */
const MAX_SIGMA_LENGTH = 65_536;

/** A placeholder that nobody has defined yet does not keep a rule from being imported: the operator says what is missing. */
const OPTIONS: CompileOptions = { limits: { maxSourceBytes: 1024 * 1024 }, placeholders: (name) => [`%${name}%`] };

/** What of a text is imported: rules for Kubernetes audit events, each by itself, and a correlation together with its base rules. */
export function candidatesIn(text: RuleText, root: string): TextCandidates {
  if (text.manifest !== undefined) return left(text.manifest.kind);
  const documents = compileDocuments(text.text.text, OPTIONS);
  if (documents.some(({ kind }) => kind === 'correlation')) return correlation(text, root, documents);
  const texts = splitText(text.text.text, documents);
  return joined(documents.map((document, i) => single(text, root, document, texts[i], i)));
}

function single(
  text: RuleText,
  root: string,
  document: CompiledDocument,
  sigma: string | undefined,
  index: number,
): TextCandidates {
  if (document.kind === 'refused') return refused(text, document.errors);
  if (document.kind !== 'detection') return left(document.kind);
  const { rule } = document;
  if (!rule.appliesToKubernetesAudit) return left(rule.document.logsource.product ?? 'no product');
  const whole = sigma === text.text.text;
  return candidate({ ...originOf(text, root), number: whole ? undefined : index + 1 }, rule.document, sigma);
}

function correlation(text: RuleText, root: string, documents: readonly CompiledDocument[]): TextCandidates {
  const rules = documents.flatMap((document) => (document.kind === 'detection' ? [document.rule] : []));
  if (!rules.every(({ appliesToKubernetesAudit }) => appliesToKubernetesAudit))
    return left('correlation of another product');
  const result = compileCollection(text.text.text, OPTIONS);
  // Without base rules beside it nothing says that it is about Kubernetes.
  if (!result.ok) return rules.length === 0 ? left('correlation of rules elsewhere') : refused(text, result.errors);
  const document = result.kind === 'rule' ? result.rule.document : result.correlation.document;
  return candidate({ ...originOf(text, root), number: undefined }, document, text.text.text);
}

function candidate(
  origin: Pick<Candidate, 'file' | 'path' | 'number'>,
  document: RuleDocument,
  sigma: string | undefined,
): TextCandidates {
  const { id, title, author, license, status } = document;
  if (status === 'deprecated' || status === 'unsupported') return left(`status ${status}`);
  if (sigma === undefined || sigma.length > MAX_SIGMA_LENGTH) {
    const message =
      sigma === undefined
        ? 'The rules of the file share parts (action: global) and cannot be taken apart.'
        : `The rule has ${sigma.length} characters.`;
    const problem = loadProblem('NotImported', origin.file, { line: 1, column: 1 }, message);
    return { candidates: [], leftOut: [], problems: [problem] };
  }
  return { candidates: [{ ...origin, sigma, document: { id, title, author, license } }], leftOut: [], problems: [] };
}

function originOf({ file }: RuleText, root: string): Pick<Candidate, 'file' | 'path'> {
  return { file, path: relative(root, file).replaceAll('\\', '/') };
}

/** A refused rule is of interest where it is for Kubernetes. */
function refused(
  { file, text }: RuleText,
  errors: Extract<CompiledDocument, { kind: 'refused' }>['errors'],
): TextCandidates {
  if (!/^\s*["']?product["']?\s*:\s*["']?kubernetes\b/im.test(text.text)) return left('refused, of another product');
  return { candidates: [], leftOut: [], problems: errors.map((error) => diagnosticProblem(file, text, error)) };
}

/** The text of each document; undefined where documents cannot be told apart in it. */
function splitText(source: string, documents: readonly CompiledDocument[]): readonly (string | undefined)[] {
  if (documents.length === 1) return [source];
  const parts = source.split(/^---[^\S\n]*(?:#.*)?\n/m).filter((part) => /^[^#\s]/m.test(part));
  const separable = parts.length === documents.length && !/^action\s*:/m.test(source);
  return documents.map((_, i) => (separable ? parts[i] : undefined));
}

function left(reason: string): TextCandidates {
  return { candidates: [], leftOut: [reason], problems: [] };
}

function joined(all: readonly TextCandidates[]): TextCandidates {
  return {
    candidates: all.flatMap(({ candidates }) => candidates),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
    problems: all.flatMap(({ problems }) => problems),
  };
}
