import type { Timeline } from '../contract/session.ts';
import { sessionSchema } from '../contract/session.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';

/** What a manifest file holds: the timeline and the number of the last journal line that is in it. */
export interface Manifest extends Timeline {
  eigenscope: number;
  /** version of the program that wrote it */
  version: string;
  line: number;
}

/** Numbered pure functions, migrations[n] takes schema n to n + 1. Schema 1 is the first. */
const migrations: Readonly<Record<number, (manifest: Record<string, unknown>) => Record<string, unknown>>> = {};

/**
 * A manifest of this version from the parsed JSON of any earlier one.
 * @returns the manifest and whether a newer program wrote it (then it must not be written to).
 * @throws EigenscopeError `corrupt-file` when it is not a manifest.
 */
export function migrateManifest(json: unknown, file: string): { manifest: Manifest; newer: boolean } {
  const broken = (what: string) =>
    new EigenscopeError('corrupt-file', `${file} is not a project manifest: ${what}.`, { file });
  if (typeof json !== 'object' || json === null) throw broken('it holds no object');
  let manifest = json as Record<string, unknown>;
  let schema = manifest['eigenscope'];
  if (typeof schema !== 'number') throw broken('the field “eigenscope” (schema number) is missing');
  while (schema < sessionSchema) {
    const migrate = migrations[schema];
    if (migrate === undefined) throw broken(`schema ${schema} is unknown`);
    manifest = migrate(manifest);
    schema++;
  }
  const session = manifest['session'] as Record<string, unknown> | undefined;
  for (const list of ['datasets', 'results', 'bin'] as const) {
    if (!Array.isArray(session?.[list])) throw broken(`the list “session.${list}” is missing`);
  }
  if (!Array.isArray(manifest['done']) || !Array.isArray(manifest['undone'])) throw broken('its history is missing');
  if (typeof manifest['line'] !== 'number') throw broken('the field “line” is missing');
  return { manifest: manifest as unknown as Manifest, newer: schema > sessionSchema };
}
