import { encodeAnnotation } from '../../../src/controllers/replica/annotation-codec.ts';
import { COMPONENT_LABEL } from '../../../src/controllers/replica/lease-labels.ts';
import {
  NODE_ANNOTATION,
  type NodeReport,
  type PublishedPartition,
  type SourceProgress,
  type SourceReport,
} from '../../../src/controllers/replica/node-report.ts';
import { RULES_ANNOTATION, type RulesReport } from '../../../src/controllers/replica/rules-report.ts';
import type { Lease } from '../../../src/kube/index.ts';

const PROGRESS: SourceProgress = { events: 0, unreadable: {}, oversize: 0, gaps: 0, totals: {} };

export function progress(changes: Partial<SourceProgress> = {}): SourceProgress {
  return { ...PROGRESS, ...changes };
}

/** A partition of `/var/log/audit.log` that was read up to an offset of the first generation. */
export function partition(
  offset: number,
  of: Partial<SourceProgress> = {},
  path = '/var/log/audit.log',
): PublishedPartition {
  return {
    checkpoint: { position: { generation: 1, offset }, files: [['fingerprint', 1]], floor: 0 },
    stages: { startsLogged: false },
    extra: { path, progress: progress(of) },
  };
}

/** What is followed of the source `kube-apiserver`. */
function sourceReport(changes: Partial<SourceReport> = {}): SourceReport {
  return { state: 'Following', lagBytes: 0, partition: partition(100), ...changes };
}

export function nodeReport(node: string, changes: Partial<SourceReport> = {}): NodeReport {
  return { node, sources: { 'kube-apiserver': sourceReport(changes) } };
}

/** The Lease of a replica that runs these rules, renewed for the nth time. */
export function replicaLease(replica: string, rules: RulesReport, renewal = 0): Lease {
  return lease(`replica-${replica}`, 'replica', replica, renewal, { [RULES_ANNOTATION]: encodeAnnotation(rules) }, 40);
}

/** The Lease of a node, renewed for the nth time by this replica; the empty one has given it up. */
export function nodeLease(report: NodeReport, replica: string, renewal = 0): Lease {
  return lease(`node-${report.node}`, 'node', replica, renewal, { [NODE_ANNOTATION]: encodeAnnotation(report) }, 15);
}

let version = 0;

function lease(
  name: string,
  component: string,
  holderIdentity: string,
  renewal: number,
  annotations: Readonly<Record<string, string>>,
  leaseDurationSeconds: number,
): Lease {
  version += 1;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'sigma-operator',
      resourceVersion: String(version),
      labels: { [COMPONENT_LABEL]: component },
      annotations,
    },
    spec: {
      holderIdentity,
      leaseDurationSeconds,
      renewTime: `2026-11-24T08:00:00.${String(renewal).padStart(6, '0')}Z`,
    },
  };
}
