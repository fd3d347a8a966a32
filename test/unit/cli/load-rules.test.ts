import assert from 'node:assert/strict';
import { symlinkSync, truncateSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadRules } from '../../../src/cli/rules/load-rules.ts';
import type { LoadedRules } from '../../../src/cli/rules/loaded.ts';
import { SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';

function indented(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}

function manifest(name: string, spec = '', sigma = SECRETS_RULE): string {
  return `apiVersion: detection.sigma-operator.dev/v1alpha1
kind: DetectionRule
metadata:
  name: ${name}
spec:
${indented(spec, 2)}  sigma: |
${indented(sigma, 4)}`;
}

const FILTER = `title: Not Bob
logsource:
    product: kubernetes
    service: audit
filter:
    rules:
        - 5f1e0c66-52b1-4a55-9d24-1a3c6d2f6b1d
    bob:
        user.username: bob
    condition: not bob
`;

describe('loading rules', () => {
  const folder = testFolder();

  function load(...paths: readonly string[]): LoadedRules {
    return loadRules(paths.map((path) => join(folder.path, path)));
  }

  function names({ rules }: LoadedRules): readonly string[] {
    return rules.map(({ name, line }) => `${name.startsWith('/') ? relative(folder.path, name) : name}:${line}`);
  }

  function problems(loaded: LoadedRules): readonly string[] {
    return loaded.problems.map(
      ({ file, line, column, code }) => `${relative(folder.path, file)}:${line}:${column} ${code}`,
    );
  }

  it('takes Sigma files, several documents in one, and manifests, alone and in lists', () => {
    folder.write({
      'a.yml': SECRETS_RULE,
      'b/two.yaml': `${SECRETS_RULE}---\n${SECRETS_RULE}`,
      'c/rules.yaml': `${manifest('first')}---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n---\n${manifest('second', 'mode: "Off"\n')}`,
      'd/list.yaml': `apiVersion: v1\nkind: List\nitems:\n  -\n${indented(manifest('third'), 4)}`,
      'e/list.json': JSON.stringify({
        apiVersion: 'detection.sigma-operator.dev/v1alpha1',
        kind: 'DetectionRuleList',
        items: [
          {
            apiVersion: 'detection.sigma-operator.dev/v1alpha1',
            kind: 'DetectionRule',
            metadata: { name: 'fourth' },
            spec: { sigma: SECRETS_RULE, severity: 'critical' },
          },
        ],
      }),
    });
    const loaded = load('.');
    assert.deepEqual(problems(loaded), []);
    assert.deepEqual(names(loaded), [
      'a.yml:1',
      'b/two.yaml:1',
      'b/two.yaml#2:14',
      'first:7',
      'second:31',
      'third:11',
      'fourth:1',
    ]);
    assert.deepEqual(
      loaded.rules.map(({ off }) => off),
      [false, false, false, false, true, false, false],
    );
    assert.equal(loaded.rules.at(-1)?.choices.severity, 'critical');
  });

  it('leaves alone what is in a folder and is no rule', () => {
    folder.write({
      'rule.yml': SECRETS_RULE,
      'kustomization.yaml': 'resources: [rule.yml]\n',
      'values.yaml': 'replicas: 3\n',
      'deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n',
      'broken-other.yaml': 'a: [\n',
      'README.md': 'detection: none\n',
      '.github/workflow.yml': SECRETS_RULE,
      'node_modules/x/rule.yml': SECRETS_RULE,
    });
    const loaded = load('.');
    assert.deepEqual(names(loaded), ['rule.yml:1']);
    assert.deepEqual(problems(loaded), []);
    assert.deepEqual([loaded.files, loaded.ignored], [4, 3]);
  });

  it('finds each file once, through links as Kubernetes mounts them', () => {
    folder.write({ 'mount/..2026/rule.yml': SECRETS_RULE });
    symlinkSync('..2026', join(folder.path, 'mount/..data'));
    symlinkSync('..data/rule.yml', join(folder.path, 'mount/rule.yml'));
    symlinkSync('..', join(folder.path, 'mount/up'));
    assert.deepEqual(names(load('mount', 'mount/rule.yml')), ['mount/rule.yml:1']);
  });

  it('places what is broken in the file, also inside a manifest, and takes the rest', () => {
    const broken = SECRETS_RULE.replace('condition: selection', 'condition: selction');
    folder.write({
      'a.yml': broken,
      'b.yaml': `${manifest('good')}---\n${manifest('bad', '', broken)}---\n${manifest('worse', 'severity: severe\n')}`,
      'c.yaml': manifest('two', '', `${SECRETS_RULE}---\n${SECRETS_RULE}`),
      'd.yml': 'detection: [\n',
    });
    const loaded = load('.');
    assert.deepEqual(names(loaded), ['good:7']);
    assert.deepEqual(problems(loaded), [
      'a.yml:11:16 UnknownIdentifier',
      'b.yaml:44:13 InvalidManifest',
      'b.yaml:36:20 UnknownIdentifier',
      'c.yaml:20:5 SeveralRulesInManifest',
      'd.yml:2:1 InvalidYaml',
    ]);
  });

  it('takes what is named for a rule, whatever it is called, and says so where it is none', () => {
    folder.write({
      'rule.txt': SECRETS_RULE,
      'values.yaml': 'replicas: 3\n',
      'pod.yaml': 'apiVersion: v1\nkind: Pod\n',
      'empty.yml': '',
    });
    const loaded = load('rule.txt', 'values.yaml', 'pod.yaml', 'empty.yml');
    assert.deepEqual(names(loaded), ['rule.txt:1']);
    assert.deepEqual(
      loaded.problems.map(({ file, code }) => [relative(folder.path, file), code]),
      [
        ['values.yaml', 'MissingField'],
        ['values.yaml', 'MissingField'],
        ['values.yaml', 'MissingField'],
        ['pod.yaml', 'NoRuleInFile'],
        ['empty.yml', 'EmptySource'],
      ],
    );
  });

  it('takes filters, in files of their own and in manifests', () => {
    folder.write({
      'filter.yml': FILTER,
      'm.yaml': manifest('f', '', FILTER).replace('DetectionRule', 'DetectionFilter'),
    });
    assert.deepEqual(
      load('.')
        .filters.map(({ name, line }) => [relative(folder.path, name), line])
        .map(([name, line]) => [String(name).replace(/^.*\//, ''), line]),
      [
        ['filter.yml', 1],
        ['f', 7],
      ],
    );
  });

  const detectionFilter = (name: string, spec = '', sigma = FILTER): string =>
    manifest(name, spec, sigma).replace('DetectionRule', 'DetectionFilter');
  const KEEPS = FILTER.replace('condition: not bob', 'condition: bob');

  it('takes what stands beside a filter in a manifest', () => {
    folder.write({
      'filters/expires.yaml': detectionFilter('expires', 'expiresAt: 2027-01-31T00:00:00Z\nowner: us\nreason: known\n'),
      'filters/keeps.yaml': detectionFilter('keeps', 'effect: KeepOnly\n', KEEPS),
    });
    const { filters, problems: found } = load('filters');
    assert.deepEqual(found, []);
    assert.deepEqual(
      filters.map(({ name, expiresAt, findings, compiled }) => [
        name,
        expiresAt,
        findings.some(({ code }) => code === 'FilterKeeps'),
        compiled.effect,
      ]),
      [
        ['expires', Date.UTC(2027, 0, 31), false, 'Removes'],
        ['keeps', undefined, false, 'KeepOnly'],
      ],
    );
  });

  const refused: readonly [title: string, text: string, problem: string][] = [
    ['one that keeps and does not say so', detectionFilter('f', '', KEEPS), 'x.yaml:16:20 UndeclaredEffect'],
    ['one that only says that it keeps', detectionFilter('f', 'effect: KeepOnly\n'), 'x.yaml:17:20 UndeclaredEffect'],
    ['an unknown effect', detectionFilter('f', 'effect: Hide\n'), 'x.yaml:6:11 InvalidManifest'],
    ['a time that is none', detectionFilter('f', 'expiresAt: soon\n'), 'x.yaml:6:14 InvalidManifest'],
    ['a rule in a filter', detectionFilter('f', '', SECRETS_RULE), 'x.yaml:7:5 InvalidManifest'],
    ['a filter in a rule', manifest('r', '', FILTER), 'x.yaml:7:5 InvalidManifest'],
  ];
  for (const [title, text, problem] of refused) {
    it(`refuses as the operator does: ${title}`, () => {
      folder.write({ 'x.yaml': text });
      const loaded = load('x.yaml');
      assert.deepEqual(problems(loaded), [problem]);
      assert.equal(loaded.filters.length + loaded.rules.length, 0);
    });
  }

  it('refuses a file that is larger than any set of rules', () => {
    folder.write({ 'huge.yml': '' });
    truncateSync(join(folder.path, 'huge.yml'), 64 * 1024 * 1024 + 1);
    assert.deepEqual(problems(load('huge.yml')), ['huge.yml:1:1 FileTooLarge']);
  });

  it('says which path is not there', () => {
    assert.throws(() => load('nothing'), { code: 'PathNotFound', place: join(folder.path, 'nothing') });
  });
});
