#!/usr/bin/env node
// Deterministic synthetic Kubernetes-audit Sigma rules. Prefix property: the first K of N rules equal the N=K set.
// usage: node gen_rules.mjs --count 1000 --seed 7 --out rules/syn1000
import fs from 'node:fs';
import path from 'node:path';

const arg = (n, d) => {
  const i = process.argv.indexOf('--' + n);
  return i < 0 ? d : process.argv[i + 1];
};
const COUNT = +arg('count', 100),
  SEED = +arg('seed', 7),
  OUT = arg('out', 'rules/syn');
let st = SEED >>> 0;
function u32() {
  st = (st + 0x9e3779b9) | 0;
  let t = st ^ (st >>> 16);
  t = Math.imul(t, 0x21f0aaad);
  t ^= t >>> 15;
  t = Math.imul(t, 0x735a2d97);
  return (t ^ (t >>> 15)) >>> 0;
}
const rnd = () => u32() / 4294967296,
  int = (n) => Math.floor(rnd() * n),
  chance = (p) => rnd() < p,
  pick = (a) => a[int(a.length)];
const some = (a, lo, hi) => {
  const n = lo + int(hi - lo + 1),
    s = new Set();
  while (s.size < Math.min(n, a.length)) s.add(pick(a));
  return [...s];
};
const uuid = () => {
  let h = '';
  while (h.length < 32) h += u32().toString(16).padStart(8, '0');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
};
const TEAMS = [
  'payments',
  'checkout',
  'search',
  'catalog',
  'identity',
  'ledger',
  'fraud',
  'notify',
  'media',
  'analytics',
];
const NSREAL = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'default',
  'monitoring',
  'logging',
  'cert-manager',
  'ingress-nginx',
  'argocd',
  'flux-system',
  'istio-system',
  ...TEAMS.flatMap((t) => [`${t}-prod`, `${t}-staging`]),
];
const ns = () => (chance(0.3) ? pick(NSREAL) : `tenant-${int(400)}`);
const RES = [
  ['pods', ''],
  ['secrets', ''],
  ['configmaps', ''],
  ['serviceaccounts', ''],
  ['nodes', ''],
  ['namespaces', ''],
  ['services', ''],
  ['events', ''],
  ['persistentvolumes', ''],
  ['deployments', 'apps'],
  ['daemonsets', 'apps'],
  ['statefulsets', 'apps'],
  ['replicasets', 'apps'],
  ['jobs', 'batch'],
  ['cronjobs', 'batch'],
  ['clusterrolebindings', 'rbac.authorization.k8s.io'],
  ['rolebindings', 'rbac.authorization.k8s.io'],
  ['clusterroles', 'rbac.authorization.k8s.io'],
  ['roles', 'rbac.authorization.k8s.io'],
  ['mutatingwebhookconfigurations', 'admissionregistration.k8s.io'],
  ['validatingwebhookconfigurations', 'admissionregistration.k8s.io'],
  ['networkpolicies', 'networking.k8s.io'],
  ['ingresses', 'networking.k8s.io'],
  ['customresourcedefinitions', 'apiextensions.k8s.io'],
  ['certificatesigningrequests', 'certificates.k8s.io'],
  ['selfsubjectrulesreviews', 'authorization.k8s.io'],
  ['tokenreviews', 'authentication.k8s.io'],
  ['virtualservices', 'networking.istio.io'],
  ['certificates', 'cert-manager.io'],
  ...Array.from({ length: 60 }, (_, i) => [`widget${i}s`, `crd${i % 12}.example.com`]),
];
const HOT = new Set([
  'pods',
  'secrets',
  'configmaps',
  'serviceaccounts',
  'nodes',
  'namespaces',
  'services',
  'events',
  'deployments',
  'replicasets',
  'jobs',
  'cronjobs',
  'tokenreviews',
  'customresourcedefinitions',
  'validatingwebhookconfigurations',
  'certificates',
  'virtualservices',
  'ingresses',
]);
const VERBS = ['create', 'update', 'patch', 'delete', 'get', 'list', 'watch', 'deletecollection'],
  WV = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const SUB = [
  'exec',
  'attach',
  'portforward',
  'log',
  'token',
  'proxy',
  'ephemeralcontainers',
  'status',
  'scale',
  'eviction',
  'approval',
];
const HUM = ['alice', 'bob', 'carol', 'dave', 'erin', 'mallory', 'frank', 'grace'];
const user = () =>
  chance(0.35)
    ? `oidc:${pick(HUM)}@example.com`
    : chance(0.5)
      ? `oidc:user${int(3000)}@example.com`
      : `system:serviceaccount:${ns()}:${pick(['default', 'builder', 'deployer', 'ci', 'app', 'argocd-server', 'prometheus-k8s'])}`;
const UAS = [
  'kubectl/',
  'curl/',
  'python-requests/',
  'Go-http-client/',
  'Helm/',
  'k9s/',
  'Lens/',
  'trufflehog',
  'access_matrix',
  'kubescape',
  'peirates',
  'zgrab',
  'nmap',
  'Mozilla/',
  'okhttp/',
  'kdigger',
  'rakkess',
  'kube-hunter',
  'popeye',
  'stratus-red-team',
  'deepce',
  'botb',
];
const URIP = [
  '/bin/sh',
  '/bin/bash',
  '%2Fbin%2Fsh',
  '%2Fbin%2Fbash',
  'command=nc',
  'command=nsenter',
  '169.254.169.254',
  '/proxy/run/',
  'serviceaccount%2Ftoken',
  'command=curl',
  'command=wget',
  '/debug/pprof',
  '/metrics/cadvisor',
  'fieldManager=kubectl',
  'dryRun=All',
  '/attach',
  'stdin=true',
];
const q = (v) =>
  typeof v === 'number' || typeof v === 'boolean' || v === null ? String(v) : `'${String(v).replace(/'/g, "''")}'`;
function sel(name, m) {
  let o = `  ${name}:\n`;
  for (const [k, v] of Object.entries(m))
    o += Array.isArray(v) ? `    ${k}:\n${v.map((x) => `      - ${q(x)}`).join('\n')}\n` : `    ${k}: ${q(v)}\n`;
  return o;
}
const one = (a) => (a.length === 1 ? a[0] : a);
const shapes = [
  [
    26,
    'exact',
    () => {
      const [r, g] = pick(RES);
      const m = {};
      if (g && chance(0.6)) m['objectRef.apiGroup'] = g;
      m['objectRef.resource'] = chance(0.6)
        ? r
        : [...new Set([r, pick(RES)[0]])].length === 1
          ? r
          : [...new Set([r, pick(RES)[0]])];
      m.verb = one(some(VERBS, 1, 4));
      if (chance(0.6) || HOT.has(r) || Array.isArray(m['objectRef.resource'])) m['objectRef.namespace'] = ns();
      if (chance(0.3)) m['objectRef.subresource'] = pick(SUB);
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    14,
    'user',
    () => {
      const [r] = pick(RES);
      const u = user();
      const k = int(4);
      const m = {
        ['user.username' + ['', '|startswith', '|endswith', '|contains'][k]]:
          k === 0 ? u : k === 1 ? u.slice(0, Math.max(10, u.length - 6)) : k === 2 ? u.slice(-18) : u.slice(5, 19),
      };
      m.verb = one(some(WV, 1, 3));
      m['objectRef.resource'] = r;
      if (HOT.has(r) && chance(0.7)) m['objectRef.namespace'] = ns();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    12,
    'ua',
    () => {
      const m = { ['userAgent' + pick(['|startswith', '|contains'])]: one(some(UAS, 1, 5)) };
      if (chance(0.8)) m.verb = one(some(VERBS, 1, 3));
      m['objectRef.resource'] = one(
        some(
          RES.map((x) => x[0]),
          1,
          3,
        ),
      );
      m['objectRef.namespace'] = ns();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    8,
    'uri',
    () => {
      const m = { 'requestURI|contains': one(some(URIP, 1, 6)) };
      if (chance(0.5)) m['user.username'] = user();
      else m['objectRef.namespace'] = ns();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    5,
    're',
    () => {
      const re = pick([
        () => `command=(ba|z|da)?sh(&|$)`,
        () => `/namespaces/${ns()}/pods/[^/]+/(exec|attach)`,
        () => `/api/v1/namespaces/${ns()}/secrets(/[a-z0-9.-]+)?(\\?|$)`,
        () => `^/apis/batch/v1/namespaces/${ns()}/(cron)?jobs`,
      ])();
      const m = { 'requestURI|re': re, verb: one(some(VERBS, 1, 3)) };
      if (chance(0.5)) m['user.username|startswith'] = pick(['oidc:', 'system:serviceaccount:']);
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    12,
    'filter',
    () => {
      const [r] = pick(RES);
      const a = sel('selection', {
        verb: one(some(WV, 1, 3)),
        'objectRef.resource': r,
        ...(chance(0.5) || HOT.has(r) ? { 'objectRef.namespace': ns() } : {}),
      });
      let f = sel('filter_main_system', {
        'user.username|startswith': ['system:node:', 'system:kube-', 'system:apiserver'],
      });
      if (chance(0.6))
        f += sel('filter_main_controllers', {
          'user.username|startswith': 'system:serviceaccount:kube-system:',
          'userAgent|contains': 'kube-controller-manager',
        });
      if (chance(0.4))
        f += sel('filter_optional_gitops', {
          'user.username': [
            'system:serviceaccount:argocd:argocd-application-controller',
            'system:serviceaccount:flux-system:kustomize-controller',
          ],
        });
      return [
        a + f,
        f.includes('optional')
          ? 'selection and not 1 of filter_main_* and not 1 of filter_optional_*'
          : 'selection and not 1 of filter_main_*',
      ];
    },
  ],
  [
    6,
    'code',
    () => {
      const m = {
        'responseStatus.code': one(some([401, 403, 404, 409, 422, 500, 101, 201], 1, 3)),
        'objectRef.resource': pick(RES)[0],
      };
      if (chance(0.6)) m.verb = one(some(VERBS, 1, 2));
      if (chance(0.5)) m['user.username'] = user();
      else m['objectRef.namespace'] = ns();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    6,
    'annot',
    () => {
      const m = chance(0.5)
        ? {
            'annotations.authorization.k8s.io/decision': 'forbid',
            'objectRef.resource': pick(RES)[0],
            verb: one(some(VERBS, 1, 2)),
          }
        : {
            'annotations.authorization.k8s.io/reason|contains': pick([
              'cluster-admin',
              'ClusterRole "edit"',
              'system:controller:',
              'argocd-server',
              'Group "oidc:developers"',
              `ServiceAccount "ci/${ns()}"`,
            ]),
            verb: one(some(WV, 1, 2)),
            'objectRef.resource': pick(RES)[0],
            'objectRef.namespace': ns(),
          };
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    4,
    'array',
    () => {
      const m = chance(0.5)
        ? {
            'sourceIPs|cidr': one(
              some(
                [
                  '203.0.113.0/24',
                  '198.51.100.0/24',
                  '185.220.101.0/24',
                  '192.0.2.0/24',
                  '100.64.0.0/10',
                  '172.16.0.0/12',
                ],
                1,
                3,
              ),
            ),
          }
        : {
            'user.groups': one(
              some(
                [
                  'system:masters',
                  'system:unauthenticated',
                  'oidc:developers',
                  'oidc:cluster-admins',
                  ...TEAMS.map((t) => `oidc:${t}-dev`),
                ],
                1,
                2,
              ),
            ),
          };
      m.verb = one(some(VERBS, 1, 2));
      m['objectRef.resource'] = pick(RES)[0];
      if (HOT.has(m['objectRef.resource'])) m['objectRef.namespace'] = ns();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    4,
    'body',
    () => {
      const m = pick([
        () => ({
          verb: 'create',
          'objectRef.resource': 'pods',
          'requestObject.spec.containers.securityContext.privileged': true,
          'objectRef.namespace': ns(),
        }),
        () => ({
          verb: one(some(WV, 1, 2)),
          'requestObject.roleRef.name': pick(['cluster-admin', 'admin', 'edit', `role-${int(50)}`]),
        }),
        () => ({
          'objectRef.resource': 'pods',
          'requestObject.spec.containers.image|contains': pick([
            'xmrig',
            'kube-proxy',
            'istio/proxyv2',
            ...TEAMS.map((t) => `${t}-prod/`),
          ]),
          'user.username|startswith': 'oidc:',
        }),
        () => ({
          'objectRef.resource': 'pods',
          verb: 'create',
          'requestObject.spec.volumes.hostPath.path': one(
            some(['/', '/etc/kubernetes', '/var/run/docker.sock', '/var/log', '/proc', '/root'], 1, 3),
          ),
          'objectRef.namespace': ns(),
        }),
      ])();
      return [sel('selection', m), 'selection'];
    },
  ],
  [
    3,
    'wild',
    () => {
      const m = {
        'objectRef.namespace': pick(['*-prod', '*-staging', 'kube-*', `tenant-${int(40)}*`, `tenant-${int(40)}*`]),
        'objectRef.name': pick(['debug-*', '*backdoor*', 'xmrig-*', `*-nightly-${int(99)}*`, `app-${int(99)}-?`]),
        verb: one(some(VERBS, 1, 3)),
      };
      return [sel('selection', m), 'selection'];
    },
  ],
];
const tot = shapes.reduce((a, s) => a + s[0], 0);
fs.rmSync(OUT, { recursive: true, force: true });
fs.mkdirSync(OUT, { recursive: true });
const stats = {};
for (let i = 1; i <= COUNT; i++) {
  let r = rnd() * tot,
    sh = shapes[0];
  for (const s of shapes) {
    if (r < s[0]) {
      sh = s;
      break;
    }
    r -= s[0];
  }
  const id = uuid();
  const [det, cond] = sh[2]();
  stats[sh[1]] = (stats[sh[1]] || 0) + 1;
  const n = String(i).padStart(5, '0');
  fs.writeFileSync(
    path.join(OUT, `k8s_syn_${n}_${sh[1]}.yml`),
    `title: Synthetic Kubernetes Audit Rule ${n}\nid: ${id}\nstatus: test\ndescription: generated, shape ${sh[1]}\nauthor: generator\ndate: 2026-01-01\ntags:\n  - attack.t1610\nlogsource:\n  product: kubernetes\n  service: audit\ndetection:\n${det}  condition: ${cond}\nfalsepositives:\n  - Unknown\nlevel: ${pick(['low', 'medium', 'high'])}\n`,
  );
}
console.error(`${COUNT} rules -> ${OUT}`, JSON.stringify(stats));
