import assert from 'node:assert/strict';
import { FilterBook } from '../../../src/controllers/detection-filter/filter-book.ts';
import { type ResolvedFilter, resolveFilter } from '../../../src/controllers/detection-filter/resolve-filter.ts';
import { detectionFilter, FILTERS } from './filters.ts';

type Text = keyof typeof FILTERS;

function recorded(generation: number, text: Text): NonNullable<Parameters<typeof detectionFilter>[2]> {
  return { accepted: { generation, hash: 'x', sigma: FILTERS[text] } };
}

/** The version that runs, and why the newest was refused. */
function outcome({ accepted, active, errors }: ResolvedFilter): object {
  const text = Object.entries(FILTERS).find(([, sigma]) => sigma === accepted?.sigma)?.[0];
  assert.equal(active?.sigma, accepted?.sigma);
  return {
    runs: accepted === undefined ? undefined : `${text} ${accepted.generation}`,
    errors: errors.map(({ code }) => code),
  };
}

describe('what a replica makes of a DetectionFilter', () => {
  const resolve = (filter: ReturnType<typeof detectionFilter>, previous?: ResolvedFilter) =>
    resolveFilter(filter, previous, {});
  const before = resolve(detectionFilter(3, { sigma: FILTERS.bob }));
  const cases: readonly (readonly [
    title: string,
    filter: ReturnType<typeof detectionFilter>,
    previous: ResolvedFilter | undefined,
    expected: object,
  ])[] = [
    ['a good one runs', detectionFilter(1, { sigma: FILTERS.bob }), undefined, { runs: 'bob 1', errors: [] }],
    [
      'a new version replaces it',
      detectionFilter(4, { sigma: FILTERS.carol }),
      before,
      { runs: 'carol 4', errors: [] },
    ],
    [
      'a bad one does not run',
      detectionFilter(1, { sigma: FILTERS.broken }),
      undefined,
      { runs: undefined, errors: ['UnknownIdentifier'] },
    ],
    [
      'a bad version leaves the last accepted one',
      detectionFilter(4, { sigma: FILTERS.broken }),
      before,
      { runs: 'bob 3', errors: ['UnknownIdentifier'] },
    ],
    [
      'so it does after a restart',
      detectionFilter(4, { sigma: FILTERS.broken }, recorded(3, 'bob')),
      undefined,
      { runs: 'bob 3', errors: ['UnknownIdentifier'] },
    ],
    [
      'and where another replica knows a later one',
      detectionFilter(5, { sigma: FILTERS.broken }, recorded(4, 'carol')),
      before,
      { runs: 'carol 4', errors: ['UnknownIdentifier'] },
    ],
    [
      'one that keeps is refused',
      detectionFilter(1, { sigma: FILTERS.onlyBob }),
      undefined,
      { runs: undefined, errors: ['UndeclaredEffect'] },
    ],
    [
      'unless it says so',
      detectionFilter(1, { sigma: FILTERS.onlyBob, effect: 'KeepOnly' }),
      undefined,
      { runs: 'onlyBob 1', errors: [] },
    ],
    [
      'one that removes is refused where it is said to keep',
      detectionFilter(1, { sigma: FILTERS.bob, effect: 'KeepOnly' }),
      undefined,
      { runs: undefined, errors: ['UndeclaredEffect'] },
    ],
    [
      'an effect alone is a new version, too',
      detectionFilter(4, { sigma: FILTERS.bob, effect: 'KeepOnly' }),
      before,
      { runs: 'bob 3', errors: ['UndeclaredEffect'] },
    ],
    [
      'a text that is no filter is refused',
      detectionFilter(1, {
        sigma:
          'title: x\nlogsource: {product: kubernetes, service: audit}\ndetection: {s: {verb: get}, condition: s}\n',
      }),
      undefined,
      { runs: undefined, errors: ['UnsupportedDocument'] },
    ],
  ];
  for (const [title, filter, previous, expected] of cases) {
    it(title, () => assert.deepEqual(outcome(resolve(filter, previous)), expected));
  }

  it('takes the expiry from the newest version, also while its text is refused', () => {
    const { active } = resolve(
      detectionFilter(4, { sigma: FILTERS.broken, expiresAt: '2027-01-31T00:00:00Z' }),
      before,
    );
    assert.equal(active?.expiresAt, Date.UTC(2027, 0, 31));
  });
});

describe('the filters of a replica', () => {
  const named = (name: string, sigma: string) => {
    const filter = detectionFilter(1, { sigma });
    return { ...filter, metadata: { ...filter.metadata, name } };
  };

  it('run in the order of their names, and a bad one hurts only itself', () => {
    const book = new FilterBook(() => ({}));
    for (const filter of [named('c', FILTERS.bob), named('b', FILTERS.broken), named('a', FILTERS.carol)])
      book.put(filter);
    const before = book.active();
    book.remove('a');
    assert.deepEqual(
      before.map(({ name }) => name),
      ['a', 'c'],
    );
    assert.deepEqual(
      book.active().map(({ name }) => name),
      ['c'],
    );
  });
});
