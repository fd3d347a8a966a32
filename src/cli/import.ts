import { Command } from 'commander';
import type { ImportOptions } from './import/run-import.ts';
import { formatOption, runOffline } from './offline-command.ts';

/** `sigma-operator import`: Sigma rules as DetectionRule manifests. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'Make DetectionRule manifests of the Kubernetes rules in a folder, such as a checkout of SigmaHQ/sigma.',
    )
    .argument('<folder>', 'a folder with Sigma rules, or one file')
    .requiredOption('--out <folder>', 'where the manifests are written, or updated')
    .option('--license <text>', 'the licence of the rules, where a rule does not state its own', undefined)
    .addOption(formatOption(['pretty', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: Omit<ImportOptions, 'folder'>) => {
      await runOffline(async (terminal) => {
        const { runImport } = await import('./import/run-import.ts');
        return runImport({ ...options, folder }, terminal);
      });
    });
}

const EXAMPLES = `
Examples:
  sigma-operator import sigma/rules/application/kubernetes --out detections/
  sigma-operator import sigma/ --out detections/ --license 'Detection Rule License 1.1' && kubectl apply -k detections/

One file for each rule, named after the rule's file, and a kustomization.yaml that lists them. Imported again, the Sigma
text of a rule is updated where it changed; everything else in the manifest stays as it is. A rule is recognised by its id,
so that its manifest may be renamed. Nothing is deleted. See docs/import-rules.md.

Exit status: 0 imported, 1 some rules for Kubernetes could not be imported, 2 bad input or arguments.`;
