import type { Lint } from './finding.ts';
import { isExponential } from './regex/ambiguity.ts';

/** For all regular expressions of a document: a fraction of a second. What is left after it is not looked at. */
const MAX_STEPS = 3_000_000;

/** Here patterns run in linear time, but the rule may run elsewhere. */
export const exponentialRegex: Lint = {
  code: 'ExponentialRegex',
  severity: 'warning',
  meaning:
    'An engine that backtracks (most SIEMs, Python, Java, JavaScript) may need exponential time for this regular expression on a text that an attacker chooses: a repetition can match the same text in several ways. Here it runs in linear time.',
  remedy: 'Write repetitions so that each text can be matched in one way only: (a+)+ as a+, (a|ab)*b as (ab?)*b.',
  example: "  selection:\n    requestURI|re: '^/api/(\\w+/?)+$'\n  condition: selection",
  kinds: ['detection', 'filter'],
  *find(subject) {
    const budget = { steps: MAX_STEPS };
    for (const item of subject.items) {
      if (!item.modifiers.includes('re')) continue;
      const ignoreCase = item.modifiers.includes('i') || item.modifiers.includes('ignorecase');
      for (const scalar of item.scalars) {
        if (!isExponential(scalar.text, { ignoreCase, budget })) continue;
        const message = 'A backtracking engine may need exponential time.';
        yield { message, place: subject.placeOf(scalar), path: item.path };
      }
    }
  },
};
