/** The verbs of requests for resources. */
export const RESOURCE_VERBS: readonly string[] = Object.freeze(
  'get list watch create update patch delete deletecollection proxy'.split(' '),
);

/** Of requests for paths that are no resource, audit events have the HTTP method in lower case. */
export const HTTP_METHODS: readonly string[] = Object.freeze(
  'get head post put patch delete options trace connect'.split(' '),
);

/** Verbs that RBAC knows and no request has. */
export const RBAC_ONLY_VERBS: readonly string[] = Object.freeze(
  'use bind escalate impersonate approve sign attest'.split(' '),
);
