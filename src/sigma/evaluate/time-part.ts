import type { TimePart } from '../values/item-value.ts';

const DATE_TIME = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)(?!\d))?/;
const DAY = 86_400_000;

/** A part of an ISO 8601 date or date and time as it is written; undefined where the text is none or has no such part. The week is the ISO week, 1 to 53. */
export function timePart(text: string, part: TimePart): number | undefined {
  const found = DATE_TIME.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute] = found;
  switch (part) {
    case 'year':
      return Number(year);
    case 'month':
      return Number(month);
    case 'day':
      return Number(day);
    case 'hour':
      return hour === undefined ? undefined : Number(hour);
    case 'minute':
      return minute === undefined ? undefined : Number(minute);
    case 'week':
      return isoWeek(Number(year), Number(month), Number(day));
    default:
      return part satisfies never;
  }
}

/** The week that holds the Thursday of the date's week, counted in the year of that Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const date = Date.UTC(year, month - 1, day);
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = date + (3 - weekday) * DAY;
  const firstOfYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - firstOfYear) / (7 * DAY));
}
