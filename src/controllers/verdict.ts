import type { Condition } from '../kube/index.ts';

/** What a condition should say. When it last changed, and of which generation it speaks, is added where it is written. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
