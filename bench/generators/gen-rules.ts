// Generates Sigma rules for audit events, byte for byte the same for a seed: node bench/generators/gen-rules.ts --count 5000 --seed 7 --out rules
// The first 100 of 5,000 are the rules that --count 100 makes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { weighted } from './random.ts';
import { detectionText } from './rules/detection.ts';
import { draw } from './rules/draw.ts';
import { SHAPES } from './rules/shapes.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '7' },
    out: { type: 'string', default: 'rules' },
  },
});
rmSync(values.out, { recursive: true, force: true });
mkdirSync(values.out, { recursive: true });
const random = draw(Number(values.seed));
const shape = weighted(
  random,
  SHAPES.map((one) => [one.weight, one] as const),
);
for (let i = 1; i <= Number(values.count); i++) {
  const { name, detection } = shape();
  const number = String(i).padStart(5, '0');
  writeFileSync(
    join(values.out, `k8s_syn_${number}_${name}.yml`),
    `title: Synthetic Kubernetes Audit Rule ${number}
id: ${random.uuid()}
status: test
description: generated, shape ${name}
author: generator
date: 2026-01-01
tags:
  - attack.t1610
logsource:
  product: kubernetes
  service: audit
${detectionText(detection(random))}falsepositives:
  - Unknown
level: ${random.pick(['low', 'medium', 'high'])}
`,
  );
}
