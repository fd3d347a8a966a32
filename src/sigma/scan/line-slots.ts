/** The parts of an audit event that the scanner locates in a line, by their paths, in the order in which they stand there. */
export const LINE_SLOTS = Object.freeze([
  'level',
  'auditID',
  'stage',
  'requestURI',
  'verb',
  'user',
  'user.username',
  'impersonatedUser',
  'impersonatedUser.username',
  'authenticationMetadata',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'objectRef.resource',
  'objectRef.namespace',
  'objectRef.name',
  'objectRef.uid',
  'objectRef.apiGroup',
  'objectRef.apiVersion',
  'objectRef.resourceVersion',
  'objectRef.subresource',
  'responseStatus',
  'responseStatus.code',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'annotations',
  'annotations.authorization.k8s.io/decision',
  'annotations.authorization.k8s.io/reason',
] as const);

export type LineSlot = (typeof LINE_SLOTS)[number];

/** Slots of maps and lists. */
export const CONTAINER_SLOTS: ReadonlySet<LineSlot> = new Set<LineSlot>([
  'user',
  'impersonatedUser',
  'authenticationMetadata',
  'sourceIPs',
  'objectRef',
  'responseStatus',
  'annotations',
]);

/** Slots of one string. */
export type StringSlot = Exclude<
  LineSlot,
  | 'user'
  | 'impersonatedUser'
  | 'authenticationMetadata'
  | 'sourceIPs'
  | 'objectRef'
  | 'responseStatus'
  | 'responseStatus.code'
  | 'annotations'
>;

/** Where the scanner keeps a slot. */
export function slotIndex(slot: LineSlot): number {
  return LINE_SLOTS.indexOf(slot);
}

export function isLineSlot(name: string): name is LineSlot {
  return (LINE_SLOTS as readonly string[]).includes(name);
}
