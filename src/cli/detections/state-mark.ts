import { mark, muted, type Part } from '../pages/page.ts';
import type { State } from './filters.ts';

/** A state with the colour of how much it asks for. */
export function stateMark(state: State): Part {
  switch (state) {
    case 'Open':
    case 'Reopened':
      return mark('bad', state);
    case 'Acknowledged':
      return mark('warning', state);
    case 'Resolved':
      return mark('good', state);
    case 'FalsePositive':
      return muted(state);
    default:
      return state satisfies never;
  }
}
