import { parseArgs } from 'node:util';
import { toPlainError } from '../../../workers/model/errors.ts';
import { serveWindow } from './main.ts';

/* The program behind `npm start` where Electron is not: out/main/web.js [FILE …] [--port N] [--root DIR] [--no-open]. */

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      root: { type: 'string', multiple: true, default: [] },
      data: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) {
    throw new RangeError(`--port takes a number from 0 to 65535; got ${values.port}.`);
  }
  return { port, roots: values.root, files: positionals, open: !values['no-open'], data: values.data };
}

function fail(thrown: unknown, status: number): never {
  process.stderr.write(`eigenscope: ${toPlainError(thrown).message}\n`);
  process.exit(status);
}

async function main(): Promise<void> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(process.argv.slice(2));
  } catch (thrown) {
    return fail(thrown, 2);
  }
  const { data, ...rest } = options;
  const starting = serveWindow({
    ...rest,
    ...(data === undefined ? {} : { data }),
    print: (line) => void process.stdout.write(`${line}\n`),
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(130);
    ending = true;
    starting
      .then((serving) => serving.close())
      .then(
        () => process.exit(0),
        (thrown: unknown) => fail(thrown, 1),
      );
  };
  // a parent that ends without a signal (a closed terminal, a killed test) must not leave a server behind
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, end);
  const { url } = await starting;
  // a program that started this one waits for the address
  process.send?.({ url });
}

main().catch((thrown: unknown) => fail(thrown, 1));
