import type { Clock } from './clock.ts';
import { ts } from './clock.ts';
import type { ClusterNode } from './cluster.ts';
import { APPNS, APPS, KVER, SECRETS, teamOf } from './names.ts';
import type { Texts } from './texts.ts';

interface PodOptions {
  readonly bare?: boolean;
  readonly hostPath?: string | undefined;
  readonly privileged?: boolean;
  readonly hostNetwork?: boolean;
  readonly command?: readonly string[] | undefined;
}

/** Request and response bodies. */
export type Bodies = ReturnType<typeof bodies>;

export function bodies({ uuid, hex, sfx, int, chance, pick }: Texts, time: Clock) {
  const seconds = (): string => `${ts(time.now()).slice(0, 19)}Z`;
  const mf = (mgr: string, op: string) => {
    return [
      {
        manager: mgr,
        operation: op,
        apiVersion: 'v1',
        time: seconds(),
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
  };
  const container = (name: string, img: string, o: PodOptions = {}) => {
    return {
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
        {
          name: 'kube-api-access-' + sfx(5),
          readOnly: true,
          mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        },
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
      securityContext: o.privileged
        ? { privileged: true, capabilities: { add: ['SYS_ADMIN', 'NET_ADMIN'] } }
        : {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            runAsNonRoot: true,
            readOnlyRootFilesystem: true,
          },
      ...(o.command && { command: o.command }),
    };
  };
  const podBody = (ns: string, name: string, app: string, o: PodOptions = {}) => {
    const vols: object[] = [{ name: 'config', configMap: { name: 'app-config', defaultMode: 420 } }];
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
          team: teamOf(ns),
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
  };
  const nodeStatusBody = (n: ClusterNode) => {
    const t = seconds();
    return {
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
      metadata: { name: n.name },
    };
  };

  return { seconds, mf, container, podBody, nodeStatusBody };
}
