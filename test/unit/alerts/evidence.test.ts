import assert from 'node:assert/strict';
import { evidence } from '../../../src/alerts/evidence.ts';
import type { AuditEvent } from '../../../src/audit/index.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { auditEvent } from './audit-records.ts';

function evidenceOf(detection: string, event: AuditEvent, bodiesUnknown = false): readonly string[] {
  const result = compileRule(
    `title: T\nlogsource: {product: kubernetes, service: audit}\ndetection:\n${detection.replace(/^/gm, '  ')}`,
  );
  assert.ok(result.ok);
  return evidence(result.rule, { event, bodiesUnknown, position: { generation: 1, offset: 1 }, line: 1 });
}

describe('evidence', () => {
  it('is the predicates that the event met, with its values', () => {
    const rule = 'selection:\n  verb: [patch, update]\n  user.username|contains: lic\ncondition: selection';
    assert.deepEqual(evidenceOf(rule, auditEvent()), [
      'verb is one of "patch", "update"; found "patch"',
      'user.username contains "lic"; found "alice"',
    ]);
  });

  it('leaves out what did not match, and what was ruled out', () => {
    const rule = 'a: {verb: patch}\nb: {verb: delete}\nc: {user.username: bob}\ncondition: 1 of a* or b and not c';
    assert.deepEqual(evidenceOf(rule, auditEvent()), ['verb is "patch"; found "patch"']);
  });

  it('says where a body was cut off', () => {
    const rule = 'a: {requestObject.spec.hostNetwork: true}\ncondition: a';
    assert.deepEqual(evidenceOf(rule, auditEvent(), true), [
      'requestObject.spec.hostNetwork is true; unknown, the body was cut off',
    ]);
  });

  for (const [resource, subresource] of [
    ['secrets', undefined],
    ['tokenreviews', undefined],
    ['serviceaccounts', 'token'],
  ] as const) {
    it(`never holds values of a body that may hold credentials: ${subresource ?? resource}`, () => {
      const objectRef = { resource, ...(subresource && { subresource }), namespace: 'shop', name: 'x' };
      const requestObject = {
        data: { password: 'aHVudGVyMg==' },
        spec: { token: 'hunter2' },
        status: { token: 'hunter2' },
      };
      const rule =
        'a:\n  requestObject.data.password|startswith: a\n  requestObject.spec.token|exists: true\n  objectRef.name: x\ncondition: a';
      const lines = evidenceOf(rule, auditEvent({ objectRef, requestObject }));
      assert.equal(lines.length, 3);
      assert.doesNotMatch(lines.join('\n'), /hunter2|aHVud/);
      assert.match(lines.join('\n'), /withheld/);
      assert.match(lines.join('\n'), /objectRef\.name is "x"; found "x"/);
    });
  }

  it('is bounded, and safe to print', () => {
    const event = auditEvent({ userAgent: `\u001b[31m${'x'.repeat(10_000)}` });
    const items = Array.from({ length: 40 }, (_, n) => `  a${n}: {userAgent|contains: '${'x'.repeat(500)}'}`).join(
      '\n',
    );
    const rule = `${items.replace(/^ {2}/gm, '')}\ncondition: all of a*`;
    const lines = evidenceOf(rule, event);
    assert.equal(lines.length, 16);
    for (const line of lines) assert.ok(Buffer.byteLength(line) < 400 && !line.includes('\u001b'), line);
  });
});
