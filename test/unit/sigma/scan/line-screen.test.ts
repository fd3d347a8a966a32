import assert from 'node:assert/strict';
import { compileRule, LineScreen, RuleSet, type RuleSetEntry } from '../../../../src/sigma/index.ts';

function rule(id: string, selection: string): RuleSetEntry {
  const text = `title: a\nlogsource: {product: kubernetes, service: audit}\ndetection:\n  a: ${selection}\n  condition: a\nlevel: low\n`;
  const compiled = compileRule(text);
  assert.ok(compiled.ok);
  return { id, plan: compiled.rule.plan };
}

function line(resource: string, { verb = 'get', uri = '/', name = 'n' } = {}): Buffer {
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a',
    stage: 'ResponseComplete',
    requestURI: uri,
    verb,
    user: { username: 'eve' },
    objectRef: { resource, name },
    requestReceivedTimestamp: '2026-10-05T06:00:00.000001Z',
    stageTimestamp: '2026-10-05T06:00:00.000002Z',
  };
  return Buffer.from(JSON.stringify(event));
}

describe('a line screen', () => {
  it('knows values again, and those that it has forgotten: there may be more than it remembers', () => {
    const count = 4200;
    const resources = Array.from({ length: count }, (_, i) => `r${i}`);
    const set = RuleSet.of(resources.map((resource) => rule(resource, `{objectRef.resource: ${resource}, verb: get}`)));
    const screen = new LineScreen(set);
    for (let round = 0; round < 3; round++) {
      for (const resource of resources) {
        assert.equal(screen.mayMatch(line(resource)), true, resource);
        assert.equal(screen.mayMatch(line(resource, { verb: 'list' })), false, resource);
        assert.equal(screen.mayMatch(line(`${resource}x`)), false, resource);
      }
    }
  });

  it('keeps what it learned while it reads long lines', () => {
    const screen = new LineScreen(RuleSet.of([rule('a', '{objectRef.resource: pods, verb: get}')]));
    for (const uri of ['/', '/x'.repeat(1_500_000), '/', '/']) {
      for (const [resource, expected] of [
        ['pods', true],
        ['secrets', false],
      ] as const)
        assert.equal(screen.mayMatch(line(resource, { uri })), expected);
    }
  });

  it('keeps what it learned apart from that of another one of the same rules', () => {
    const set = RuleSet.of([rule('a', '{objectRef.resource: pods, verb: get}'), rule('b', '{verb: [list, watch]}')]);
    const screens = [new LineScreen(set), new LineScreen(set)];
    for (let round = 0; round < 3; round++) {
      for (const verb of ['get', 'list', 'create']) {
        for (const resource of ['pods', 'secrets']) {
          const expected = verb === 'list' || (verb === 'get' && resource === 'pods');
          for (const screen of screens) assert.equal(screen.mayMatch(line(resource, { verb })), expected);
        }
      }
    }
  });

  it('finds texts in fields of which most values come once, in any case, wherever they stand', () => {
    const needles = ['/bin/sh', '%2fbin%2fbash', 'secret-name'];
    const set = RuleSet.of(
      ['requestURI', 'objectRef.name'].map((field) =>
        rule(field, `{'${field}|contains': [${needles.map((needle) => `'${needle}'`).join(', ')}]}`),
      ),
    );
    const screen = new LineScreen(set);
    for (let at = 0; at < 40; at++) {
      for (const needle of [...needles, '/BIN/sh', '%2Fbin%2Fbash']) {
        const text = `${'/bin/s'.repeat(7).slice(0, at)}${needle}/b`;
        assert.equal(screen.mayMatch(line('pods', { uri: text })), true, text);
        assert.equal(screen.mayMatch(line('pods', { name: text })), true, text);
        const other = `${'/bin/s'.repeat(7).slice(0, at)}${needle.slice(0, -1)}`;
        assert.equal(screen.mayMatch(line('pods', { uri: other, name: other })), other.includes('/bin/sh'), other);
      }
    }
  });
});
