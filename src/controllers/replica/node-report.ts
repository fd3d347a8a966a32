import type { TotalsByRule } from '../../alerts/index.ts';
import type { SourceState } from '../../audit/index.ts';
import { decodeAnnotation, encodeAnnotation } from './annotation-codec.ts';

/** How far the log of one AuditSource on one node was read, and what became of it since the source was first followed. */
export interface SourceReport {
  readonly state: SourceState;
  readonly message?: string;
  /** `generation:offset` up to which everything was counted. */
  readonly position: string;
  readonly lagBytes: number;
  readonly progress: SourceProgress;
  /** The partition's checkpoint, for a replica that takes over without this one's disk. Opaque here. */
  readonly checkpoint: unknown;
}

/** Totals that belong to a checkpoint: they say what the log up to there amounted to. */
export interface SourceProgress {
  readonly events: number;
  readonly lastEvent?: string;
  /** Lines that could not be read, by cause. */
  readonly unreadable: Readonly<Record<string, number>>;
  readonly oversize: number;
  readonly gaps: number;
  readonly lastGap?: string;
  readonly totals: TotalsByRule;
}

export interface NodeReport {
  readonly node: string;
  /** By the AuditSource's name. */
  readonly sources: Readonly<Record<string, SourceReport>>;
}

export const NODE_ANNOTATION = 'detection.sigma-operator.dev/node';

export function encodeNodeReport(report: NodeReport): string {
  return encodeAnnotation(report);
}

/** Trusts the shape of what replicas wrote; undefined for what is obviously something else. */
export function decodeNodeReport(text: string | undefined): NodeReport | undefined {
  const value = decodeAnnotation(text);
  if (typeof value !== 'object' || value === null || !('node' in value) || !('sources' in value)) return undefined;
  return value as NodeReport;
}
