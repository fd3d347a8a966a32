/** What one correlation may hold; beyond it the document is refused. */
export const MAX_RULES = 32;
export const MAX_GROUP_BY = 16;
export const MAX_FIELDS = 8;
export const MAX_ALIASES = 32;
/** Terms of a boolean condition in disjunctive normal form. */
export const MAX_TERMS = 64;
