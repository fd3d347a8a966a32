import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml';
import type { YamlScalarValue } from './tree.ts';

const CORE_TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag] as const;

/** The value of an untagged plain scalar in the YAML 1.2 core schema; infinities and NaN stay text. */
export function resolvePlainScalar(text: string): YamlScalarValue {
  for (const tag of CORE_TAGS) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return typeof value === 'number' && !Number.isFinite(value) ? text : value;
  }
  return text;
}

/** The value of a scalar with the explicit tag `tag` (as written), or undefined for a tag outside the core schema. */
export function resolveTaggedScalar(tag: string, text: string): YamlScalarValue | undefined {
  if (tag === '!' || tag === '!!str' || tag === '!<tag:yaml.org,2002:str>') return text;
  const core = CORE_TAGS.find(
    ({ tagName }) => tag === tagName.replace('tag:yaml.org,2002:', '!!') || tag === `!<${tagName}>`,
  );
  if (core === undefined) return undefined;
  const value = core.resolve(text, true, core.tagName);
  return value === NOT_RESOLVED ? undefined : value;
}
