import {
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml';
import type { DiagnosticSink } from '../diagnostics.ts';
import type { Limits } from '../limits.ts';
import { resolvePlainScalar, resolveTaggedScalar } from './scalar.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './tree.ts';

/**
 * Parses YAML 1.2 (core schema) into one tree for each non-empty document. Duplicate keys, keys that are no scalars, unknown tags and
 * aliases, and anything beyond the limits are errors. Returns undefined when there was an error.
 */
export function parseYaml(sink: DiagnosticSink, limits: Limits): readonly YamlNode[] | undefined {
  const { text } = sink.source;
  if (text.length > limits.maxSourceBytes || Buffer.byteLength(text) > limits.maxSourceBytes) {
    sink.report('SourceTooLarge', sink.source.place(0), `The source is longer than ${limits.maxSourceBytes} bytes.`);
    return undefined;
  }
  let events: readonly Event[];
  try {
    events = parseEvents(text, { maxDepth: limits.maxDepth });
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const reason = error instanceof YAMLException ? error.reason : String(error);
    sink.report('InvalidYaml', sink.source.place(mark?.position ?? 0), `Invalid YAML: ${reason}.`);
    return undefined;
  }
  const documents = new Composer(sink, limits).compose(events);
  return sink.hasErrors ? undefined : documents;
}

/** A node with what aliases of it count against the limits. */
interface Measured {
  readonly node: YamlNode;
  readonly nodes: number;
  readonly depth: number;
}

interface Frame {
  readonly kind: 'document' | 'sequence' | 'mapping';
  readonly start: number;
  readonly anchor: string | undefined;
  readonly items: YamlNode[];
  readonly entries: YamlEntry[];
  readonly keys: Set<string>;
  key: YamlScalar | undefined;
  expectsKey: boolean;
  end: number;
  nodes: number;
  depth: number;
}

class StopComposing extends Error {}

/** Builds trees from parser events with a stack of its own, so that depth costs no call stack. */
class Composer {
  readonly #sink: DiagnosticSink;
  readonly #limits: Limits;
  readonly #text: string;
  readonly #stack: Frame[] = [];
  #anchors = new Map<string, Measured>();
  #position = 0;
  #total = 0;

  constructor(sink: DiagnosticSink, limits: Limits) {
    this.#sink = sink;
    this.#limits = limits;
    this.#text = sink.source.text;
  }

  compose(events: readonly Event[]): readonly YamlNode[] {
    const documents: YamlNode[] = [];
    try {
      for (const event of events) {
        const document = this.#accept(event);
        if (document === undefined) continue;
        if (documents.length >= this.#limits.maxDocuments) {
          this.#refuse(
            'TooManyDocuments',
            document.start,
            document.start,
            `More than ${this.#limits.maxDocuments} documents.`,
          );
        }
        documents.push(document);
      }
    } catch (error) {
      if (!(error instanceof StopComposing)) throw error;
    }
    return documents;
  }

  #accept(event: Event): YamlNode | undefined {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.#anchors = new Map();
        this.#open('document', this.#position, undefined);
        return undefined;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const kind = event.type === EVENT_ID.SEQUENCE ? 'sequence' : 'mapping';
        const tag = slice(this.#text, event.tagStart, event.tagEnd);
        if (tag !== undefined && tag !== (kind === 'sequence' ? '!!seq' : '!!map')) {
          this.#refuse('UnknownTag', event.tagStart, event.tagEnd, `The tag ${tag} is outside the core schema.`);
        }
        this.#position = Math.max(this.#position, event.start);
        this.#open(kind, event.start, slice(this.#text, event.anchorStart, event.anchorEnd));
        return undefined;
      }
      case EVENT_ID.SCALAR: {
        const node = this.#scalar(event);
        this.#position = Math.max(this.#position, node.end);
        this.#add({ node, nodes: 1, depth: 1 }, slice(this.#text, event.anchorStart, event.anchorEnd));
        return undefined;
      }
      case EVENT_ID.ALIAS: {
        const name = this.#text.slice(event.anchorStart, event.anchorEnd);
        const target = this.#anchors.get(name);
        if (target === undefined) {
          this.#refuse(
            'UnknownAlias',
            event.anchorStart,
            event.anchorEnd,
            `The alias *${name} has no complete anchor before it.`,
          );
        }
        this.#position = event.anchorEnd;
        this.#add(target, undefined);
        return undefined;
      }
      case EVENT_ID.POP:
        return this.#close();
      default:
        return event satisfies never;
    }
  }

  #open(kind: Frame['kind'], start: number, anchor: string | undefined): void {
    this.#stack.push({
      kind,
      start,
      anchor,
      items: [],
      entries: [],
      keys: new Set(),
      key: undefined,
      expectsKey: true,
      end: start,
      nodes: 1,
      depth: 1,
    });
  }

  #close(): YamlNode | undefined {
    const frame = this.#stack.pop();
    if (frame === undefined) return undefined;
    const { kind, start, end, items, entries } = frame;
    if (kind === 'document') {
      const root = items[0];
      return root === undefined || (root.kind === 'scalar' && root.value === null) ? undefined : root;
    }
    const node: YamlNode = kind === 'sequence' ? { kind, items, start, end } : { kind, entries, start, end };
    this.#add({ node, nodes: frame.nodes, depth: frame.depth }, frame.anchor);
    return undefined;
  }

  #add(measured: Measured, anchor: string | undefined): void {
    if (anchor !== undefined) this.#anchors.set(anchor, measured);
    const frame = this.#stack.at(-1);
    if (frame === undefined) return;
    const { node } = measured;
    frame.nodes += measured.nodes;
    frame.depth = Math.max(frame.depth, measured.depth + 1);
    frame.end = Math.max(frame.end, this.#position);
    if (frame.nodes > this.#limits.maxNodes || frame.depth > this.#limits.maxDepth + 1) this.#tooComplex(frame);
    if (frame.kind === 'document') {
      this.#total += frame.nodes;
      if (this.#total > this.#limits.maxNodes) this.#tooComplex(frame);
      frame.items.push(node);
    } else if (frame.kind === 'sequence') {
      frame.items.push(node);
    } else if (frame.expectsKey) {
      frame.key = this.#key(node, frame);
      frame.expectsKey = false;
    } else {
      if (frame.key !== undefined) frame.entries.push({ key: frame.key, value: node });
      frame.expectsKey = true;
    }
  }

  #key(node: YamlNode, frame: Frame): YamlScalar {
    if (node.kind !== 'scalar') this.#refuse('InvalidKey', node.start, node.end, 'A map key must be a scalar.');
    if (frame.keys.has(node.text)) {
      this.#sink.report(
        'DuplicateKey',
        this.#sink.source.place(node.start, node.end),
        `The key ${JSON.stringify(node.text)} stands twice in one map.`,
      );
    }
    frame.keys.add(node.text);
    return node;
  }

  #scalar(event: ScalarEvent): YamlScalar {
    const text = getScalarValue(this.#text, event);
    const empty = event.valueStart < 0;
    const start = empty ? this.#position : event.valueStart;
    const end = empty ? start : event.valueEnd;
    const tag = slice(this.#text, event.tagStart, event.tagEnd);
    if (tag === undefined) {
      const plain = event.style === SCALAR_STYLE.PLAIN;
      return { kind: 'scalar', value: plain ? resolvePlainScalar(text) : text, text, start, end };
    }
    const value = resolveTaggedScalar(tag, text);
    if (value === undefined) this.#refuse('UnknownTag', event.tagStart, event.tagEnd, `The tag ${tag} does not fit.`);
    return { kind: 'scalar', value, text, start, end };
  }

  #tooComplex(frame: Frame): never {
    const { maxNodes, maxDepth } = this.#limits;
    this.#refuse(
      'TooComplex',
      frame.start,
      frame.start,
      `More than ${maxNodes} nodes or nested deeper than ${maxDepth}.`,
    );
  }

  #refuse(
    code: 'TooManyDocuments' | 'UnknownTag' | 'UnknownAlias' | 'InvalidKey' | 'TooComplex',
    start: number,
    end: number,
    message: string,
  ): never {
    this.#sink.report(code, this.#sink.source.place(start, end), message);
    throw new StopComposing(message);
  }
}

function slice(text: string, start: number, end: number): string | undefined {
  return start < 0 ? undefined : text.slice(start, end);
}
