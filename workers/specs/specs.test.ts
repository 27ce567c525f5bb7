import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPreparation } from '../algorithms/preprocess/table.ts';
import { findRun } from '../algorithms/entry-table.ts';
import type { AlgorithmSpec, DataShape } from './algorithm.ts';
import { describeAlgorithm, helpText } from './describe.ts';
import { checkLimits } from './limits.ts';
import { allAlgorithms, algorithmById, allOperations, operationOf, resolveStep, takesAlgorithm } from './registry.ts';
import { isShown, defaultValues, validateParameters } from './validate.ts';

const shapes: readonly DataShape[] = [
  { samples: 16384, features: 1024, dtype: 'float32' },
  { samples: 20, features: 500, dtype: 'uint16' },
  { samples: 2, features: 1, dtype: 'float64' },
];

/** The folder of an algorithm, relative to workers/algorithms. */
const folderOf = (spec: AlgorithmSpec): string => {
  const places = [
    'decomposition',
    'bss',
    'cluster',
    'mixture',
    'features',
    'embedding',
    'classification',
    'preprocess',
    'metrics',
    'estimate',
    'derived',
  ];
  const names = [spec.id, spec.id.toLowerCase(), spec.id.toLowerCase().replaceAll('_', '-')];
  const found = places
    .flatMap((place) => names.map((name) => `${place}/${name}`))
    .find((folder) => existsSync(fileOf(folder, 'spec.ts')));
  if (!found) throw new Error(`No folder for ${spec.id}`);
  return found;
};
const fileOf = (folder: string, name: string): string =>
  new URL(`../algorithms/${folder}/${name}`, import.meta.url).pathname;

describe('the registry', () => {
  it('has every id once', () => {
    expect(new Set(allAlgorithms.map((spec) => spec.id)).size).toBe(allAlgorithms.length);
  });
});

describe.each(allAlgorithms)('every registered algorithm: $id', (spec) => {
  const params = Object.entries(spec.params);

  it('says in words what it does, with a dated reference', () => {
    expect(spec.title.length).toBeGreaterThan(3);
    expect(spec.summary).toMatch(/^.{30,200}\.$/s);
    expect(spec.question).toMatch(/\?$/);
    expect(spec.reference).toMatch(/\((19|20)\d{2}\)$/);
    expect(spec.phases.length).toBeGreaterThan(0);
  });

  it('explains every parameter in a line', () => {
    for (const [id, param] of params) {
      expect(param.label.length, id).toBeGreaterThan(1);
      expect(param.help.length, id).toBeGreaterThan(20);
      expect(param.help.length, id).toBeLessThan(160);
      expect(param.help, id).toMatch(/\.$/);
      expect(id).toMatch(/^[a-zA-Z]\w*$/);
    }
  });

  it('has defaults inside its own ranges', () => {
    for (const [id, param] of params) {
      if (param.kind === 'integer' || param.kind === 'number') {
        expect(param.min, id).toBeLessThan(param.max);
        if (param.default !== null) expect(param.default >= param.min && param.default <= param.max, id).toBe(true);
      }
      if (param.kind === 'choice') {
        const options = param.options.map((option) => option.value);
        expect(new Set(options).size, id).toBe(options.length);
        if (param.default !== null) expect(options, id).toContain(param.default);
      }
    }
  });

  it('shows parameters depending on parameters that exist', () => {
    for (const [id, { when }] of params) {
      if (!when) continue;
      const other = spec.params[when.param];
      expect(other, id).toBeDefined();
      if (other?.kind === 'choice') {
        for (const value of when.is) if (value !== null) expect(other.options.map((o) => o.value)).toContain(value);
      }
    }
  });

  it('accepts nothing but what it requires, and refuses unknown names', () => {
    const required = params
      .filter(([, p]) => p.default === null && p.optional === undefined && isShown(p, defaultValues(spec.params)))
      .map(([id]) => id);
    const result = validateParameters(spec, {});
    if (required.length === 0) expect(result).toMatchObject({ ok: true });
    else expect(result.ok ? [] : result.problems.map((p) => p.param)).toEqual(expect.arrayContaining(required));
    const unknown = validateParameters(spec, { not_a_parameter: 1 });
    expect(unknown.ok ? [] : unknown.problems.map((p) => p.message).join()).toContain('not_a_parameter');
  });

  it('refuses a wrong type for every parameter, naming it and what it takes', () => {
    for (const [id] of params) {
      const result = validateParameters(spec, { [id]: { wrong: true } });
      const problem = result.ok ? undefined : result.problems.find((p) => p.param === id);
      expect(problem?.message, id).toMatch(new RegExp(`^${id} must be .+; got \\{"wrong":true\\}\\.$`));
    }
  });

  it.each(shapes)('has limits and estimates that make sense for $samples × $features', (shape) => {
    const values = defaultValues(spec.params) as never;
    for (const [id, limit] of Object.entries(spec.limits(shape, values))) {
      expect(spec.params, id).toHaveProperty(id);
      expect(limit.min, id).toBeLessThanOrEqual(limit.max);
      expect(limit.why.length, id).toBeGreaterThan(10);
    }
    expect(checkLimits(spec, shape, values)).toEqual([]);
    const { bytes, seconds } = spec.estimate(shape, values, 2);
    expect(bytes >= 0 && Number.isFinite(bytes)).toBe(true);
    expect(seconds > 0 && Number.isFinite(seconds)).toBe(true);
    expect(typeof spec.usesSeed(values)).toBe('boolean');
  });

  it('can be found, run and read about', async () => {
    expect(algorithmById(spec.id)).toBe(spec);
    const operation = operationOf(spec);
    expect(resolveStep(operation, takesAlgorithm(operation) ? spec.id : null).spec).toBe(spec);
    if (spec.family === 'preprocess') expect(typeof (await loadPreparation(spec.id)).open).toBe('function');
    else expect(typeof (await findRun(operation, takesAlgorithm(operation) ? spec.id : null))).toBe('function');
    const help = readFileSync(fileOf(folderOf(spec), 'help.md'), 'utf8');
    expect(help.length).toBeGreaterThan(300);
    for (const [id] of params) expect(help, `help.md of ${spec.id}`).toContain(`\`${id}\``);
  });

  it('has a plain description and a help text with every flag', () => {
    const plain = describeAlgorithm(spec);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
    expect(plain.parameters.map((p) => p.id)).toEqual(Object.keys(spec.params));
    for (const [id] of params) expect(helpText(spec)).toContain(`--${id}  `);
  });
});

describe('resolving a step', () => {
  it('takes SVD where no algorithm is named', () => {
    expect(resolveStep('decomposition', null).spec.id).toBe('SVD');
  });

  it('accepts names of older HyperSpy versions', () => {
    const step = resolveStep('decomposition', 'fast_svd', { centre: 'trials', output_dimension: 3 });
    expect(step.spec.id).toBe('SVD');
    expect(step.parameters).toEqual({ svd_solver: 'randomized', centre: 'navigation', output_dimension: 3 });
    expect(resolveStep('decomposition', 'svd', { centre: 'variables' }).parameters).toEqual({ centre: 'signal' });
  });

  it('refuses what does not exist, with the list of what does', () => {
    const error = (operation: string, algorithm: string | null): unknown => {
      try {
        return resolveStep(operation, algorithm);
      } catch (thrown) {
        return thrown;
      }
    };
    expect(error('decompose', null)).toMatchObject({ code: 'unknown-operation' });
    expect(String(error('decompose', null))).toContain(allOperations.join(', '));
    expect(error('decomposition', 'PARAFAC')).toMatchObject({ code: 'unknown-algorithm' });
    expect(String(error('decomposition', 'PARAFAC'))).toMatch(/PARAFAC.*SVD, sklearn_pca/);
    expect(error('decomposition', 'constructor')).toMatchObject({ code: 'unknown-algorithm' });
    expect(error('toString', null)).toMatchObject({ code: 'unknown-operation' });
    expect(error('estimate_elbow_position', 'SVD')).toMatchObject({ code: 'unknown-algorithm' });
  });
});

describe('validating parameters', () => {
  const svd = algorithmById('SVD')!;
  const model = algorithmById('get_decomposition_model')!;
  const messages = (spec: AlgorithmSpec, given: unknown): string[] => {
    const result = validateParameters(spec, given);
    return result.ok ? [] : result.problems.map((p) => p.message);
  };

  it('fills in defaults; null means default', () => {
    const result = validateParameters(svd, { output_dimension: null, auto_transpose: null, centre: 'signal' });
    expect(result).toMatchObject({
      ok: true,
      values: { output_dimension: null, auto_transpose: true, centre: 'signal' },
    });
  });

  it('names the parameter, what it got and what it takes', () => {
    expect(messages(svd, { output_dimension: '3' })).toEqual([
      'output_dimension must be a whole number from 1 to 1000000; got "3".',
    ]);
    expect(messages(svd, { normalize_poissonian_noise: 1 })).toEqual([
      'normalize_poissonian_noise must be true or false; got 1.',
    ]);
    expect(messages(svd, { output_dimension: NaN })[0]).toContain('got NaN');
  });

  it('reports all problems at once', () => {
    expect(messages(svd, { output_dimension: 0, centre: 'middle', colour: 'red' })).toHaveLength(3);
  });

  it.each([[[0, 2]], [3], [null]])('takes %j as components', (components) => {
    expect(messages(model, { components })).toEqual([]);
  });

  it.each([[[]], [0], [[-1]], [[1.5]], ['0,1'], [[null]]])('refuses %j as components', (components) => {
    expect(messages(model, { components })).toHaveLength(1);
  });

  it.each([[[]], ['text'], [7]])('refuses %j in place of parameters', (given) => {
    expect(messages(svd, given)).toHaveLength(1);
  });

  it('is not misled by names every object has', () => {
    expect(messages(svd, JSON.parse('{"__proto__": {"centre": "signal"}}'))[0]).toContain('__proto__');
    expect(messages(svd, { constructor: 1 })[0]).toContain('constructor');
  });
});

describe('a list of numbers', () => {
  const withList = {
    ...allAlgorithms[0]!,
    params: {
      list: {
        kind: 'numbers',
        default: null,
        least: 2,
        most: 3,
        names: [{ value: 'poisson', label: 'Counts' }],
        label: 'List',
        help: 'A list of numbers, or a word.',
        optional: 'nothing',
      },
    },
    conflict: () => null,
  } as const satisfies AlgorithmSpec;

  it.each([[[1, 2]], [[1.5, -2, 0]], ['poisson'], [null]])('takes %j', (list) => {
    expect(validateParameters(withList as unknown as AlgorithmSpec, { list })).toEqual({ ok: true, values: { list } });
  });
  it.each([[[1]], [[1, 2, 3, 4]], [[1, NaN]], [['1', '2']], ['gauss'], [7]])(
    'refuses %j with what it takes',
    (list) => {
      const checked = validateParameters(withList as unknown as AlgorithmSpec, { list });
      expect(checked.ok ? '' : checked.problems[0]!.message).toContain('a list of 2 to 3 numbers or one of poisson');
    },
  );
});
