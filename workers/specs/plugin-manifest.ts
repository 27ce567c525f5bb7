import { EigenscopeError } from '../model/errors.ts';
import type { AlgorithmSpec } from './algorithm.ts';
import { preprocessingParam, type CustomPreprocessing } from './custom-preprocessing.ts';
import { componentLimit, decompositionParams, requiredComponents } from './decomposition-params.ts';
import type { Param, ParamSet } from './param.ts';
import { separationConflict, separationEstimate, separationLimits, separationParams } from './separation-params.ts';

/** Version of the contract between the application and custom algorithms. */
export const pluginApi = 1;

const families = ['decomposition', 'blind_source_separation', 'cluster_preprocessing'] as const;

/** `plugin.json` of a custom algorithm, checked. */
export interface PluginManifest {
  /** the contract it was written for */
  api: number;
  family: (typeof families)[number];
  id: string;
  version: string;
  title: string;
  summary: string;
  question: string;
  reference: string;
  /** file of the ES module, beside plugin.json */
  module: string;
  parameters: ParamSet;
  /** whether output_dimension must be given */
  needsComponents: boolean;
  nonNegative: boolean;
  /** heap and array memory that its thread may use, MiB */
  memoryMiB: number;
}

const ownNames = new Set([...Object.keys(decompositionParams), ...Object.keys(separationParams), 'algorithm']);
/** What `preprocessing` of a clustering takes already. */
const ownPreprocessings: readonly string[] = ['norm', 'standard', 'minmax', 'power', 'none'];
const mostParameters = 40;
const memory = { least: 16, most: 65_536, usual: 1024 };

const fail = (key: string, found: unknown, expected: string): never => {
  const text = JSON.stringify(found) ?? 'nothing';
  throw new EigenscopeError(
    'bad-request',
    `plugin.json: ${key} must be ${expected}; got ${text.length > 60 ? `${text.slice(0, 57)}…` : text}.`,
    { key },
  );
};

type Raw = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

function text(raw: Raw, key: string, most: number, pattern?: RegExp): string {
  const value = raw[key];
  if (typeof value === 'string' && value.length > 0 && value.length <= most && (pattern?.test(value) ?? true))
    return value;
  return fail(key, value, pattern ? `a text like ${pattern.source}` : `a text of 1 to ${most} characters`);
}

function flag(raw: Raw, key: string): boolean {
  const value = raw[key] ?? false;
  return typeof value === 'boolean' ? value : fail(key, value, 'true or false');
}

/**
 * Checks what a plugin.json says, whoever wrote it.
 * @throws EigenscopeError `bad-request` naming the key, what it holds and what it takes
 */
export function readManifest(json: unknown): PluginManifest {
  if (!isRecord(json)) return fail('the file', json, 'an object');
  const api = json['eigenscope'];
  if (api !== pluginApi) return fail('eigenscope', api, `${pluginApi}, the contract this version knows`);
  const id = text(json, 'id', 64, /^[A-Za-z][A-Za-z0-9_]*$/);
  const family = familyOf(json);
  if (family === 'cluster_preprocessing' && ownPreprocessings.includes(id)) {
    return fail('id', id, `another name; ${ownPreprocessings.join(', ')} are there already`);
  }
  const given = json['parameters'] ?? {};
  if (!isRecord(given)) return fail('parameters', given, 'an object of names and descriptions');
  const entries = Object.entries(given);
  if (entries.length > mostParameters) return fail('parameters', entries.length, `at most ${mostParameters} of them`);
  const limit = json['memoryMiB'] ?? memory.usual;
  if (!Number.isInteger(limit) || (limit as number) < memory.least || (limit as number) > memory.most) {
    return fail('memoryMiB', limit, `a whole number from ${memory.least} to ${memory.most}`);
  }
  const summary = text(json, 'summary', 400);
  return {
    api,
    family,
    id,
    version: text(json, 'version', 40),
    title: text(json, 'title', 80),
    summary,
    question: typeof json['question'] === 'string' ? text(json, 'question', 120) : 'What does my own method find?',
    reference: typeof json['reference'] === 'string' ? text(json, 'reference', 300) : 'Custom algorithm',
    module: text(json, 'module', 120, /^[\w.-]+\.m?js$/),
    parameters: Object.fromEntries(entries.map(([name, param]) => [name, readParameter(name, param, family)])),
    needsComponents: flag(json, 'needsComponents'),
    nonNegative: flag(json, 'nonNegative'),
    memoryMiB: limit as number,
  };
}

function familyOf(json: Raw): PluginManifest['family'] {
  const given = json['family'] ?? 'decomposition';
  return families.find((family) => family === given) ?? fail('family', given, `one of ${families.join(', ')}`);
}

/** A number, a choice or a switch: what a form can show without knowing the algorithm. */
function readParameter(name: string, raw: unknown, family: PluginManifest['family']): Param {
  const key = `parameters.${name}`;
  // those of a preparation get its id in front of them
  const isTaken = family !== 'cluster_preprocessing' && ownNames.has(name);
  if (!/^[a-z]\w{0,40}$/i.test(name) || isTaken) {
    return fail(key, name, `another name; ${[...ownNames].join(', ')} are there already`);
  }
  if (!isRecord(raw)) return fail(key, raw, 'an object with kind, label, help and default');
  const common = {
    label: text(raw, 'label', 60),
    help: text(raw, 'help', 160),
    ...(raw['advanced'] === true ? { advanced: true } : {}),
  };
  const { kind, default: standard } = raw;
  switch (kind) {
    case 'integer':
    case 'number': {
      const { min, max } = raw;
      const isNumber = (value: unknown): value is number =>
        typeof value === 'number' && Number.isFinite(value) && (kind === 'number' || Number.isInteger(value));
      if (!isNumber(min) || !isNumber(max) || min > max)
        return fail(`${key}.min`, [min, max], 'below max, both numbers');
      if (!isNumber(standard) || standard < min || standard > max)
        return fail(`${key}.default`, standard, `from ${min} to ${max}`);
      return { kind, default: standard, min, max, ...common };
    }
    case 'boolean':
      if (typeof standard !== 'boolean') return fail(`${key}.default`, standard, 'true or false');
      return { kind, default: standard, ...common };
    case 'choice': {
      const { options } = raw;
      const isOption = (option: unknown): option is { value: string; label: string } =>
        isRecord(option) && typeof option['value'] === 'string' && typeof option['label'] === 'string';
      if (!Array.isArray(options) || options.length === 0 || options.length > 40 || !options.every(isOption))
        return fail(`${key}.options`, options, 'a list of { value, label }');
      if (typeof standard !== 'string' || !options.some((option) => option.value === standard))
        return fail(`${key}.default`, standard, 'one of the options');
      return {
        kind,
        default: standard,
        options: options.map(({ value, label }) => ({ value, label })),
        ...common,
      };
    }
    default:
      return fail(`${key}.kind`, kind, 'integer, number, boolean or choice');
  }
}

/** What allowed plugins add to the registry: algorithms, and preparations of what is clustered. */
export function customOf(manifests: readonly PluginManifest[]): {
  algorithms: AlgorithmSpec[];
  preprocessings: CustomPreprocessing[];
} {
  const isPreparation = ({ family }: PluginManifest): boolean => family === 'cluster_preprocessing';
  return {
    algorithms: manifests.filter((manifest) => !isPreparation(manifest)).map(specOfPlugin),
    preprocessings: manifests.filter(isPreparation).map(({ id, title, parameters, memoryMiB }) => ({
      id,
      title,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, param]) => [
          preprocessingParam(id, name),
          { ...param, when: { param: 'preprocessing', is: [id] } },
        ]),
      ),
      bytes: memoryMiB * 2 ** 20,
    })),
  };
}

/** The description from which form, flags, validation and help of a custom algorithm follow, as of any other. */
export function specOfPlugin(manifest: PluginManifest): AlgorithmSpec {
  const { id, title, summary, question, reference, parameters, needsComponents, memoryMiB } = manifest;
  const common = { id, title, summary, question, reference, canKeep: true, usesSeed: () => true };
  if (manifest.family === 'blind_source_separation') {
    return {
      ...common,
      family: 'blind_source_separation',
      params: { ...separationParams, ...parameters },
      phases: [title],
      limits: separationLimits,
      estimate: (shape, values) => {
        const { bytes, seconds } = separationEstimate(shape, values as never);
        return { bytes: bytes + memoryMiB * 2 ** 20, seconds };
      },
      conflict: (values) => separationConflict(values as never),
    };
  }
  return {
    ...common,
    family: 'decomposition',
    params: {
      ...decompositionParams,
      ...(needsComponents ? { output_dimension: requiredComponents } : {}),
      ...parameters,
    },
    phases: ['Reading the data', title, 'Filling in'],
    limits: (shape) => ({ output_dimension: componentLimit(shape) }),
    // its own memory is limited; what it gives back comes on top
    estimate: ({ samples, features }, values) => {
      const k = Number(values['output_dimension'] ?? Math.min(samples, features));
      return { bytes: memoryMiB * 2 ** 20 + (samples + features) * k * 16, seconds: 1 };
    },
    conflict: () => null,
  };
}
