import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LevelObserver } from '../../../src/audit/index.ts';
import { decodeAnnotation, encodeAnnotation } from '../../../src/controllers/replica/annotation-codec.ts';
import { decodeNodeReport, encodeNodeReport } from '../../../src/controllers/replica/node-report.ts';
import { decodeRulesReport, encodeRulesReport } from '../../../src/controllers/replica/rules-report.ts';
import { nodeReport } from './reports.ts';

describe('reports in annotations', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        assert.deepEqual(decodeAnnotation(encodeAnnotation(value)), json);
      }),
    );
    assert.deepEqual(decodeNodeReport(encodeNodeReport(nodeReport('one'))), nodeReport('one'));
  });

  it('are compressed where they are long, so that 5,000 rules have room', () => {
    const hash = (n: number): string => (n * 2_654_435_761).toString(16).padStart(12, '0').slice(0, 12);
    const report = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [`kubernetes-audit-rule-number-${n}`, `${n}:${hash(n)}`]),
    );
    const text = encodeRulesReport(report);
    assert.match(text, /^gzip:/);
    assert.ok(text.length < 128 * 1024, String(text.length));
    assert.deepEqual(decodeRulesReport(text), report);
  });

  it('have room for all that is observed of audit levels, whatever the resources are called', () => {
    const observer = new LevelObserver();
    const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
    for (const day of [24, 25]) {
      observer.readTo(`2026-11-${day}T05:00:00Z`);
      for (let n = 0; n < 600; n++) {
        const resource = createHash('sha256').update(`${day} ${n}`).digest('hex').slice(0, 62);
        for (const [index, verb] of verbs.entries()) {
          const level = (n + index) % 3 === 0 ? 'Metadata' : 'RequestResponse';
          const names = { apiGroup: undefined, subresource: undefined, resource };
          observer.note({ ...names, level, verb, code: 200, bodies: n % 2 === 0 });
        }
      }
    }
    const text = encodeAnnotation(observer.snapshot('joined'));
    assert.ok(text.length < 96 * 1024, String(text.length));
  });

  const strange: readonly [title: string, text: string | undefined][] = [
    ['nothing', undefined],
    ['an empty text', ''],
    ['no JSON', '{'],
    ['JSON of another shape', '[1,null]'],
    ['a number', '7'],
    ['no base64', 'gzip:%%%'],
    ['no gzip', `gzip:${Buffer.from('x').toString('base64')}`],
    ['gzip that breaks off', `gzip:${gzipSync('{"a":"b"}').subarray(0, 15).toString('base64')}`],
    ['gzip without JSON', `gzip:${gzipSync('x').toString('base64')}`],
    ['a bomb', `gzip:${gzipSync(Buffer.alloc(17 * 1024 * 1024, ' ')).toString('base64')}`],
  ];
  for (const [title, text] of strange) {
    it(`count as none where there is ${title}`, () => {
      assert.equal(decodeNodeReport(text), undefined);
      assert.deepEqual(decodeRulesReport(text), {});
    });
  }

  it('of rules are read as far as they are texts', () => {
    assert.deepEqual(decodeRulesReport('{"a":"1:x","b":2,"c":null}'), { a: '1:x' });
  });
});
