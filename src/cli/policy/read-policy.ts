import { readFileSync } from 'node:fs';
import { type AuditPolicy, parseAuditPolicy } from '../../catalog/index.ts';
import { CommandFailure } from '../failure.ts';
import { readFailure } from '../logs/read-failure.ts';
import { problemText } from '../output/problems.ts';
import type { Output } from '../output/terminal.ts';
import { wholeText } from '../rules/embedded-text.ts';
import { diagnosticProblem } from '../rules/load-problem.ts';

/** Reads an audit policy; what kube-apiserver ignores of it is said on `err`. Throws a CommandFailure. */
export function readPolicy(path: string, err: Output): AuditPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
  const result = parseAuditPolicy(text);
  if (!result.ok) {
    const [{ line, column, code, message } = { line: 1, column: 1, code: 'InvalidPolicy', message: '' }] =
      result.errors;
    throw new CommandFailure('InvalidPolicy', `${path}:${line}:${column}`, `${code}: ${message}`);
  }
  for (const warning of result.warnings)
    err.write(problemText(diagnosticProblem(path, wholeText(text), warning), err.style, 'warning'));
  return result.policy;
}
