#!/usr/bin/env node
// The command line in a checkout. Node runs the TypeScript sources as they are from 22.18 on.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`sigma-operator needs Node 22.20 or newer, this is ${process.versions.node}. In a checkout: npm ci, then npx sigma-operator.`);
  process.exit(2);
}
await import('../src/cli/main.ts');
