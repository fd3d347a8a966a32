import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { eventName, eventNamespace, type Occurrence, validOccurrence, validReporter } from '../../../src/kube/event.ts';

const occurrence = (changes: Partial<Occurrence> = {}): Occurrence => ({
  regarding: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'backup' },
  type: 'Warning',
  reason: 'Matched',
  action: 'Create',
  note: 'alice created it',
  ...changes,
});

/** k8s.io/apimachinery: a DNS-1123 subdomain. */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const nameOf = (name: string) => eventName(occurrence({ regarding: { name } }), Date.UTC(2026, 0, 1), () => 0.5);

describe('Event', () => {
  const names: readonly [string, string][] = [
    ['backup', 'backup.19b76daa80080000000'],
    ['system:node:a', 'system-node-a.19b76daa80080000000'],
    ['Häßlich', 'h--lich.19b76daa80080000000'],
    ['-a.-b-.', 'a.b.19b76daa80080000000'],
    ['', 'event.19b76daa80080000000'],
    ['../..', 'event.19b76daa80080000000'],
  ];
  for (const [name, expected] of names) {
    it(`gets its name from "${name}"`, () => assert.equal(nameOf(name), expected));
  }

  it('always gets a name that the API takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const result = nameOf(name);
        assert.match(result, SUBDOMAIN);
        assert.ok(result.length <= 253);
      }),
    );
  });

  it('keeps texts within the limits of the API, cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const valid = validOccurrence(occurrence({ reason: `R${text}`, action: `A${text}`, note: text }))!;
        for (const [value, limit] of [
          [valid.reason, 128],
          [valid.action, 128],
          [valid.note, 1024],
        ] as const) {
          assert.ok(Buffer.byteLength(value) <= limit);
          assert.ok(value.isWellFormed());
          assert.ok(!value.includes('\uFFFD') || text.includes('\uFFFD') || !text.isWellFormed());
        }
        if (Buffer.byteLength(text) <= 1024 && text.isWellFormed()) assert.equal(valid.note, text);
      }),
    );
    assert.equal(validOccurrence(occurrence({ note: '€'.repeat(400) }))!.note, `${'€'.repeat(340)}…`);
  });

  it('is impossible without reason or action, or about something absurd', () => {
    assert.equal(validOccurrence(occurrence({ reason: '' })), undefined);
    assert.equal(validOccurrence(occurrence({ action: '' })), undefined);
    assert.equal(validOccurrence(occurrence({ regarding: { name: 'x'.repeat(5000) } })), undefined);
  });

  it('is in the namespace of its object, or in default', () => {
    assert.equal(eventNamespace(occurrence()), 'shop');
    assert.equal(eventNamespace(occurrence({ regarding: { kind: 'Node', name: 'n' } })), 'default');
    assert.equal(eventNamespace(occurrence({ regarding: { kind: 'Node', namespace: '', name: 'n' } })), 'default');
  });

  it('needs a reporter that the API takes', () => {
    for (const controller of ['operator', 'example.dev/operator', 'a/B_c.d'])
      validReporter({ controller, instance: 'i' });
    for (const controller of ['', '/x', 'a/b/c', 'ex ample', 'Example.dev/x', '-x', 'x'.repeat(64)]) {
      assert.throws(() => validReporter({ controller, instance: 'i' }), RangeError, controller);
    }
    assert.throws(() => validReporter({ controller: 'operator', instance: '' }), RangeError);
    assert.equal(validReporter({ controller: 'operator', instance: 'i'.repeat(200) }).instance.length, 128);
  });
});
