import * as fc from 'fast-check';
import { JournalModel, type Operation, type Step } from './journal-model.ts';

/** Thousands of runs find rarer orders: `AUDIT_MODEL_RUNS=5000 npx mocha --spec test/unit/audit/journal-model.test.ts`. */
const RUNS = Number(process.env['AUDIT_MODEL_RUNS'] ?? 200);

function operation<const T extends Operation['do']>(name: T): fc.Arbitrary<{ do: T }> {
  return fc.constant({ do: name });
}

const forget = fc.nat({ max: 3 });
const failing = fc.constantFrom('write', 'sync', 'truncate', 'create', 'remove', 'syncDirectory');

const APPEND = fc.record({
  do: fc.constant('append' as const),
  batches: fc.integer({ min: 1, max: 3 }),
  records: fc.integer({ min: 1, max: 4 }),
  padding: fc.constantFrom(0, 0, 50, 400),
});

const HARMLESS: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 10, arbitrary: APPEND },
  { weight: 4, arbitrary: operation('wait for commits') },
  { weight: 4, arbitrary: operation('read') },
  { weight: 2, arbitrary: operation('become slow') },
  { weight: 2, arbitrary: operation('become fast') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), forget }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose power' as const),
      loss: fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }), zeros: fc.constantFrom(0, 0, 0, 20, 500) }),
      forget,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill the disk' as const), room: fc.nat({ max: 1000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), operation: failing }) },
  { weight: 2, arbitrary: operation('heal the disk') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass time' as const), ms: fc.constantFrom(100, 1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('step the clock' as const), ms: fc.constantFrom(-5000, 5000) }) },
);

const HARMFUL: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 20, arbitrary: HARMLESS },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flip a bit' as const), file: fc.nat(), at: fc.nat() }) },
  { weight: 1, arbitrary: operation('lose the directory') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass time' as const), ms: fc.constant(61_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('step the clock' as const), ms: fc.constantFrom(-100_000, 100_000) }),
  },
);

function steps(operations: fc.Arbitrary<Operation>): fc.Arbitrary<Step[]> {
  return fc.array(fc.record({ operation: operations, turns: fc.nat({ max: 8 }) }), { maxLength: 40, size: 'max' });
}

describe('journal, against a model', () => {
  it('gives everything acknowledged exactly once, whatever crashes and fails', async function () {
    this.timeout(120_000 + RUNS * 500);
    await fc.assert(
      fc.asyncProperty(steps(HARMLESS), async (steps) => await new JournalModel().run(steps)),
      { numRuns: RUNS },
    );
  });

  it('gives nothing twice, and reports what is missing, where the disk loses it or it is too old', async function () {
    this.timeout(120_000 + RUNS * 500);
    await fc.assert(
      fc.asyncProperty(steps(HARMFUL), async (steps) => await new JournalModel().run(steps)),
      { numRuns: RUNS },
    );
  });
});
