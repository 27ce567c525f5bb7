import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, projectRoot } from './build.mjs';
import { electronObstacle, fetchElectron, findElectron } from './electron-runtime.mjs';
import { findNode, missingPackages, runToEnd } from './programs.mjs';

/* npm start: builds what is stale, then Electron, or the same window in the default browser. Node 20 runs this. */

const help = `npm start -- [FILE …] [--web] [--port N] [--root DIR] [--no-open]

  FILE        files or projects to open
  --web       the window in the default browser, even where Electron is there
  --port N    web only: the port on 127.0.0.1 (a free one when left out)
  --root DIR  web only: a folder that the window may list and write; may be repeated (your home folder when left out)
  --no-open   web only: print the address, open no browser
`;

/** A window that ended before this never came up: a missing library, a forbidden sandbox. */
const startedAfterMs = 4000;

const say = (line) => process.stderr.write(`${line}\n`);

function readArguments(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      web: { type: 'boolean', default: false },
      port: { type: 'string' },
      root: { type: 'string', multiple: true, default: [] },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.port !== undefined && (!/^\d+$/.test(values.port) || Number(values.port) > 65535)) {
    throw new Error(`--port takes a number from 0 to 65535; got ${values.port}.`);
  }
  const web = values.web || values.port !== undefined || values.root.length > 0 || values['no-open'];
  return { ...values, web, files: positionals };
}

/** Why Electron does not show the window; null when it did and has ended. */
async function tryElectron(options) {
  const obstacle = electronObstacle();
  if (findElectron(projectRoot) === null) {
    // a machine that could not show the window anyway is spared the download
    const missing = obstacle ?? (await fetchElectron(projectRoot, { say }));
    if (missing !== null) return `Electron's runtime is not there and ${missing}`;
  }
  if (obstacle !== null) return obstacle;
  const begun = Date.now();
  const status = await runToEnd(findElectron(projectRoot), [projectRoot, ...options.files]).catch(() => -1);
  if (status !== 0 && status < 128 && Date.now() - begun < startedAfterMs) return 'Electron did not start';
  process.exitCode = status;
  return null;
}

function runWebHost(options) {
  const args = [join(projectRoot, 'out/main/web.js'), ...options.files];
  if (options.port !== undefined) args.push('--port', options.port);
  for (const root of options.root) args.push('--root', root);
  if (options['no-open']) args.push('--no-open');
  return runToEnd(findNode(projectRoot), args);
}

async function main() {
  const missing = missingPackages(projectRoot);
  if (missing !== null) throw new Error(missing);
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  await ensureBuilt({ say });
  if (!options.web) {
    const why = await tryElectron(options);
    if (why === null) return;
    say(`${why[0].toUpperCase()}${why.slice(1)}; opening the window from the web host instead.`);
  }
  process.exitCode = await runWebHost(options);
}

main().catch((error) => {
  say(`eigenscope: ${error.message}`);
  process.exitCode = 1;
});
