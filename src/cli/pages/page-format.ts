/** The formats of commands that show a page; the first is the default. */
export const PAGE_FORMATS = ['pretty', 'markdown', 'json'] as const;
export type PageFormat = (typeof PAGE_FORMATS)[number];
