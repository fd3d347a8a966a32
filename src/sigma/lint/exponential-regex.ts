import type { Lint } from './finding.ts';
import { isExponential } from './regex/ambiguity.ts';

/** Here patterns run in linear time, but the rule may run elsewhere. */
export const exponentialRegex: Lint = {
  code: 'ExponentialRegex',
  severity: 'warning',
  meaning:
    'An engine that backtracks (most SIEMs, Python, Java, JavaScript) may need exponential time for this regular expression on a text that an attacker chooses: a repetition can match the same text in several ways. Here it runs in linear time.',
  remedy: 'Write repetitions so that each text can be matched in one way only: (a+)+ as a+, (a|ab)*b as (ab?)*b.',
  example: "  selection:\n    requestURI|re: '^/api/(\\w+/?)+$'\n  condition: selection",
  kinds: ['detection', 'filter'],
  find(subject) {
    return subject.items.flatMap((item) => {
      if (!item.modifiers.includes('re')) return [];
      return item.scalars.flatMap((scalar) => {
        if (
          !isExponential(scalar.text, {
            ignoreCase: item.modifiers.includes('i') || item.modifiers.includes('ignorecase'),
          })
        )
          return [];
        return [
          {
            message: 'A backtracking engine may need exponential time.',
            place: subject.placeOf(scalar),
            path: item.path,
          },
        ];
      });
    });
  },
};
