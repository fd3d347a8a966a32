import { listRules, type RuleCatalog } from '../../../catalog/index.ts';

/** The title of a rule by its key. */
export type TitleOf = (key: string) => string;

export function titlesOf(catalog: RuleCatalog): TitleOf {
  const titles = new Map(listRules(catalog).map(({ key, title }) => [key, title]));
  return (key) => titles.get(key) ?? key;
}
