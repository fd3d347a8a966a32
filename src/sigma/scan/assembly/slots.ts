// Where the parts of an event are found: the slots of ../line-slots.ts by their indexes, and behind them the bodies, together and each.

export const LEVEL: usize = 0;
export const AUDIT_ID: usize = 1;
export const STAGE: usize = 2;
export const REQUEST_URI: usize = 3;
export const VERB: usize = 4;
/** The username has the slot behind the user's own. */
export const USER: usize = 5;
export const IMPERSONATED_USER: usize = 7;
export const AUTHENTICATION_METADATA: usize = 9;
export const SOURCE_IPS: usize = 10;
export const USER_AGENT: usize = 11;
export const OBJECT_REF: usize = 12;
export const RESOURCE: usize = 13;
export const NAMESPACE: usize = 14;
export const NAME: usize = 15;
export const UID: usize = 16;
export const API_GROUP: usize = 17;
export const API_VERSION: usize = 18;
export const RESOURCE_VERSION: usize = 19;
export const SUBRESOURCE: usize = 20;
export const RESPONSE_STATUS: usize = 21;
export const CODE: usize = 22;
export const REQUEST_RECEIVED: usize = 23;
export const STAGE_TIMESTAMP: usize = 24;
export const ANNOTATIONS: usize = 25;
export const DECISION: usize = 26;
export const REASON: usize = 27;
export const BODIES: usize = 28;
export const REQUEST_OBJECT: usize = 29;
export const RESPONSE_OBJECT: usize = 30;

const COUNT: usize = 32;
const STARTS = memory.data(128, 16);
const ENDS = memory.data(128, 16);

/** Two tables of 32 numbers of four bytes: where slots begin, and behind that where they end, 0 for those that are not there. */
export function startsOfSlots(): usize {
  return STARTS;
}

export function endsOfSlots(): usize {
  return ENDS;
}

// @ts-ignore: decorator
@inline
export function put(slot: usize, from: usize, to: usize): void {
  store<u32>(STARTS + slot * 4, <u32>from);
  store<u32>(ENDS + slot * 4, <u32>to);
}

export function startOf(slot: usize): usize {
  return load<u32>(STARTS + slot * 4);
}

export function endOf(slot: usize): usize {
  return load<u32>(ENDS + slot * 4);
}

/** The members of `objectRef`, if it is there, are known. */
let referenceRead = true;

export function isReferenceRead(): bool {
  return referenceRead;
}

export function passOverReference(): void {
  for (let member = RESOURCE; member <= SUBRESOURCE; member++) put(member, 0, 0);
  referenceRead = false;
}

export function clearSlots(): void {
  referenceRead = true;
  for (let i: usize = 0; i < COUNT * 4; i += 16) v128.store(ENDS + i, i64x2.splat(0));
}
