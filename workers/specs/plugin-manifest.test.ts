import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifest, specOfPlugin } from './plugin-manifest.ts';
import { validateParameters } from './validate.ts';

const example = JSON.parse(
  readFileSync(new URL('../../assets/plugins/successive-projections/plugin.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const ridge = { kind: 'number', default: 0, min: 0, max: 1, label: 'Ridge', help: 'Calms the fit.' };

describe('the description of a custom algorithm', () => {
  it('becomes a form, flags and checks like those of any other', () => {
    const spec = specOfPlugin(readManifest(example));
    expect(Object.keys(spec.params)).toEqual(expect.arrayContaining(['output_dimension', 'navigation_mask', 'ridge']));
    expect(validateParameters(spec, { output_dimension: 3, ridge: 0.5 })).toMatchObject({ ok: true });
    const refused = validateParameters(spec, { output_dimension: 3, ridge: 2 });
    expect(refused.ok ? '' : refused.problems[0]!.message).toBe('ridge must be a number from 0 to 1; got 2.');
    expect(validateParameters(spec, {}).ok).toBe(false);
  });

  it.each([
    [null, 'the file must be an object'],
    [{ ...example, eigenscope: 2 }, 'eigenscope must be 1'],
    [{ ...example, id: '../evil' }, 'id must be'],
    [{ ...example, module: '../other.mjs' }, 'module must be'],
    [{ ...example, module: 'sub/other.mjs' }, 'module must be'],
    [{ ...example, memoryMiB: 1e9 }, 'memoryMiB must be a whole number from 16 to 65536'],
    [{ ...example, parameters: { output_dimension: ridge } }, 'parameters.output_dimension must be another name'],
    [{ ...example, parameters: { a: { ...ridge, default: 7 } } }, 'parameters.a.default must be from 0 to 1; got 7'],
    [{ ...example, parameters: { a: { ...ridge, min: 3 } } }, 'parameters.a.min must be'],
    [{ ...example, parameters: { a: { ...ridge, kind: 'file' } } }, 'parameters.a.kind must be'],
    [{ ...example, parameters: { a: { ...ridge, kind: 'choice', options: [] } } }, 'parameters.a.options must be'],
    [{ ...example, parameters: { a: { ...ridge, help: '' } } }, 'help must be'],
    [{ ...example, family: 'cluster' }, 'one of decomposition, blind_source_separation, cluster_preprocessing'],
    [{ ...example, family: 'cluster_preprocessing', id: 'norm' }, 'id must be another name; norm, standard'],
    [{ ...example, nonNegative: 'yes' }, 'nonNegative must be true or false'],
  ])('is refused with the key and what it takes: %j', (json, sentence) => {
    expect(() => readManifest(json)).toThrow(sentence);
  });
});
