/** The first word of a user agent: `kubectl/v1.37.2` of `kubectl/v1.37.2 (linux/amd64) kubernetes/abcdef`. */
export function clientName(userAgent: string): string {
  return userAgent.split(' ', 1)[0] ?? '';
}
