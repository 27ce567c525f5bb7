import type { Timeline } from '../contract/session.ts';
import { sessionSchema } from '../contract/session.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { resolveStep } from '../../workers/specs/registry.ts';
import { namedInputs } from './prepare-run.ts';

/** What a manifest file holds: the timeline and the number of the last journal line that is in it. */
export interface Manifest extends Timeline {
  eigenscope: number;
  /** version of the program that wrote it */
  version: string;
  line: number;
}

type Json = Record<string, unknown>;

const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];

/** Parameters that name results and data by their ids, where they named them by their names. */
function nameById(record: Json, ids: ReadonlySet<unknown>, idOfName: ReadonlyMap<unknown, unknown>): Json {
  const { operation, algorithm, parameters } = record as unknown as ResultRecord;
  let named: [string, string][];
  try {
    named = namedInputs(resolveStep(operation, algorithm).spec, parameters);
  } catch {
    // what this program does not know stays as it is
    return record;
  }
  const renamed = named.flatMap(([param, name]) =>
    !ids.has(name) && idOfName.has(name) && idOfName.get(name) !== record['id'] ? [[param, idOfName.get(name)]] : [],
  );
  return renamed.length === 0 ? record : { ...record, parameters: { ...parameters, ...Object.fromEntries(renamed) } };
}

/**
 * Schema 2 has commands that are done together. Sessions that a recipe wrote in schema 1 have the recipe's own names in
 * the parameters of their results.
 */
function nameInputsById(manifest: Json): Json {
  const session = manifest['session'] as Json | null | undefined;
  if (!Array.isArray(session?.['results'])) return manifest;
  const items = [...listOf(session['results']), ...listOf(session['datasets'])];
  const ids = new Set(items.map(({ id }) => id));
  const idOfName = new Map(items.toReversed().map(({ id, name }) => [name, id]));
  const isRecord = (one: unknown): one is Json => typeof one === 'object' && one !== null;
  const results = session['results'].map((one) => (isRecord(one) ? nameById(one, ids, idOfName) : one));
  return { ...manifest, session: { ...session, schema: 2, results } };
}

/** Numbered pure functions, migrations[n] takes schema n to n + 1. Schema 1 is the first. */
const migrations: Readonly<Record<number, (manifest: Json) => Json>> = { 1: nameInputsById };

/**
 * A manifest of this version from the parsed JSON of any earlier one.
 * @returns the manifest and whether a newer program wrote it (then it must not be written to).
 * @throws EigenscopeError `corrupt-file` when it is not a manifest.
 */
export function migrateManifest(json: unknown, file: string): { manifest: Manifest; newer: boolean } {
  const broken = (what: string) =>
    new EigenscopeError('corrupt-file', `${file} is not a project manifest: ${what}.`, { file });
  if (typeof json !== 'object' || json === null) throw broken('it holds no object');
  let manifest = json as Json;
  let schema = manifest['eigenscope'];
  if (typeof schema !== 'number') throw broken('the field “eigenscope” (schema number) is missing');
  while (schema < sessionSchema) {
    const migrate = migrations[schema];
    if (migrate === undefined) throw broken(`schema ${schema} is unknown`);
    manifest = migrate(manifest);
    schema++;
  }
  const session = manifest['session'] as Json | undefined;
  for (const list of ['datasets', 'results', 'bin'] as const) {
    if (!Array.isArray(session?.[list])) throw broken(`the list “session.${list}” is missing`);
  }
  if (!Array.isArray(manifest['done']) || !Array.isArray(manifest['undone'])) throw broken('its history is missing');
  if (typeof manifest['line'] !== 'number') throw broken('the field “line” is missing');
  return { manifest: manifest as unknown as Manifest, newer: schema > sessionSchema };
}
