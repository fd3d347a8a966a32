import { TEAMS } from '../teams.ts';
import { type Shape, selection } from './detection.ts';
import { HOT, RES, UAS, VERBS, WV } from './names.ts';

/** Who does it: by the whole name, or a part of it. */
export const USER: Shape = {
  weight: 14,
  name: 'user',
  detection: ({ int, chance, pick, some, ns, user }) => {
    const [resource] = pick(RES);
    const name = user();
    const parts = [
      { 'user.username': name },
      { 'user.username|startswith': name.slice(0, Math.max(10, name.length - 6)) },
      { 'user.username|endswith': name.slice(-18) },
      { 'user.username|contains': name.slice(5, 19) },
    ];
    return selection({
      ...parts[int(4)],
      verb: some(WV, 1, 3),
      'objectRef.resource': resource,
      ...(HOT.has(resource) && chance(0.7) && { 'objectRef.namespace': ns() }),
    });
  },
};

/** With which client. */
export const UA: Shape = {
  weight: 12,
  name: 'ua',
  detection: ({ chance, pick, some, ns }) =>
    selection({
      [`userAgent${pick(['|startswith', '|contains'])}`]: some(UAS, 1, 5),
      ...(chance(0.8) && { verb: some(VERBS, 1, 3) }),
      'objectRef.resource': some(
        RES.map(([resource]) => resource),
        1,
        3,
      ),
      'objectRef.namespace': ns(),
    }),
};

const NETWORKS = [
  '203.0.113.0/24',
  '198.51.100.0/24',
  '185.220.101.0/24',
  '192.0.2.0/24',
  '100.64.0.0/10',
  '172.16.0.0/12',
];
const GROUPS = [
  'system:masters',
  'system:unauthenticated',
  'oidc:developers',
  'oidc:cluster-admins',
  ...TEAMS.map((team) => `oidc:${team}-dev`),
];

/** From where, or in which group. */
export const ARRAY: Shape = {
  weight: 4,
  name: 'array',
  detection: ({ chance, pick, some, ns }) => {
    const who = chance(0.5) ? { 'sourceIPs|cidr': some(NETWORKS, 1, 3) } : { 'user.groups': some(GROUPS, 1, 2) };
    const verb = some(VERBS, 1, 2);
    const [resource] = pick(RES);
    return selection({
      ...who,
      verb,
      'objectRef.resource': resource,
      ...(HOT.has(resource) && { 'objectRef.namespace': ns() }),
    });
  },
};

/** Allowed by which role, or not at all. */
export const ANNOT: Shape = {
  weight: 6,
  name: 'annot',
  detection: ({ chance, pick, some, ns }) => {
    if (chance(0.5))
      return selection({
        'annotations.authorization.k8s.io/decision': 'forbid',
        'objectRef.resource': pick(RES)[0],
        verb: some(VERBS, 1, 2),
      });
    return selection({
      'annotations.authorization.k8s.io/reason|contains': pick([
        'cluster-admin',
        'ClusterRole "edit"',
        'system:controller:',
        'argocd-server',
        'Group "oidc:developers"',
        `ServiceAccount "ci/${ns()}"`,
      ]),
      verb: some(WV, 1, 2),
      'objectRef.resource': pick(RES)[0],
      'objectRef.namespace': ns(),
    });
  },
};
