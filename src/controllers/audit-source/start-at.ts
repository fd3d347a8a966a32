/** `spec.startAt` as a file source takes it. The CRD admits End, Beginning and RFC 3339 times only. */
export function startAt(text: string | undefined): 'End' | 'Beginning' | Date {
  if (text === undefined || text === 'End') return 'End';
  if (text === 'Beginning') return 'Beginning';
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? 'End' : time;
}
