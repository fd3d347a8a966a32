import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours for text, or none. The text must be safe to print already. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** By the severity of a match or a finding. */
  severity(severity: string, text: string): string;
}

const SEVERITY_FORMATS: Readonly<Record<string, Format>> = {
  critical: ['bold', 'red'],
  high: 'red',
  error: 'red',
  medium: 'yellow',
  warning: 'yellow',
  low: 'cyan',
};

export function createStyle(coloured: boolean): Style {
  const paint = (format: Format, text: string): string =>
    coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: (text) => paint('bold', text),
    dim: (text) => paint('dim', text),
    red: (text) => paint('red', text),
    green: (text) => paint('green', text),
    yellow: (text) => paint('yellow', text),
    cyan: (text) => paint('cyan', text),
    severity: (severity, text) => paint(SEVERITY_FORMATS[severity] ?? 'dim', text),
  };
}
