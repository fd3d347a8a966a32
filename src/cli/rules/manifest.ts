import { type RuleChoices, SEVERITIES } from '../../alerts/index.ts';
import {
  type Diagnostic,
  type FilterEffect,
  findEntry,
  readYaml,
  type YamlMapping,
  type YamlNode,
} from '../../sigma/index.ts';
import { type EmbeddedText, embeddedText } from './embedded-text.ts';

/** A DetectionRule or DetectionFilter as it stands in a file. */
export interface Manifest {
  readonly kind: 'DetectionRule' | 'DetectionFilter';
  /** metadata.name. */
  readonly name: string;
  readonly line: number;
  readonly sigma: EmbeddedText;
  readonly choices: RuleChoices;
  readonly off: boolean;
  /** Of a DetectionFilter: what stands beside its text. */
  readonly filter?: FilterChoices | undefined;
  /** Tests of the rule, from its annotation. */
  readonly tests?: EmbeddedText | undefined;
}

export interface FilterChoices {
  readonly effect: FilterEffect;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/** Where a manifest has the tests of its rule. */
const TESTS_ANNOTATION = 'detection.sigma-operator.dev/tests';

/** Something in a manifest file that cannot be used. */
interface ManifestProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ManifestFile {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
  readonly errors: readonly Diagnostic[];
  /** Documents that are Sigma itself. */
  readonly hasSigma: boolean;
}

/** What the apiVersion of our kinds begins with. */
export const GROUP = 'detection.sigma-operator.dev/';
/** A manifest may be the output of a whole kustomize build. */
const LIMITS = { maxSourceBytes: 64 * 1024 * 1024, maxNodes: 5_000_000, maxDocuments: 100_000 };
const OUTCOMES = ['Allowed', 'Denied', 'Failed', 'Unknown'] as const;

/** Whether a text could hold Kubernetes objects; a cheap look, so that plain rules are parsed once. */
export function looksLikeManifest(text: string): boolean {
  return text.includes(GROUP) || (/^\s*[{"']?(?:apiVersion|kind)/m.test(text) && !/^detection\s*:/m.test(text));
}

/** Reads YAML or JSON with Kubernetes objects: one a document, or in lists. */
export function readManifests(text: string): ManifestFile {
  const { source, documents, errors } = readYaml(text, LIMITS);
  const reading: Reading = {
    text,
    manifests: [],
    problems: [],
    hasSigma: false,
    lineOf: (at) => source.place(at),
  };
  for (const document of documents) readObject(document, reading);
  return { ...reading, errors };
}

interface Reading {
  readonly text: string;
  readonly manifests: Manifest[];
  readonly problems: ManifestProblem[];
  hasSigma: boolean;
  lineOf(offset: number): { readonly line: number; readonly column: number };
}

function readObject(node: YamlNode, reading: Reading): void {
  if (node.kind !== 'mapping') return;
  const kind = textAt(node, 'kind');
  const apiVersion = textAt(node, 'apiVersion');
  const items = findEntry(node, 'items')?.value;
  if (kind?.endsWith('List') === true && items?.kind === 'sequence') {
    for (const item of items.items) readObject(item, reading);
  } else if (apiVersion?.startsWith(GROUP) === true && (kind === 'DetectionRule' || kind === 'DetectionFilter')) {
    readManifest(node, kind, reading);
  } else if (apiVersion === undefined && ['detection', 'correlation', 'filter'].some((key) => findEntry(node, key))) {
    reading.hasSigma = true;
  }
}

function readManifest(node: YamlMapping, kind: Manifest['kind'], reading: Reading): void {
  const refuse = (at: YamlNode, message: string): void => {
    const { line, column } = reading.lineOf(at.start);
    reading.problems.push({ line, column, message });
  };
  const metadata = findEntry(node, 'metadata')?.value;
  const name = metadata?.kind === 'mapping' ? textAt(metadata, 'name') : undefined;
  const spec = findEntry(node, 'spec')?.value;
  if (name === undefined) return refuse(node, `This ${kind} has no metadata.name.`);
  if (spec?.kind !== 'mapping') return refuse(node, `The ${kind} ${name} has no spec.`);
  const sigma = findEntry(spec, 'sigma')?.value;
  if (sigma?.kind !== 'scalar' || typeof sigma.value !== 'string') {
    return refuse(sigma ?? spec, `spec.sigma of the ${kind} ${name} is not a text. Write it behind "sigma: |".`);
  }
  const choices = readChoices(spec, name, refuse);
  if (choices === undefined) return;
  const filter = kind === 'DetectionFilter' ? readFilterChoices(spec, name, refuse) : undefined;
  if (kind === 'DetectionFilter' && filter === undefined) return;
  const mode = textAt(spec, 'mode');
  if (mode !== undefined && mode !== 'Enforce' && mode !== 'Off')
    return refuse(spec, `spec.mode of ${name} is unknown.`);
  reading.manifests.push({
    kind,
    name,
    line: reading.lineOf(node.start).line,
    sigma: embeddedText(reading.text, sigma.start, sigma.end, sigma.text),
    choices,
    off: mode === 'Off',
    filter,
    tests: metadata?.kind === 'mapping' ? testsIn(metadata, reading.text) : undefined,
  });
}

function testsIn(metadata: YamlMapping, text: string): EmbeddedText | undefined {
  const annotations = findEntry(metadata, 'annotations')?.value;
  const tests = annotations?.kind === 'mapping' ? findEntry(annotations, TESTS_ANNOTATION)?.value : undefined;
  return tests?.kind === 'scalar' ? embeddedText(text, tests.start, tests.end, tests.text) : undefined;
}

/** The choices beside the rule, checked as the CRD does; undefined where one is wrong, which is reported. */
function readChoices(
  spec: YamlMapping,
  name: string,
  refuse: (at: YamlNode, message: string) => void,
): RuleChoices | undefined {
  let wrong = false;
  const choice = <T extends string>(key: string, node: YamlNode | undefined, allowed: readonly T[]): T | undefined => {
    const text = node?.kind === 'scalar' ? node.text : undefined;
    const found = allowed.find((one) => one === text);
    if (node === undefined || found !== undefined) return found;
    wrong = true;
    refuse(node, `spec.${key} of ${name} is none of ${allowed.join(', ')}.`);
    return undefined;
  };
  const severity = choice('severity', findEntry(spec, 'severity')?.value, SEVERITIES);
  const dryRun = choice('dryRun', findEntry(spec, 'dryRun')?.value, ['Exclude', 'Include']);
  const outcomes = findEntry(spec, 'outcome')?.value;
  const items = outcomes?.kind === 'sequence' ? outcomes.items : outcomes && [outcomes];
  const outcome = items?.map((item) => choice('outcome', item, OUTCOMES)).filter((one) => one !== undefined);
  return wrong ? undefined : { severity, outcome, dryRun };
}

/** The choices beside a filter, checked as the CRD does; undefined where one is wrong, which is reported. */
function readFilterChoices(
  spec: YamlMapping,
  name: string,
  refuse: (at: YamlNode, message: string) => void,
): FilterChoices | undefined {
  const effect = findEntry(spec, 'effect')?.value;
  const expires = findEntry(spec, 'expiresAt')?.value;
  const declared = effect === undefined ? 'Remove' : textAt(spec, 'effect');
  if (effect !== undefined && declared !== 'Remove' && declared !== 'KeepOnly') {
    refuse(effect, `spec.effect of ${name} is none of Remove, KeepOnly.`);
    return undefined;
  }
  const expiresAt = expires?.kind === 'scalar' && RFC3339.test(expires.text) ? Date.parse(expires.text) : undefined;
  if (expires !== undefined && (expiresAt === undefined || Number.isNaN(expiresAt))) {
    refuse(expires, `spec.expiresAt of ${name} is no time like 2027-01-31T00:00:00Z.`);
    return undefined;
  }
  return { effect: declared === 'KeepOnly' ? 'KeepOnly' : 'Removes', expiresAt };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function textAt(mapping: YamlMapping, key: string): string | undefined {
  const value = findEntry(mapping, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.text : undefined;
}
