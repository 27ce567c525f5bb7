import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, projectRoot } from './build.mjs';
import { findNode, missingPackages, runToEnd } from './programs.mjs';

/* npm run eigenscope: builds what is stale, then the command line. Node 20 runs this. */

/** The built code wants the Node line that Electron embeds; npm puts it first on the path, a shell may not. */
const oldestNode = 24;

async function main() {
  const missing = missingPackages(projectRoot);
  if (missing !== null) throw new Error(missing);
  await ensureBuilt({ say: (line) => process.stderr.write(`${line}\n`) });
  const program = join(projectRoot, 'out/main/cli.js');
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) {
    process.argv[1] = program;
    await import(pathToFileURL(program).href);
  } else {
    process.exitCode = await runToEnd(findNode(projectRoot), [program, ...process.argv.slice(2)]);
  }
}

main().catch((error) => {
  process.stderr.write(`eigenscope: ${error.message}\n`);
  process.exitCode = 1;
});
