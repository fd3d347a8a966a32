import * as fc from 'fast-check';
import { FileSourceModel, type Operation, type Step } from './file-source-model.ts';

/**
 * Thousands of runs find rarer orders: `AUDIT_MODEL_RUNS=5000 npx mocha --spec test/unit/audit/file-source-model.test.ts`.
 * A failure prints its seed; `AUDIT_MODEL_SEED` runs it again.
 */
const RUNS = Number(process.env['AUDIT_MODEL_RUNS'] ?? 1000);
const SEED = process.env['AUDIT_MODEL_SEED'];

function operation<const T extends Operation['do']>(name: T): fc.Arbitrary<{ do: T }> {
  return fc.constant({ do: name });
}

const backup = fc.nat({ max: 3 });
const unread = fc.nat({ max: 3 });

const OPERATIONS: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), events: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('write half' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 1, arbitrary: operation('stop writing in the middle') },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('write garbage' as const),
      bytes: fc.oneof(
        fc.constantFrom('', 'no json', '{}', '\0', 'a\0b', '\uFFFD'),
        fc.string({ unit: 'binary', maxLength: 50 }).map((text) => text.replaceAll('\n', '')),
      ),
    }),
  },
  { weight: 4, arbitrary: operation('rotate') },
  { weight: 1, arbitrary: operation('rotate under the writer') },
  { weight: 2, arbitrary: operation('let the writer reopen') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('copy and truncate' as const), leaveHole: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('begin to compress' as const), backup }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('compress' as const), backup }) },
  { weight: 2, arbitrary: operation('delete the oldest backup') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete the active file' as const), unread }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate the active file' as const), unread }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('step the clock' as const), seconds: fc.integer({ min: -10, max: 10 }) }),
  },
  { weight: 2, arbitrary: operation('catch up') },
  { weight: 1, arbitrary: operation('become slow') },
  { weight: 2, arbitrary: operation('become fast') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), forgetBatches: fc.nat({ max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lose the state' as const), age: fc.nat({ max: 10 }), small: fc.boolean() }),
  },
  { weight: 4, arbitrary: operation('start') },
);

const STEPS: fc.Arbitrary<Step[]> = fc.array(fc.record({ operation: OPERATIONS, turns: fc.nat({ max: 4 }) }), {
  maxLength: 40,
});

describe('file source, against a model', () => {
  it('counts every event once, whatever happens to the log and to the reader; what was removed unread is a gap', async function () {
    this.timeout(120_000 + RUNS * 500);
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => await new FileSourceModel().run(steps)),
      { numRuns: RUNS, endOnFailure: false, ...(SEED !== undefined && { seed: Number(SEED) }) },
    );
  });
});
