import { evaluate } from '../../../src/sigma/index.ts';
import { describeEngine } from './support/engine-contract.ts';

describeEngine('interpreter', (rule, event, options) => evaluate(rule.plan, event, options));
