/** `metav1.MicroTime`: RFC 3339 with exactly six digits of fraction, which the API server insists on. */
export function formatMicroTime(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const micros = Math.floor((milliseconds - whole) * 1000);
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
