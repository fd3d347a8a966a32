import { nearestName } from '../condition/select.ts';

/** What is below a field: nothing, anything, or these fields. */
type Shape = 'leaf' | 'free' | { readonly [field: string]: Shape };

function leaves(names: string): { readonly [field: string]: Shape } {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'leaf']));
}

const USER: Shape = { ...leaves('username uid groups'), extra: 'free' };

/** The fields of `Event` in `audit.k8s.io/v1`. Bodies and maps are free. */
const EVENT: { readonly [field: string]: Shape } = {
  ...leaves(
    'kind apiVersion level auditID stage requestURI verb sourceIPs userAgent requestReceivedTimestamp stageTimestamp',
  ),
  user: USER,
  impersonatedUser: USER,
  authenticationMetadata: leaves('impersonationConstraint'),
  objectRef: leaves('resource namespace name uid apiGroup apiVersion resourceVersion subresource'),
  responseStatus: {
    ...leaves('kind apiVersion status message reason code'),
    metadata: 'free',
    details: { ...leaves('name group kind uid retryAfterSeconds'), causes: 'free' },
  },
  requestObject: 'free',
  responseObject: 'free',
  annotations: 'free',
};

/** What audit events have under a path. */
export type EventField = 'value' | 'object' | 'free' | undefined;

/** What audit events have under a path; undefined: nothing, ever. */
export function eventField(path: readonly string[]): EventField {
  let shape: Shape = EVENT;
  for (const [index, name] of path.entries()) {
    if (shape === 'free') return 'free';
    if (shape === 'leaf' || !Object.hasOwn(shape, name)) return undefined;
    shape = shape[name] ?? 'leaf';
    if (shape === 'free' && index === path.length - 1) return 'free';
  }
  return shape === 'leaf' ? 'value' : shape === 'free' ? 'free' : 'object';
}

const NAMES: readonly string[] = namesBelow(EVENT, '');

/** The field that was probably meant, and whether only its case differs. */
export function similarEventField(
  path: readonly string[],
): { readonly name: string; readonly caseOnly: boolean } | undefined {
  const wanted = path.join('.');
  const same = NAMES.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (same !== undefined) return { name: same, caseOnly: true };
  const longer = NAMES.find((name) => name.endsWith(`.${wanted}`));
  const nearest = longer ?? nearestName(wanted, NAMES);
  return nearest === undefined || initial(nearest) !== initial(wanted) ? undefined : { name: nearest, caseOnly: false };
}

/** Of the last name of a path: what begins otherwise was hardly meant. */
function initial(path: string): string {
  return path.charAt(path.lastIndexOf('.') + 1).toLowerCase();
}

function namesBelow(shape: { readonly [field: string]: Shape }, prefix: string): readonly string[] {
  return Object.entries(shape).flatMap(([name, below]) => [
    prefix + name,
    ...(typeof below === 'object' ? namesBelow(below, `${prefix}${name}.`) : []),
  ]);
}
