import type { PageFormat } from '../pages/page-format.ts';
import type { RuleSelection } from '../rules/rule-options.ts';

/** What commands that list something across rules have in common. */
export interface ListingOptions extends RuleSelection {
  readonly format: PageFormat;
}
