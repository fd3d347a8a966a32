import assert from 'node:assert/strict';
import fc from 'fast-check';
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

/** From a place on, the lines of a piece at which a screen stops, by their numbers; and how many it went over. */
function passed(
  screen: LineScreen,
  piece: Buffer,
  from = 0,
): { readonly stops: readonly number[]; readonly lines: number } {
  const stops: number[] = [];
  let lines = 0;
  for (let at = from, number = 0; ; at = screen.line.behind, number++) {
    const found = screen.passOver(piece, at, 0);
    lines += found.lines;
    number += found.lines;
    if (found.stop === 'rest') return { stops, lines };
    stops.push(number);
  }
}

function pieceOf(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((each) => [each, Buffer.from('\n')]));
}

describe('a line screen', () => {
  it('knows values again, and those that it has forgotten: there may be more than it remembers', () => {
    const count = 4200;
    const resources = Array.from({ length: count }, (_, i) => `r${i}`);
    const rules = resources.map((resource) => rule(resource, `{objectRef.resource: ${resource}, verb: get}`));
    const set = RuleSet.of([...rules, rule('delete', '{verb: delete}')]);
    const screen = new LineScreen(set);
    for (let round = 0; round < 3; round++) {
      for (const resource of resources) {
        assert.equal(screen.mayMatch(line(resource)), true, resource);
        assert.equal(screen.mayMatch(line(resource, { verb: 'list' })), false, resource);
        assert.equal(screen.mayMatch(line(`${resource}x`)), false, resource);
      }
      const piece = pieceOf(resources.flatMap((each) => [line(`${each}x`), line(each), line(each, { verb: 'list' })]));
      assert.deepEqual(passed(screen, piece), { stops: resources.map((_, i) => 3 * i + 1), lines: 2 * count });
    }
  });

  it('goes over all lines of a piece that cannot match, from any line on, as often as it is asked', () => {
    const screen = new LineScreen(RuleSet.of([rule('a', '{objectRef.resource: pods, verb: get}')]));
    const other = pieceOf([line('pods'), line('pods')]);
    const long = line('secrets', { uri: `/${'x'.repeat(200_000)}` });
    const lines = Array.from({ length: 900 }, (_, i) =>
      i % 100 === 50 ? line('pods') : i === 333 ? long : line('nodes'),
    );
    const piece = pieceOf(lines);
    const stops = Array.from({ length: 9 }, (_, i) => 100 * i + 50);
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(passed(screen, piece), { stops, lines: 891 });
      // Another log is read with it in between.
      screen.begin(other);
      assert.equal(screen.mayMatch(line('pods')), true);
      const behind = pieceOf(lines.slice(0, 800)).length;
      assert.deepEqual(passed(screen, piece, behind), { stops: [50], lines: 99 });
    }
    assert.deepEqual(passed(screen, pieceOf(lines.slice(0, 40)).subarray(0, -1)), { stops: [], lines: 39 });
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
        for (const whole of [text, text.slice(0, -2)]) {
          assert.equal(screen.mayMatch(line('pods', { uri: whole })), true, whole);
          assert.equal(screen.mayMatch(line('pods', { name: whole })), true, whole);
        }
        const other = `${'/bin/s'.repeat(7).slice(0, at)}${needle.slice(0, -1)}`;
        assert.equal(screen.mayMatch(line('pods', { uri: other, name: other })), other.includes('/bin/sh'), other);
      }
    }
  });

  it('leaves nothing to rules about bodies where there are none, unless they were cut off', () => {
    const screen = new LineScreen(
      RuleSet.of([rule('a', '{objectRef.resource: pods, requestObject.spec.hostPID: true}')]),
    );
    const whole = line('pods');
    const [annotated, truncated] = [{ a: 'b' }, { 'audit.k8s.io/truncated': 'true' }].map((annotations) =>
      Buffer.from(`${whole.toString().slice(0, -1)},"annotations":${JSON.stringify(annotations)}}`),
    );
    assert(annotated !== undefined && truncated !== undefined);
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(
        [whole, annotated, truncated].map((bytes) => screen.mayMatch(bytes)),
        [false, false, true],
      );
      assert.deepEqual(passed(screen, pieceOf([annotated, truncated, whole])), { stops: [1], lines: 2 });
    }
  });

  it('finds any texts in any others', () => {
    const text = (minLength: number, maxLength: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', '%', '2', '_', '@'), minLength, maxLength });
    fc.assert(
      fc.property(fc.array(text(3, 20), { minLength: 1, maxLength: 12 }), fc.array(text(0, 60)), (needles, texts) => {
        const quoted = needles.map((needle) => `'${needle}'`).join(', ');
        const screen = new LineScreen(RuleSet.of([rule('a', `{'requestURI|contains': [${quoted}]}`)]));
        const occurs = (uri: string): boolean =>
          needles.some((needle) => uri.toLowerCase().includes(needle.toLowerCase()));
        for (const uri of [...texts, ...needles, ...texts.map((each, i) => each + (needles[i] ?? '') + each)])
          for (let round = 0; round < 2; round++)
            assert.equal(screen.mayMatch(line('pods', { uri })), occurs(uri), uri);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no longer for texts that were made to be like many others', () => {
    const texts = Array.from({ length: 300 }, (_, i) => `/${'a'.repeat(20)}${100 + i}/secrets`);
    const screen = new LineScreen(RuleSet.of([rule('a', `{'requestURI|contains': [${texts.join(', ')}]}`)]));
    for (const uri of ['/secrets', `/${'a'.repeat(20)}000/secrets`].map((text) => text.repeat(100)))
      for (const end of ['', texts.at(-1) ?? '', texts[0] ?? ''])
        for (let round = 0; round < 2; round++)
          assert.equal(screen.mayMatch(line('pods', { uri: uri + end })), end !== '');
  });

  for (const [count, length] of [
    [3000, 12],
    [400, 250],
    [3, 300],
  ] as const) {
    it(`knows ${count} texts of ${length} characters in two fields`, () => {
      const texts = Array.from({ length: count }, (_, i) => `/${'x'.repeat(length - 6)}${10_000 + i}`);
      const parts = Array.from({ length: Math.ceil(count / 100) }, (_, i) => texts.slice(100 * i, 100 * i + 100));
      const others = texts.map((text) => text.replace('/', '-'));
      const rules = ['requestURI', 'objectRef.name'].flatMap((field) =>
        parts.map((part, i) =>
          rule(`${field}-${i}`, `{${field}: [${part.join(', ').replaceAll('/', field === 'requestURI' ? '/' : '-')}]}`),
        ),
      );
      const screen = new LineScreen(RuleSet.of(rules));
      for (const [i, uri] of texts.entries()) {
        const name = others[i] ?? '';
        assert.equal(screen.mayMatch(line('pods', { uri })), true, uri);
        assert.equal(screen.mayMatch(line('pods', { name })), true, name);
        assert.equal(screen.mayMatch(line('pods', { uri: name, name: uri })), false, uri);
      }
    });
  }
});
