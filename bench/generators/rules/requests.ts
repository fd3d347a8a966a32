import { type Shape, selection } from './detection.ts';
import { RES, URIP, VERBS } from './names.ts';

/** What the URI holds. */
export const URI: Shape = {
  weight: 8,
  name: 'uri',
  detection: ({ chance, some, ns, user }) => {
    const uri = some(URIP, 1, 6);
    return selection({
      'requestURI|contains': uri,
      ...(chance(0.5) ? { 'user.username': user() } : { 'objectRef.namespace': ns() }),
    });
  },
};

/** What the URI is like. */
export const RE: Shape = {
  weight: 5,
  name: 're',
  detection: ({ chance, pick, some, ns }) => {
    const re = pick([
      () => `command=(ba|z|da)?sh(&|$)`,
      () => `/namespaces/${ns()}/pods/[^/]+/(exec|attach)`,
      () => `/api/v1/namespaces/${ns()}/secrets(/[a-z0-9.-]+)?(\\?|$)`,
      () => `^/apis/batch/v1/namespaces/${ns()}/(cron)?jobs`,
    ])();
    return selection({
      'requestURI|re': re,
      verb: some(VERBS, 1, 3),
      ...(chance(0.5) && { 'user.username|startswith': pick(['oidc:', 'system:serviceaccount:']) }),
    });
  },
};

/** How it was answered. */
export const CODE: Shape = {
  weight: 6,
  name: 'code',
  detection: ({ chance, pick, some, ns, user }) => {
    return selection({
      'responseStatus.code': some([401, 403, 404, 409, 422, 500, 101, 201], 1, 3),
      'objectRef.resource': pick(RES)[0],
      ...(chance(0.6) && { verb: some(VERBS, 1, 2) }),
      ...(chance(0.5) ? { 'user.username': user() } : { 'objectRef.namespace': ns() }),
    });
  },
};
