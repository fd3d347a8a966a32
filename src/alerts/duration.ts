const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^([1-9]\d{0,4})([smhd])$/;

/** Milliseconds of a duration as people write it: `90s`, `15m`, `12h`, `30d`. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit] = FORM.exec(text) ?? [];
  return unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(number) * UNITS[unit] : undefined;
}
