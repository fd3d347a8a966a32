import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  isObservedLevels,
  LevelObserver,
  type LoggedRequest,
  mergeObserved,
  OBSERVED_BITS,
  type ObservedLevels,
} from '../../../src/audit/index.ts';

const { Metadata, Request, RequestResponse, bodies } = OBSERVED_BITS;
const MORNING = '2026-11-24T05:00:00.000000Z';

const request = (changes: Partial<LoggedRequest> = {}): LoggedRequest => ({
  level: 'Metadata',
  verb: 'get',
  apiGroup: undefined,
  resource: 'pods',
  subresource: undefined,
  code: 200,
  bodies: false,
  ...changes,
});

function observed(...requests: readonly Partial<LoggedRequest>[]): ObservedLevels['resources'] {
  const observer = new LevelObserver();
  for (const changes of requests) observer.note(request(changes));
  observer.readTo(MORNING);
  return observer.snapshot()?.current.resources ?? {};
}

describe('the audit levels that are observed', () => {
  const cases: readonly [title: string, requests: readonly Partial<LoggedRequest>[], expected: object][] = [
    ['one request', [{}], { pods: { get: Metadata } }],
    [
      'several levels of one operation',
      [{ level: 'Request' }, { level: 'RequestResponse' }],
      { pods: { get: Request | RequestResponse } },
    ],
    [
      'groups and subresources',
      [{ apiGroup: 'batch', resource: 'cronjobs', subresource: 'status', verb: 'patch' }],
      { 'cronjobs.batch/status': { patch: Metadata } },
    ],
    ['paths that are no resource', [{ resource: undefined }, { resource: undefined }], { '/': { get: Metadata } }],
    ['bodies', [{ level: 'Request', verb: 'create', bodies: true }], { pods: { create: Request | bodies } }],
    ['no bodies below their level', [{ bodies: true }], { pods: { get: Metadata } }],
    ['nothing of what failed: its names may be made up', [{ code: 404 }, { code: 403 }, { code: 500 }], {}],
    ['nothing before there is an answer', [{ code: undefined }], {}],
    ['the start of an exec', [{ code: 101, subresource: 'exec' }], { 'pods/exec': { get: Metadata } }],
    ['nothing of unknown levels', [{ level: undefined }, { level: 'None' }, { level: '__proto__' }], {}],
    ['no names that no API has', [{ resource: '__proto__' }, { apiGroup: 'A b' }, { subresource: '\n' }], {}],
    ['no verbs that are none', [{ verb: '__proto__' }, { verb: undefined }], { pods: {} }],
  ];
  for (const [title, requests, expected] of cases) {
    it(`are of ${title}`, () => assert.deepEqual(observed(...requests), expected));
  }

  it('are bounded in resources, names and verbs, and say how much found no room', () => {
    const observer = new LevelObserver();
    for (let n = 0; n < 2000; n++) observer.note(request({ resource: `r${n}`, apiGroup: 'a'.repeat(n % 200) }));
    for (let n = 0; n < 100; n++) observer.note(request({ resource: 'r0', verb: 'a'.repeat((n % 24) + 1) }));
    for (const verb of ['create', 'watch']) observer.note(request({ resource: 'r0', verb }));
    observer.readTo(MORNING);
    const snapshot = observer.snapshot()?.current;
    const names = Object.keys(snapshot?.resources ?? {});
    assert.ok(names.length <= 512);
    assert.ok(names.join('').length <= 32_768);
    assert.equal(names.length + (snapshot?.unlisted ?? 0), 2000);
    assert.deepEqual(Object.keys(snapshot?.resources['r0'] ?? {}), ['get', 'create', 'watch']);
  });

  it('fade: after a day of the log the ones before are kept apart, after two they are gone', () => {
    const observer = new LevelObserver();
    observer.note(request({ resource: 'first' }));
    observer.readTo('2026-11-24T05:00:00Z');
    observer.readTo('2026-11-25T04:59:59Z');
    assert.equal(observer.snapshot()?.before, undefined);
    observer.readTo('2026-11-25T05:00:00Z');
    observer.note(request({ resource: 'second' }));
    const { current, before } = observer.snapshot() ?? assert.fail();
    assert.deepEqual([Object.keys(before?.resources ?? {}), Object.keys(current.resources)], [['first'], ['second']]);
    const joined = observer.snapshot('joined');
    assert.deepEqual(Object.keys(joined?.current.resources ?? {}).sort(), ['first', 'second']);
    assert.equal(joined?.current.since, '2026-11-24T05:00:00Z');
    observer.readTo('2026-11-26T05:00:00Z');
    assert.deepEqual(Object.keys(observer.snapshot('joined')?.current.resources ?? {}), ['second']);
  });

  it('begin anew where a clock that was far ahead is put back', () => {
    const observer = new LevelObserver();
    observer.readTo('2036-11-24T05:00:00Z');
    observer.readTo(MORNING);
    assert.equal(observer.snapshot()?.current.since, MORNING);
  });

  it('go on from a snapshot, and start with nothing from anything else', () => {
    const observer = new LevelObserver();
    observer.note(request({ level: 'Request' }));
    observer.readTo(MORNING);
    const snapshot: unknown = JSON.parse(JSON.stringify(observer.snapshot()));
    const restored = new LevelObserver(snapshot);
    restored.note(request());
    assert.deepEqual(restored.snapshot()?.current.resources, { pods: { get: Metadata | Request } });
    for (const damaged of [undefined, null, 7, {}, { current: {} }, { current: { since: 'x' } }]) {
      assert.equal(new LevelObserver(damaged).snapshot(), undefined);
    }
  });

  it('of several logs are the union, in any order and any number of times', () => {
    const bits = fc.integer({ min: 1, max: 15 });
    const verbs = fc.dictionary(fc.constantFrom('get', 'create', 'patch'), bits);
    const levels = fc.record({
      since: fc.constantFrom(MORNING, '2026-11-23T05:00:00Z', '2026-11-24T05:00:01+02:00'),
      resources: fc.dictionary(fc.constantFrom('pods', 'secrets', 'deployments.apps', '__proto__'), verbs),
      unlisted: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(levels, { minLength: 1 }), (all) => {
        const merged = mergeObserved(all) ?? assert.fail();
        assert.ok(isObservedLevels(merged));
        assert.deepEqual(mergeObserved(all.toReversed()), merged);
        assert.deepEqual(mergeObserved([...all, ...all, merged]), merged);
        for (const { resources, since } of all) {
          assert.ok(Date.parse(merged.since) <= Date.parse(since));
          for (const [resource, seen] of Object.entries(resources)) {
            for (const [verb, each] of Object.entries(seen))
              assert.equal((merged.resources[resource]?.[verb] ?? 0) & each, each);
          }
        }
      }),
    );
    assert.equal(mergeObserved([]), undefined);
  });
});
