import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Command, Timeline } from '../contract/session.ts';

/* A project may come from anybody: nothing in it may lead to files outside of it. */

const refusal = (folder: string, found: string): EigenscopeError =>
  new EigenscopeError(
    'corrupt-file',
    `The project “${basename(folder)}” is not opened: ${found}. A project holds its own files alone; get it anew from whoever made it.`,
    { folder },
  );

/**
 * Refuses a project folder with symbolic links in it: manifests are rewritten, results deleted, and both would happen
 * where the link leads. The folder itself may be reached through a link.
 * @throws EigenscopeError `corrupt-file`
 */
export async function refuseLinks(folder: string): Promise<void> {
  // A folder that is not there yet has none.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link === undefined) return;
  throw refusal(folder, `${relative(folder, join(link.parentPath, link.name))} in it is a link to another place`);
}

/** Names that become files and folders: no way up, no other drive, no other folder. */
const isPlainName = (name: unknown): boolean =>
  typeof name === 'string' &&
  name.length > 0 &&
  name.length <= 200 &&
  name !== '.' &&
  name !== '..' &&
  // eslint-disable-next-line no-control-regex -- names with control characters are what is looked for
  !/[/\\:\u0000-\u001f]/.test(name);

function checkRecord(record: ResultRecord | undefined, folder: string): void {
  if (!isPlainName(record?.id)) throw refusal(folder, `it names a result ${JSON.stringify(record?.id ?? null)}`);
  const { arrays, given } = record!;
  if (typeof arrays !== 'object' || arrays === null) throw refusal(folder, `the result ${record!.id} lists no arrays`);
  const bad = [...Object.keys(arrays), ...Object.keys(given ?? {})].find((name) => !isPlainName(name));
  if (bad !== undefined) throw refusal(folder, `it names an array ${JSON.stringify(bad)}`);
}

const recordsOf = (command: Command | undefined): ResultRecord[] => {
  const single = command?.do === 'together' ? command.commands : [command];
  return single.flatMap((one) => (one?.do === 'result.add' ? [one.record] : []));
};

/**
 * Refuses a session whose results or arrays have names that would be places outside of the project's folder.
 * @throws EigenscopeError `corrupt-file`
 */
export function checkNames({ session, done, undone }: Timeline, folder: string): void {
  const steps = [...done, ...undone];
  for (const record of [
    ...session.results,
    ...session.bin.map((one: { record?: ResultRecord } | null) => one?.record),
    ...steps.flatMap((step) => [...recordsOf(step?.command), ...recordsOf(step?.inverse)]),
  ]) {
    checkRecord(record ?? undefined, folder);
  }
}
