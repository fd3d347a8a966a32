import { startEvaluation, truthOf } from '../evaluate/evaluate.ts';
import { type EvaluationScope, type FieldValues, fieldValues } from '../evaluate/field-values.ts';
import type { Truth } from '../evaluate/truth.ts';
import type { ElementsNode, KeywordNode, Plan } from '../plan/nodes.ts';
import type { EventView } from './event-view.ts';
import type { FieldBranch, ValueClass } from './field-branch.ts';
import type { MatchField } from './match-field.ts';

/** Keywords and array selectors refer to no selection. */
const NO_SELECTIONS: Plan = {
  kind: 'Plan',
  root: { kind: 'Constant', value: false, place: { offset: 0, length: 0, line: 0, column: 0 } },
  selections: [],
};

/** A parsed event: everything is known, but for bodies that were cut off. */
export class ParsedEventView implements EventView {
  readonly epoch: number;
  readonly #scope: EvaluationScope;

  constructor(epoch: number, event: object, bodiesUnknown: boolean) {
    this.epoch = epoch;
    this.#scope = { subject: event, bodiesUnknown };
  }

  values(field: MatchField): FieldValues {
    return fieldValues(field.reference, this.#scope);
  }

  recall(branch: FieldBranch): ValueClass | undefined {
    const { found, incomplete } = branch.field.values(this);
    if (incomplete || found.length > 1) return undefined;
    return found.length === 0 ? branch.absent : branch.recallValue(found[0]);
  }

  remember(branch: FieldBranch, value: ValueClass): void {
    const { found } = branch.field.values(this);
    if (found.length === 0) branch.absent = value;
    const [only] = found;
    if (found.length === 1 && (typeof only === 'string' || typeof only === 'number')) branch.rememberValue(only, value);
  }

  truthOf(node: KeywordNode | ElementsNode): Truth {
    return truthOf(node, startEvaluation(NO_SELECTIONS), this.#scope);
  }
}
