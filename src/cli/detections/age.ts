/** How long ago, as kubectl says it: `12s`, `5m`, `3h`, `4d`. Empty for no time. */
export function age(time: string | undefined, now: number): string {
  const milliseconds = now - Date.parse(time ?? '');
  if (Number.isNaN(milliseconds)) return '';
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
