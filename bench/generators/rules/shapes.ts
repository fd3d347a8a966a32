import { ANNOT, ARRAY, UA, USER } from './clients.ts';
import type { Shape } from './detection.ts';
import { BODY, EXACT, FILTER, WILD } from './objects.ts';
import { CODE, RE, URI } from './requests.ts';

export const SHAPES: readonly Shape[] = [EXACT, USER, UA, URI, RE, FILTER, CODE, ANNOT, ARRAY, BODY, WILD];
