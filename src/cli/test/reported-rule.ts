import type { LoadedRule } from '../rules/loaded.ts';

/** What reports say of a rule. */
export interface ReportedRule {
  readonly title: string;
  readonly id: string | undefined;
  readonly name: string;
  readonly file: string;
}

export function reportedRule({ name, file, compiled }: LoadedRule): ReportedRule {
  const { title, id } = compiled.document;
  return { title, id, name, file };
}
