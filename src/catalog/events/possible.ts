import type { AuditLevel } from '../policy/policy.ts';
import {
  type AbstractLeaf,
  type AbstractNode,
  BOTH,
  isDimension,
  ONLY_FALSE,
  ONLY_TRUE,
  type Possible,
} from './abstract-plan.ts';
import { hasBody, type RequestKind, type Situation } from './requests.ts';

/** What is logged of a request at one moment. */
export interface LoggedEvent {
  readonly kind: RequestKind;
  readonly situation: Situation;
  readonly level: AuditLevel;
}

/** Lets an analysis ask "what if": the answer for a leaf that it decides itself, else undefined. */
export type Assumption = (leaf: AbstractLeaf) => Possible | undefined;

/**
 * What a condition can be for such an event. Leaves are taken as independent of each other, so that more may seem possible than is; what is not
 * possible here is not possible at all.
 */
export function possible(node: AbstractNode, event: LoggedEvent, assume?: Assumption): Possible {
  switch (node.kind) {
    case 'And': {
      let [canHold, canFail] = [true, false];
      for (const operand of node.operands) {
        const truth = possible(operand, event, assume);
        canHold &&= truth.true;
        canFail ||= truth.false;
      }
      return { true: canHold, false: canFail };
    }
    case 'Or': {
      let [canHold, canFail] = [false, true];
      for (const operand of node.operands) {
        const truth = possible(operand, event, assume);
        canHold ||= truth.true;
        canFail &&= truth.false;
      }
      return { true: canHold, false: canFail };
    }
    case 'Not': {
      const truth = possible(node.operand, event, assume);
      return { true: truth.false, false: truth.true };
    }
    case 'Constant':
      return only(node.value);
    case 'Unknown':
      return BOTH;
    case 'Leaf':
      return assume?.(node) ?? possibleLeaf(node, event);
    default:
      return node satisfies never;
  }
}

/** Whether the truth of a test can make a difference for a condition: what it is joined to by `and` can hold, by `or` can fail. */
export function canDecide(node: AbstractNode, leaf: AbstractLeaf, event: LoggedEvent, assume?: Assumption): boolean {
  switch (node.kind) {
    case 'And':
    case 'Or': {
      const neutral = node.kind === 'And' ? 'true' : 'false';
      return node.operands.some(
        (operand) =>
          canDecide(operand, leaf, event, assume) &&
          node.operands.every((other) => other === operand || possible(other, event, assume)[neutral]),
      );
    }
    case 'Not':
      return canDecide(node.operand, leaf, event, assume);
    case 'Constant':
    case 'Unknown':
      return false;
    case 'Leaf':
      return node === leaf;
    default:
      return node satisfies never;
  }
}

/** What one test can be. */
function possibleLeaf(leaf: AbstractLeaf, event: LoggedEvent): Possible {
  const { source } = leaf;
  const { kind, situation, level } = event;
  if (isDimension(source)) {
    if (source === 'username' && !situation.authenticated) return only(leaf.whenAbsent);
    if (!kind.isResource && source !== 'verb' && source !== 'username') return only(leaf.whenAbsent);
    const value = kind[source];
    return typeof value === 'string' ? only(leaf.holdsFor(value)) : BOTH;
  }
  switch (source) {
    case 'stage':
      return only(leaf.holdsFor(situation.stage));
    case 'level':
      return only(leaf.holdsFor(level));
    case 'objectRef':
      return only(kind.isResource ? leaf.holdsFor('any') : leaf.whenAbsent);
    case 'code':
      if (typeof situation.code === 'number') return only(leaf.holdsFor(String(situation.code)));
      return isThere(leaf, event) ? leaf.whenThere : only(leaf.whenAbsent);
    default:
      return isThere(leaf, event) ? leaf.whenThere : only(leaf.whenAbsent);
  }
}

/** Whether the field of a leaf can have a value in such an event. */
export function isThere({ source }: AbstractLeaf, { kind, situation, level }: LoggedEvent): boolean {
  switch (source) {
    case 'nowhere':
      return false;
    case 'objectRef':
    case 'object':
      return kind.isResource;
    case 'user':
    case 'username':
      return situation.authenticated;
    case 'impersonated':
      return situation.authenticated && situation.code !== undefined;
    case 'response':
    case 'code':
      return situation.code !== undefined;
    case 'requestObject':
      return hasBody(kind, 'request', situation, level);
    case 'responseObject':
      return hasBody(kind, 'response', situation, level);
    case 'body':
      return hasBody(kind, kind.verb === 'patch' ? 'response' : 'request', situation, level);
    default:
      return true;
  }
}

function only(truth: boolean): Possible {
  return truth ? ONLY_TRUE : ONLY_FALSE;
}
