const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };
const COLOR = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };

function closed(properties: Readonly<Record<string, object>>, required: readonly string[]): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

function listOf(items: object): object {
  return { type: 'array', items };
}

const DIVIDER = closed({ divider: FLAG }, ['divider']);
const METADATA = listOf({ anyOf: [closed({ name: TEXT, value: TEXT }, ['name', 'value']), DIVIDER] });
const LINKS = listOf({ anyOf: [closed({ label: TEXT, url: TEXT }, ['label', 'url']), DIVIDER] });

const TECHNIQUE = closed(
  {
    techniqueID: { type: 'string', pattern: '^T[0-9]{4}(\\.[0-9]{3})?$' },
    tactic: { type: 'string', pattern: '^[a-z-]+$' },
    comment: TEXT,
    enabled: FLAG,
    score: { type: 'number' },
    color: TEXT,
    metadata: METADATA,
    links: LINKS,
    showSubtechniques: FLAG,
  },
  ['techniqueID'],
);

const LAYOUT = closed(
  {
    layout: { enum: ['side', 'flat', 'mini'] },
    showID: FLAG,
    showName: FLAG,
    showAggregateScores: FLAG,
    countUnscored: FLAG,
    aggregateFunction: { enum: ['average', 'min', 'max', 'sum'] },
    expandedSubtechniques: { enum: ['none', 'all', 'annotated'] },
  },
  [],
);

/** A layer of the ATT&CK Navigator, format 4.5, as its published description says (attack-navigator, layers/spec/v4.5/layerformat.md). */
export const NAVIGATOR_LAYER_SCHEMA = closed(
  {
    versions: closed({ attack: TEXT, navigator: TEXT, layer: { const: '4.5' } }, ['navigator', 'layer']),
    name: TEXT,
    description: TEXT,
    domain: { enum: ['enterprise-attack', 'mobile-attack', 'ics-attack'] },
    customDataURL: TEXT,
    filters: closed({ platforms: listOf(TEXT) }, []),
    sorting: { enum: [0, 1, 2, 3] },
    layout: LAYOUT,
    hideDisabled: FLAG,
    techniques: listOf(TECHNIQUE),
    gradient: closed(
      {
        colors: { type: 'array', items: COLOR, minItems: 2 },
        minValue: { type: 'number' },
        maxValue: { type: 'number' },
      },
      ['colors', 'minValue', 'maxValue'],
    ),
    legendItems: listOf(closed({ label: TEXT, color: TEXT }, ['label', 'color'])),
    showTacticRowBackground: FLAG,
    tacticRowBackground: TEXT,
    selectTechniquesAcrossTactics: FLAG,
    selectSubtechniquesWithParent: FLAG,
    selectVisibleTechniques: FLAG,
    metadata: METADATA,
    links: LINKS,
  },
  ['name', 'domain'],
);
