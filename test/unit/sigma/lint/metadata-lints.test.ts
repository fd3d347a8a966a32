import assert from 'node:assert/strict';
import { compileDocuments, lintSet, readDocument } from '../../../../src/sigma/index.ts';
import { auditRule, findingsIn, fixed } from './findings.ts';

const DETECTION = 's:\n  user.username: x\ncondition: s';

describe('lint of metadata', () => {
  const cases: readonly [head: string, codes: readonly string[], fixed?: string][] = [
    ['date: 2024/7/1 # v1\n', ['UnusualField'], 'date: 2024-07-01 # v1\n'],
    ["modified: '2024/07/11'\n", ['UnusualField'], 'modified: 2024-07-11\n'],
    ['date: July\n', ['UnusualField']],
    ['status: Stable\n', ['NotLowerCase'], 'status: stable\n'],
    ['status: stabel\n', ['UnusualField']],
    ['tags:\n  - attack.initial_access\n', ['InvalidTag'], 'tags:\n  - attack.initial-access\n'],
    [
      "tags: [attack.T1053.007, 'attack.execution']\n",
      ['InvalidTag'],
      "tags: [attack.t1053.007, 'attack.execution']\n",
    ],
    ['tags:\n  - attack.t10537\n', ['InvalidTag']],
    ['tags:\n  - persistence\n', ['InvalidTag']],
    [
      'tags:\n  - attack.execution\n  - cve.2021-44228 # log4j\n  - attack.execution\n',
      ['DuplicateTag'],
      'tags:\n  - attack.execution\n  - cve.2021-44228 # log4j\n',
    ],
    [
      'tags:\n  - attack.g0049\n  - attack.ds0022\n  - attack.s0154\n  - d3fend.d3-am\n  - stp.3k\n  - tlp.amber-strict\n  - car.2016-04-005\n  - detection.threat-hunting\n',
      [],
    ],
    [
      'related:\n  - id: cd3a808c-c7b7-4c50-a2f3-f4cfcd436435\n    type: obsoletes\n',
      ['UnknownRelation'],
      'related:\n  - id: cd3a808c-c7b7-4c50-a2f3-f4cfcd436435\n    type: obsolete\n',
    ],
    ['related:\n  - id: cd3a808c-c7b7-4c50-a2f3-f4cfcd436435\n    type: cousin\n', ['UnknownRelation']],
  ];
  for (const [head, codes, corrected] of cases) {
    it(`finds ${codes.join(', ') || 'nothing'} in ${JSON.stringify(head)}`, () => {
      const source = auditRule(DETECTION, head);
      assert.deepEqual(
        findingsIn(source).map(({ code }) => code),
        codes,
      );
      assert.equal(fixed(source), auditRule(DETECTION, corrected ?? head));
    });
  }

  it('finds a level that is not in lower case', () => {
    const source = auditRule(DETECTION).replace('level: low', "level: 'LOW'");
    assert.deepEqual(
      findingsIn(source).map(({ code }) => code),
      ['NotLowerCase'],
    );
    assert.equal(fixed(source), auditRule(DETECTION));
  });

  it('finds rules for Kubernetes that see no audit event', () => {
    const source = auditRule(DETECTION).replace('service: audit', 'service: kube-audit');
    assert.deepEqual(
      findingsIn(source).map(({ code }) => code),
      ['OtherKubernetesLogsource'],
    );
  });

  const alls: readonly [item: string, fixed: string][] = [
    ['user.username|contains|all: x', 'user.username|contains: x'],
    ['user.username|all|contains: x', 'user.username|contains: x'],
    ['user.groups|all: [x]', 'user.groups: [x]'],
  ];
  for (const [item, corrected] of alls) {
    it(`takes all off ${item}`, () => {
      const source = auditRule(`s:\n  ${item}\ncondition: s`);
      assert.deepEqual(
        findingsIn(source).map(({ code }) => code),
        ['AllWithSingleValue'],
      );
      assert.equal(fixed(source), auditRule(`s:\n  ${corrected}\ncondition: s`));
    });
  }
});

describe('lint of a set of rules', () => {
  it('finds ids that stand twice, and what has none', () => {
    const rule = auditRule(DETECTION);
    const sources = [
      rule,
      rule.replace('0c9b', '0C9B'),
      rule.replace(/^id: .*\n/m, ''),
      rule.replace(/^level: .*\n/m, '').replace('0c9b', '1111'),
    ];
    const members = sources.flatMap((source, index) =>
      compileDocuments(source).flatMap((document) =>
        document.kind === 'detection'
          ? [
              {
                document: document.rule.document,
                syntax: () => readDocument(source, document.index),
                place: `rule ${index}`,
              },
            ]
          : [],
      ),
    );
    assert.deepEqual(
      lintSet(members).map((findings) => findings.map(({ code, message, line }) => [code, message, line])),
      [
        [],
        [['DuplicateId', 'rule 0 has this id, too.', 2]],
        [['MissingId', 'The rule has no id.', 1]],
        [['MissingLevel', 'The rule has no level.', 1]],
      ],
    );
  });
});
