import { deepFreeze } from '../freeze.ts';
import type { FieldPath } from '../plan/field.ts';
import type { FieldMapping } from './field-mapping.ts';

/** Where the kinds of the core and batch and apps groups keep their pod specification. */
const POD_SPECS = [
  // Pod
  'spec',
  // Deployment, DaemonSet, StatefulSet, ReplicaSet, ReplicationController, Job; PodTemplate has it at template.spec
  'spec.template.spec',
  'template.spec',
  // CronJob
  'spec.jobTemplate.spec.template.spec',
];
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

/** A path of the audit event itself. */
function event(path: string): FieldPath {
  return { root: 'event', segments: path.split('.') };
}

/** A path of the object that the request is about (on patch: the one that it made). */
function body(path: string): FieldPath {
  return { root: 'body', segments: path.split('.') };
}

function ofPodSpecs(...paths: readonly string[]): readonly FieldPath[] {
  return POD_SPECS.flatMap((spec) => paths.map((path) => body(`${spec}.${path}`)));
}

function ofContainers(path: string): readonly FieldPath[] {
  return ofPodSpecs(...CONTAINERS.map((containers) => `${containers}.${path}`));
}

/**
 * The names that public rules for kubernetes/audit use beside the fields of `audit.k8s.io/v1` events. A mapped field's value is the union over its paths;
 * `null` means that the union is empty; a field of that very name in the event wins.
 */
export const KUBERNETES_AUDIT_MAPPING: FieldMapping = deepFreeze({
  name: 'kubernetes-audit',
  fields: {
    apiGroup: [event('objectRef.apiGroup')],
    resource: [event('objectRef.resource')],
    subresource: [event('objectRef.subresource')],
    namespace: [event('objectRef.namespace')],
    username: [event('user.username')],
    hostPath: ofPodSpecs('volumes.hostPath', 'volumes.hostPath.path'),
    capabilities: ofContainers('securityContext.capabilities.add'),
    privileged: ofContainers('securityContext.privileged'),
  },
  values: [
    {
      field: 'responseStatus.code',
      value: 'ALLOW',
      path: event('annotations.authorization.k8s.io/decision'),
      becomes: 'allow',
      reason: 'responseStatus.code is an HTTP status; the decision of the authorizer is in this annotation',
    },
    {
      field: 'responseStatus.code',
      value: 'FORBID',
      path: event('annotations.authorization.k8s.io/decision'),
      becomes: 'forbid',
      reason: 'responseStatus.code is an HTTP status; the decision of the authorizer is in this annotation',
    },
  ],
});
