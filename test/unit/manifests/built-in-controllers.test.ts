import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { activeRule, FiltersInForce, RulesInForce } from '../../../src/alerts/index.ts';
import { type AuditEvent, decodeAuditLine } from '../../../src/audit/index.ts';
import { loadRules } from '../../../src/cli/rules/load-rules.ts';

const ROOT = new URL('../../../', import.meta.url);
const at = (path: string): string => new URL(path, ROOT).pathname;

/** Real requests that wrote Jobs and CronJobs, while controllers did all that they do. */
function log(name: string): readonly AuditEvent[] {
  return readFileSync(at(`test/data/audit/${name}.jsonl`))
    .toString()
    .trim()
    .split('\n')
    .map((line) => {
      const decoded = decodeAuditLine(Buffer.from(line));
      return decoded.kind === 'event' ? decoded.event : assert.fail(line);
    });
}

function withoutSubresource(on: AuditEvent['objectRef']): NonNullable<AuditEvent['objectRef']> {
  return Object.fromEntries(Object.entries(on ?? {}).filter(([key]) => key !== 'subresource'));
}

const MODES = [
  ['each with its own service account', 'controllers-service-accounts'],
  ['all with one identity', 'controllers-one-identity'],
] as const;

describe('the shipped filter of built-in controllers', () => {
  const { rules, filters, problems } = loadRules([
    at('manifests/base/rules/kubernetes-audit-cronjob-modification.yaml'),
    at('manifests/filters/built-in-controllers.yaml'),
  ]);
  const active = rules.map(({ name, compiled }) => activeRule(name, '', { kind: 'rule', rule: compiled }, {}, []));
  const filter = new FiltersInForce(
    filters.map(({ name, compiled, expiresAt }) => ({ name, filter: compiled, expiresAt })),
  );
  const inForce = RulesInForce.of(active, { filters: filter });

  /** What the rule makes of an event: nothing, or whether it is shown. */
  const isShown = (event: AuditEvent): boolean | undefined => {
    const [match] = inForce.match(event, false);
    if (match === undefined) return undefined;
    return inForce.filters.judge(match.watched, match.verdict, event, false).verdict === 'match';
  };

  it('is accepted, and applies to the shipped rule', () => {
    assert.deepEqual([problems, rules.length, filters.length], [[], 1, 1]);
  });

  for (const [title, name] of MODES) {
    describe(`where the controllers run ${title}`, () => {
      const events = log(name);
      const ofControllers = events.filter(
        (event) => event.user?.username?.startsWith('system:') === true && isShown(event) !== undefined,
      );

      it('leaves out everything that they do, and nothing else', () => {
        assert.ok(ofControllers.length >= 15);
        const shown = events.filter((event) => isShown(event) === true);
        assert.deepEqual([...new Set(shown.map(({ user }) => user?.username))], ['admin']);
        assert.equal(shown.length, events.filter(({ user }) => user?.username === 'admin').length);
      });

      const disguises: readonly [title: string, change: (event: AuditEvent) => Partial<AuditEvent>][] = [
        ['a person', () => ({ user: { username: 'alice' } })],
        [
          'somebody whose name differs in case',
          ({ user }) => ({ user: { username: user?.username?.replace('s', 'S') ?? '' } }),
        ],
        [
          'a service account of the same name elsewhere',
          ({ user }) => ({ user: { username: user?.username?.replace('kube-', 'my-') ?? '' } }),
        ],
        [
          'somebody who acts as the controller',
          ({ user = {} }) => ({ user: { username: 'mallory' }, impersonatedUser: user }),
        ],
        ['the controller, as somebody else', () => ({ impersonatedUser: { username: 'mallory' } })],
        [
          'somebody with its name as user agent',
          ({ user }) => ({ user: { username: 'mallory' }, userAgent: user?.username ?? '' }),
        ],
        [
          'a stolen token that patches a status',
          ({ objectRef }) => ({ verb: 'patch', objectRef: { ...objectRef, subresource: 'status' } }),
        ],
        [
          'a stolen token that updates the object itself',
          ({ objectRef }) => ({ verb: 'update', objectRef: withoutSubresource(objectRef) }),
        ],
        [
          'a stolen token that makes a CronJob',
          ({ objectRef }) => ({ verb: 'create', objectRef: { ...objectRef, resource: 'cronjobs' } }),
        ],
      ];
      for (const [who, change] of disguises) {
        it(`shows the same done by ${who}`, () => {
          for (const event of ofControllers) {
            const changed = { ...event, ...change(event) };
            assert.equal(isShown(changed), true, JSON.stringify(changed));
          }
        });
      }
    });
  }

  it('keeps controllers apart that have identities of their own', () => {
    const events = log('controllers-service-accounts').filter((event) => isShown(event) === false);
    const names = [...new Set(events.map(({ user }) => user?.username ?? ''))].sort();
    assert.deepEqual(
      names.map((name) => name.replace('system:serviceaccount:kube-system:', '')),
      ['cronjob-controller', 'generic-garbage-collector', 'job-controller', 'ttl-after-finished-controller'],
    );
    const [cronJobs = '', , jobs = ''] = names;
    const swap: Readonly<Record<string, string>> = { [cronJobs]: jobs, [jobs]: cronJobs };
    for (const event of events) {
      const username = swap[event.user?.username ?? ''];
      if (username !== undefined) assert.equal(isShown({ ...event, user: { username } }), true, JSON.stringify(event));
    }
  });
});
