/**
 * Whether the bodies of an event may hold credentials: secrets, token reviews and service account tokens. Their values are never shown.
 */
export function hasSensitiveBody(event: object): boolean {
  const objectRef: unknown = Reflect.get(event, 'objectRef');
  if (typeof objectRef !== 'object' || objectRef === null) return false;
  const resource: unknown = Reflect.get(objectRef, 'resource');
  const subresource: unknown = Reflect.get(objectRef, 'subresource');
  return (
    resource === 'secrets' || resource === 'tokenreviews' || (resource === 'serviceaccounts' && subresource === 'token')
  );
}
