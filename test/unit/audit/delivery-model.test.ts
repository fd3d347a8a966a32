import * as fc from 'fast-check';
import { DeliveryModel, type Operation, type Step } from './delivery-model.ts';

/** Thousands of runs find rarer orders: `AUDIT_MODEL_RUNS=5000 npx mocha --spec test/unit/audit/delivery-model.test.ts`. */
const RUNS = Number(process.env['AUDIT_MODEL_RUNS'] ?? 150);

function operation<const T extends Operation['do']>(name: T): fc.Arbitrary<{ do: T }> {
  return fc.constant({ do: name });
}

const share = fc.constantFrom(1, 1, 1, 0.9, 0.5);
const failing = fc.constantFrom('write', 'sync', 'truncate', 'create', 'syncDirectory');

const BREAKING: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('log' as const), events: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), share }) },
  { weight: 2, arbitrary: operation('forget an answer') },
  { weight: 1, arbitrary: operation('restart') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose power' as const),
      loss: fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }), zeros: fc.constantFrom(0, 0, 30) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), operation: failing }) },
  { weight: 2, arbitrary: operation('heal the disk') },
  { weight: 4, arbitrary: operation('pass time') },
);

const FILLING: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 30, arbitrary: BREAKING },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill the disk' as const), room: fc.nat({ max: 1500 }) }) },
);

function steps(operations: fc.Arbitrary<Operation>): fc.Arbitrary<Step[]> {
  return fc.array(fc.record({ operation: operations, turns: fc.nat({ max: 12 }) }), { maxLength: 40, size: 'max' });
}

describe('deliveries, against a model', () => {
  it('come out exactly once, whatever breaks while they are delivered again and again', async function () {
    this.timeout(120_000 + RUNS * 500);
    await fc.assert(
      fc.asyncProperty(steps(BREAKING), async (steps) => await new DeliveryModel().run(steps)),
      { numRuns: RUNS },
    );
  });

  it('come out, also where the disk fills up', async function () {
    this.timeout(120_000 + RUNS * 500);
    await fc.assert(
      fc.asyncProperty(steps(FILLING), async (steps) => await new DeliveryModel().run(steps)),
      { numRuns: RUNS },
    );
  });
});
