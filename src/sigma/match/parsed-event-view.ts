import { startEvaluation, truthOf } from '../evaluate/evaluate.ts';
import { type EvaluationScope, type FieldValues, fieldValues } from '../evaluate/field-values.ts';
import type { Truth } from '../evaluate/truth.ts';
import type { ElementsNode, KeywordNode, Plan } from '../plan/nodes.ts';
import type { EventView } from './event-view.ts';
import type { FieldBranch, ValueClass } from './field-branch.ts';
import type { MatchField } from './match-field.ts';
import { COMPLEX, type Scalar } from './scalar-reader.ts';

/** Keywords and array selectors refer to no selection. */
const NO_SELECTIONS: Plan = {
  kind: 'Plan',
  root: { kind: 'Constant', value: false, place: { offset: 0, length: 0, line: 0, column: 0 } },
  selections: [],
};

/** A parsed event: everything is known, but for bodies that were cut off. */
export class ParsedEventView implements EventView, EvaluationScope {
  readonly epoch: number;
  /** It takes longer to tell. */
  readonly bodiesAbsent = false;
  readonly subject: object;
  readonly bodiesUnknown: boolean;

  constructor(epoch: number, event: object, bodiesUnknown: boolean) {
    this.epoch = epoch;
    this.subject = event;
    this.bodiesUnknown = bodiesUnknown;
  }

  values(field: MatchField): FieldValues {
    return fieldValues(field.reference, this);
  }

  recall(branch: FieldBranch): ValueClass | undefined {
    const value = this.#scalar(branch);
    if (value === COMPLEX) return undefined;
    return value === undefined ? branch.absent : branch.recallValue(value);
  }

  remember(branch: FieldBranch, found: ValueClass): void {
    const value = this.#scalar(branch);
    if (value === undefined) branch.absent = found;
    else if (value !== COMPLEX) branch.rememberValue(value, found);
  }

  #scalar({ readScalar }: FieldBranch): Scalar {
    return readScalar === undefined ? COMPLEX : readScalar(this.subject);
  }

  truthOf(node: KeywordNode | ElementsNode): Truth {
    return truthOf(node, startEvaluation(NO_SELECTIONS), this);
  }
}
