import type { Comparison } from './correlation.ts';

export function compare(value: number, { operator, bound }: Comparison): boolean {
  switch (operator) {
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'eq':
      return value === bound;
    case 'neq':
      return value !== bound;
    default:
      return operator satisfies never;
  }
}
