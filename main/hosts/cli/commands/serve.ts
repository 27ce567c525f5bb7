import { parseArguments, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { serveWindow } from '../../web/main.ts';

/** Serves the window's pages on the loopback address until interrupted. */
export async function serve(args: readonly string[], context: Context): Promise<void> {
  const parsed = parseArguments(args, { port: 'value', root: 'list', data: 'value', open: 'switch' });
  const { port, data } = parsed.values;
  const serving = await serveWindow({
    port: port === undefined ? 0 : wholeNumber('port', port),
    roots: parsed.lists['root'] ?? [],
    files: parsed.positional,
    open: parsed.switches.has('open'),
    print: context.print,
    log: (line) => void process.stderr.write(`${line}\n`),
    ...(data === undefined ? {} : { data }),
  });
  await new Promise<void>((resolve) => {
    context.onInterrupt(resolve);
    process.once('SIGTERM', resolve);
  });
  await serving.close();
}
