import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { ImportReport } from '../../../src/cli/import/import-report.ts';
import { runImport } from '../../../src/cli/import/run-import.ts';
import { sigmaScalar } from '../../../src/cli/import/sigma-scalar.ts';
import { updateManifest } from '../../../src/cli/import/update-manifest.ts';
import { readManifests } from '../../../src/cli/rules/manifest.ts';
import { readCorpus } from '../sigma/support/corpus.ts';
import { SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const OTHER = SECRETS_RULE.replace('Secret read', 'Other').replace('5f1e', '5f1f');
const WINDOWS = OTHER.replace('product: kubernetes', 'product: windows').replace('5f1f', '5f20');

describe('import', () => {
  const folder = testFolder();

  function at(path: string): string {
    return join(folder.path, path);
  }

  function text(path: string): string {
    return readFileSync(at(path), 'utf8');
  }

  /** Imports `sigma` into `out`. */
  function run(options: { readonly license?: string } = {}): {
    readonly status: number;
    readonly stderr: string;
    readonly report: ImportReport;
  } {
    const terminal = testTerminal();
    const status = runImport({ folder: at('sigma'), out: at('out'), format: 'json', ...options }, terminal);
    return { status, stderr: terminal.stderr(), report: JSON.parse(terminal.stdout()) };
  }

  function actions({ rules }: ImportReport): Readonly<Record<string, string>> {
    return Object.fromEntries(rules.map(({ name, action }) => [name, action]));
  }

  function sigmaIn(path: string): string | undefined {
    return readManifests(text(path)).manifests[0]?.sigma.text;
  }

  it('makes a manifest of each rule, with where it is from and whose it is, and a kustomization of all', () => {
    folder.write({ 'sigma/a/Secret_Read.yml': SECRETS_RULE, 'sigma/b.yaml': OTHER, 'sigma/README.md': '# Rules' });
    const { status, stderr, report } = run({ license: 'MIT' });
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(actions(report), { 'secret-read': 'created', b: 'created' });
    assert.equal(
      text('out/secret-read.yaml'),
      `# Source: a/Secret_Read.yml
# Author: Somebody
# Licence: MIT
apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata:
  name: secret-read
spec:
  sigma: |
${SECRETS_RULE.replaceAll(/^(?=.)/gm, '    ')}`,
    );
    assert.deepEqual(load(text('out/kustomization.yaml')), {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['b.yaml', 'secret-read.yaml'],
    });
  });

  it('imports the public rules for Kubernetes out of all public rules: sixteen, byte for byte, and again without a change', function () {
    this.timeout(60_000);
    const corpus = readCorpus();
    folder.write(Object.fromEntries(corpus.map((rule) => [`sigma/${rule.path}`, rule.text])));
    const { status, report } = run();
    assert.equal(status, 0);
    assert.equal(report.rules.length, 16);
    const sources = new Map(corpus.map((rule) => [rule.path, rule.text]));
    for (const { file, source } of report.rules) assert.equal(sigmaIn(`out/${file}`), sources.get(source));
    assert.ok(report.rules.every(({ source }) => source.startsWith('rules/application/kubernetes/audit/')));
    const leftOut = Object.values(report.leftOut).reduce((sum, count) => sum + count, 0);
    assert.ok(leftOut >= corpus.length - 16);
    const before = readdirSync(at('out')).map((name) => text(`out/${name}`));
    assert.deepEqual(new Set(Object.values(actions(run().report))), new Set(['unchanged']));
    assert.deepEqual(
      readdirSync(at('out')).map((name) => text(`out/${name}`)),
      before,
    );
  });

  it('updates the text of a rule and leaves what was chosen beside it, and how it is written, alone', () => {
    folder.write({ 'sigma/secret.yml': SECRETS_RULE });
    run();
    const chosen = (sigma: string): string => `# Ours: ask Alice before changing this.
apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata:
  labels: {team: "blue"} # them
  name: secret
spec:
  severity: critical   # it is, here
  sigma: |
${sigma.replaceAll(/^(?=.)/gm, '    ')}
  mode: 'Off'
  alert:
    groupBy: [actor]
`;
    writeFileSync(at('out/secret.yaml'), chosen(SECRETS_RULE));
    assert.deepEqual(actions(run().report), { secret: 'unchanged' });
    assert.equal(text('out/secret.yaml'), chosen(SECRETS_RULE));
    const newer = `${SECRETS_RULE.replace('level: high', 'level: critical')}tags:\n    - attack.t1552\n`;
    folder.write({ 'sigma/secret.yml': newer });
    assert.deepEqual(actions(run().report), { secret: 'updated' });
    assert.equal(text('out/secret.yaml'), chosen(newer));
  });

  it('knows a rule by its id, so that its manifest can be renamed and moved', () => {
    folder.write({ 'sigma/secret.yml': SECRETS_RULE });
    run();
    mkdirSync(at('out/ours'));
    renameSync(at('out/secret.yaml'), at('out/ours/mine.yaml'));
    writeFileSync(at('out/ours/mine.yaml'), text('out/ours/mine.yaml').replace('name: secret', 'name: ours-secret'));
    folder.write({ 'sigma/renamed.yml': SECRETS_RULE.replace('level: high', 'level: low') });
    renameSync(at('sigma/renamed.yml'), at('sigma/secret.yml'));
    assert.deepEqual(actions(run().report), { 'ours-secret': 'updated' });
    assert.ok(!existsSync(at('out/secret.yaml')));
    assert.match(sigmaIn('out/ours/mine.yaml') ?? '', /^level: low$/m);
  });

  it('deletes nothing, and says what is no longer in the source', () => {
    folder.write({ 'sigma/secret.yml': SECRETS_RULE, 'sigma/other.yml': OTHER });
    run();
    folder.write({ 'sigma/other.yml': WINDOWS });
    const { status, report } = run();
    assert.equal(status, 0);
    assert.deepEqual(report.notInSource, [{ name: 'other', file: 'other.yaml' }]);
    assert.deepEqual(report.leftOut, { windows: 1 });
    assert.ok(existsSync(at('out/other.yaml')));
  });

  it('leaves a rule out of the kustomization that was taken out of it, and keeps what else is in it', () => {
    folder.write({ 'sigma/secret.yml': SECRETS_RULE, 'sigma/other.yml': OTHER });
    run();
    const own = 'resources:\n# the rest is too noisy\n- other.yaml\nlabels: [{pairs: {a: b}}]\n';
    writeFileSync(at('out/kustomization.yaml'), own);
    run();
    assert.equal(text('out/kustomization.yaml'), own);
    folder.write({ 'sigma/third.yml': OTHER.replace('5f1f', '5f22') });
    run();
    assert.equal(text('out/kustomization.yaml'), own.replace('other.yaml\n', 'other.yaml\n- third.yaml\n'));
  });

  it('takes the rules of one file apart, a correlation together with its rules, and tells same names apart', () => {
    const correlation = `title: Many\ncorrelation: {type: event_count, rules: [secret], group-by: [user.username], timespan: 5m, condition: {gte: 3}}\n---\n${SECRETS_RULE.replace('title', 'name: secret\ntitle').replace('5f1e', '5f23')}`;
    folder.write({
      'sigma/a/secret.yml': `${SECRETS_RULE}---\n${OTHER}`,
      'sigma/b/secret.yml': OTHER.replace('5f1f', '5f24'),
      'sigma/c/secret.yml': OTHER.replace('5f1f', '5f25'),
      'sigma/many.yml': correlation,
    });
    const { status, report } = run();
    assert.equal(status, 0);
    const names = report.rules.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 2), ['secret-1', 'secret-2']);
    assert.match(names.slice(2).join(' '), /^secret-[0-9a-f]{8} secret-[0-9a-f]{8} many$/);
    assert.equal(new Set(names).size, 5);
    assert.equal(sigmaIn('out/secret-1.yaml'), SECRETS_RULE);
    assert.equal(sigmaIn('out/secret-2.yaml'), OTHER);
    assert.equal(sigmaIn('out/many.yaml'), correlation);
  });

  it('reports rules for Kubernetes that cannot be imported, and imports the others', () => {
    folder.write({
      'sigma/secret.yml': SECRETS_RULE,
      'sigma/broken.yml': SECRETS_RULE.replace('condition: selection', 'condition: nothing'),
      'sigma/broken-windows.yml': WINDOWS.replace('condition: selection', 'condition: nothing'),
      'sigma/old.yml': OTHER.replace('title', 'status: deprecated\ntitle'),
      'sigma/long.yml': OTHER.replace('5f1f', '5f26').replace('level: high', `description: ${'x'.repeat(70_000)}`),
    });
    const { status, stderr, report } = run();
    assert.equal(status, 1);
    assert.deepEqual(actions(report), { secret: 'created' });
    assert.match(stderr, /^not imported .*broken\.yml:11:16: UnknownIdentifier: .*\n/m);
    assert.match(stderr, /long\.yml:1:1: NotImported: The rule has 70\d{3} characters\.\n {2}\S/);
    assert.deepEqual(report.leftOut, { 'refused, of another product': 1, 'status deprecated': 1 });
  });

  it('overwrites nothing that is not its own', () => {
    folder.write({ 'sigma/secret.yml': SECRETS_RULE, 'out/secret.yaml': 'kind: ConfigMap\nmetadata: {name: x}\n' });
    const { status, stderr } = run();
    assert.equal(status, 1);
    assert.match(stderr, /There is a file of that name with something else/);
    assert.equal(text('out/secret.yaml'), 'kind: ConfigMap\nmetadata: {name: x}\n');
  });

  it('keeps the licence of a repository of rules beside them, and not that of a software around them', () => {
    const licence = '# Detection Rule License (DRL) 1.1\n\nPermission is hereby granted …\n';
    folder.write({ 'sigma/rules/secret.yml': SECRETS_RULE, 'sigma/LICENSE.md': licence });
    run();
    assert.equal(text('out/LICENSE.md'), licence);
    assert.match(text('out/secret.yaml'), /^# Licence: Detection Rule License 1\.1$/m);
    folder.write({ LICENSE: 'Apache License\nVersion 2.0\n', 'more/rules/secret.yml': SECRETS_RULE });
    runImport({ folder: at('more/rules'), out: at('second'), format: 'json' }, testTerminal());
    assert.deepEqual(readdirSync(at('second')), ['kustomization.yaml', 'secret.yaml']);
  });

  it('refuses folders that are not there, or have nothing for Kubernetes', () => {
    assert.throws(() => run(), { code: 'PathNotFound' });
    folder.write({ 'sigma/windows.yml': WINDOWS });
    assert.throws(() => run(), { code: 'NoRules', message: 'None of its rules is about Kubernetes audit events.' });
    assert.ok(!existsSync(at('out')));
  });
});

describe('the Sigma text in a manifest', () => {
  const manifestOf = (sigma: string): string => {
    const { header, lines } = sigmaScalar(sigma, 4);
    return `apiVersion: detection.sigma-operator.dev/v1alpha1\nkind: DetectionRule\nmetadata:\n  name: x\nspec:\n  mode: Off\n  sigma: ${header}\n${lines}`;
  };
  const sigmaOf = (manifest: string): unknown => {
    const read: { readonly spec?: { readonly sigma?: unknown } } | undefined = load(manifest) ?? undefined;
    return read?.spec?.sigma;
  };
  /** Texts of pieces that are hard on YAML. */
  const pieces = fc.constantFrom(
    'a',
    'b: c',
    '- d',
    '#',
    ' ',
    '  ',
    '\t',
    '\n',
    '\n\n',
    '---\n',
    '|',
    '"',
    "'",
    '\r',
    '\u0000',
    '\u0085',
    '\u2028',
    '\ufeff',
    'é',
    '😀',
  );
  const hard = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

  it('is read back byte for byte, by our reader and by another', () => {
    fc.assert(
      fc.property(hard, (sigma) => {
        const manifest = manifestOf(sigma);
        if (sigma !== '') assert.equal(readManifests(manifest).manifests[0]?.sigma.text, sigma);
        assert.equal(sigmaOf(manifest), sigma);
      }),
    );
  });

  it('is replaced byte for byte, and nothing beside it', () => {
    fc.assert(
      fc.property(hard, hard, (before, after) => {
        fc.pre(before !== '' && after !== '');
        const head = 'kind: ConfigMap\nmetadata: {name: other}\n---\n';
        const updated = updateManifest(`${head}${manifestOf(before)}`, 'x', after);
        assert.equal(updated?.startsWith(head), true);
        assert.equal(sigmaOf(updated?.slice(head.length) ?? ''), after);
        assert.match(updated ?? '', /\n {2}mode: Off\n {2}sigma: /);
      }),
    );
  });
});
