import { readFileSync, statSync } from 'node:fs';
import { readFailure } from '../logs/read-failure.ts';
import { type EmbeddedText, wholeText } from './embedded-text.ts';
import { diagnosticProblem, type LoadProblem, loadProblem } from './load-problem.ts';
import { GROUP, looksLikeManifest, type Manifest, readManifests } from './manifest.ts';
import { findRuleFiles, type RuleFile } from './rule-files.ts';

/** A text with Sigma documents, not compiled yet. */
export interface RuleText {
  /** As shown: a path, or the name of an object in a cluster. */
  readonly file: string;
  readonly text: EmbeddedText;
  /** The DetectionRule or DetectionFilter that it is the text of. */
  readonly manifest: Pick<Manifest, 'kind' | 'name' | 'choices' | 'off' | 'filter' | 'tests'> | undefined;
}

/** What a file holds; neither texts nor problems where it holds nothing of ours. */
export interface RuleTexts {
  readonly texts: readonly RuleText[];
  readonly problems: readonly LoadProblem[];
}

/**
 * Reads what files and folders hold of rules, file by file: Sigma text, and DetectionRule and DetectionFilter manifests, also in lists. Throws a CommandFailure for a path that
 * is not there.
 */
export function* readRuleTexts(paths: readonly string[]): Generator<RuleTexts> {
  for (const file of findRuleFiles(paths)) yield readFile(file);
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const NOTHING: RuleTexts = { texts: [], problems: [] };

function readFile({ path, named }: RuleFile): RuleTexts {
  const content = readText(path);
  if (content === undefined) {
    const message = `The file is larger than ${MAX_FILE_BYTES} bytes.`;
    return { texts: [], problems: [loadProblem('FileTooLarge', path, { line: 1, column: 1 }, message)] };
  }
  if (looksLikeManifest(content)) return readManifestFile(path, content, named);
  return named || looksLikeSigma(content) ? plain(path, content) : NOTHING;
}

function readManifestFile(file: string, content: string, named: boolean): RuleTexts {
  const { manifests, problems, errors, hasSigma } = readManifests(content);
  if (hasSigma && manifests.length === 0) return plain(file, content);
  const [error] = errors;
  const found = [
    ...(error !== undefined && (named || content.includes(GROUP))
      ? [diagnosticProblem(file, wholeText(content), error)]
      : []),
    ...problems.map(({ message, ...place }) => loadProblem('InvalidManifest', file, place, message)),
  ];
  if (named && manifests.length + problems.length + errors.length === 0)
    found.push(noRuleIn(file, 'The file holds Kubernetes objects of other kinds.'));
  return { texts: manifests.map((manifest) => ({ file, text: manifest.sigma, manifest })), problems: found };
}

function plain(file: string, content: string): RuleTexts {
  return { texts: [{ file, text: wholeText(content), manifest: undefined }], problems: [] };
}

export function noRuleIn(file: string, message: string): LoadProblem {
  return loadProblem('NoRuleInFile', file, { line: 1, column: 1 }, message);
}

/** Whether a file in a folder is a Sigma rule, and not some other YAML. */
function looksLikeSigma(text: string): boolean {
  return /^["']?(?:detection|correlation|filter|logsource)["']?\s*:/m.test(text) || /"detection"\s*:/.test(text);
}

/** Undefined for a file that is too large. */
function readText(path: string): string | undefined {
  try {
    return statSync(path).size > MAX_FILE_BYTES ? undefined : readFileSync(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
}
