/** As kubectl has it: `cronjobs.batch/status`. */
export function resourceName(apiGroup: string, resource: string, subresource: string): string {
  const name = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return subresource === '' ? name : `${name}/${subresource}`;
}
