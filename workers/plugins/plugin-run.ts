import type { Job, RowPreparation, Run, RunInput } from '../job.ts';
import { findMean, type Mean } from '../algorithms/decomposition/pipeline/centre.ts';
import { finishDecomposition } from '../algorithms/decomposition/pipeline/finish.ts';
import { maskedView, prepareDecomposition, type Prepared } from '../algorithms/decomposition/pipeline/prepare.ts';
import { summarizeVariance } from '../algorithms/decomposition/pipeline/variance.ts';
import { separate, type SeparationValues } from '../algorithms/bss/pipeline/separate.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { EigenscopeError } from '../model/errors.ts';
import { shareFloats } from '../passes/share.ts';
import type { MatrixView } from '../model/rows.ts';
import { preprocessingParam } from '../specs/custom-preprocessing.ts';
import type { PluginManifest } from '../specs/plugin-manifest.ts';
import type { FoundComponents, FoundRows, FoundUnmixing, PluginAnswer, PluginTask } from './contract.ts';

const phases = { read: 0, run: 1, fill: 2 };

/** Runs a task in the thread of the algorithm. */
type Call = (task: PluginTask) => Promise<PluginAnswer>;

/** A custom algorithm as one like any other. */
export const createPluginRun = (manifest: PluginManifest, file: string, call: Call): Run =>
  manifest.family === 'blind_source_separation'
    ? separationBy(manifest, file, call)
    : decompositionBy(manifest, file, call);

/** A custom preparation of what a clustering compares. */
export const createPreparation = (
  { id, version, parameters }: PluginManifest,
  file: string,
  call: Call,
  { seed, control }: Pick<Job, 'seed' | 'control'>,
): RowPreparation => ({
  id,
  version,
  async apply(view, values) {
    const own = Object.keys(parameters).map((name) => [name, values[preprocessingParam(id, name)]] as const);
    const task = { kind: 'preprocessing', file, id, view, parameters: Object.fromEntries(own), seed } as const;
    return (await call({ ...task, control: control.block })) as FoundRows;
  },
});

const ownValues = (manifest: PluginManifest, values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(manifest.parameters).map((id) => [id, values[id]]));

/** Choosing, derivative, whitening, order and signs are ours; the search is the module's. */
function separationBy(manifest: PluginManifest, file: string, call: Call): Run {
  return async (input, values, job) => {
    const output = await separate(input, values as unknown as SeparationValues, job, async ({ y }) => {
      const { buffer } = shareFloats(job, y.data);
      const found = (await call({
        kind: 'separation',
        file,
        id: manifest.id,
        view: { source: { kind: 'shared', buffer, dtype: 'float64', samples: y.rows, features: y.cols } },
        parameters: ownValues(manifest, values),
        seed: job.seed,
        control: job.control.block,
      })) as FoundUnmixing;
      return {
        unmixing: createMatrix(y.cols, y.cols, found.unmixing),
        iterations: found.iterations,
        converged: found.converged,
      };
    });
    output.scalars['plugin_version'] = manifest.version;
    return output;
  };
}

/** Masks, noise scaling, reprojection and captured fractions are ours; the fit is the module's. */
function decompositionBy(manifest: PluginManifest, file: string, call: Call): Run {
  return async (input, values, job) => {
    const common = { normalize_poissonian_noise: values['normalize_poissonian_noise'] === true };
    const prepared = await prepareDecomposition(input, common, job, phases.read);
    const reproject = values['reproject'] as 'navigation' | 'signal' | 'both' | null;
    const wantsOthers = (reproject === 'navigation' || reproject === 'both') && prepared.pixels.masked.length > 0;
    job.control.progress(phases.run, 0, 1);
    const found = (await call({
      kind: 'decomposition',
      file,
      id: manifest.id,
      view: prepared.view,
      others: wantsOthers ? maskedPixels(input, prepared) : null,
      parameters: ownValues(manifest, values),
      components: values['output_dimension'] as number | null,
      seed: job.seed,
      control: job.control.block,
    })) as FoundComponents;
    job.control.check();
    const { k, iterations, converged, objective } = found;
    if (found.mean && prepared.poisson) {
      throw new EigenscopeError(
        'plugin-failed',
        `${manifest.id}: it subtracts a mean, which has no meaning for data scaled for Poisson noise. Switch the scaling off.`,
      );
    }
    const mean = found.mean ? await fullMean(found.mean, prepared, job) : null;
    const output = await finishDecomposition(
      prepared,
      { k, factors: found.factors, loadings: found.loadings },
      {
        // with a transform of its own, its loadings are put in below
        reproject: found.otherLoadings ? (reproject === 'both' ? 'signal' : null) : reproject,
        fit: manifest.nonNegative ? 'non-negative' : 'least-squares',
        mean,
        ...(mean ? { meanShape: [prepared.channels.size] } : {}),
        phase: phases.fill,
      },
      { iterations, converged, objective, plugin_version: manifest.version },
      job,
    );
    if (found.otherLoadings) {
      const loadings = output.arrays['loadings']!.data;
      prepared.pixels.masked.forEach((row, i) =>
        loadings.set(found.otherLoadings!.subarray(i * k, (i + 1) * k), row * k),
      );
    }
    if (found.explainedVariance) {
      const singular = found.explainedVariance.map((v) => Math.sqrt(Math.max(0, v)));
      const { explainedVariance, ratio, significant } = summarizeVariance(singular, 1);
      output.arrays['explained_variance'] = { dtype: 'float64', shape: [k], data: explainedVariance };
      output.arrays['explained_variance_ratio'] = { dtype: 'float64', shape: [k], data: ratio };
      output.scalars['number_significant_components'] = significant;
    }
    return output;
  };
}

/** The masked pixels with the kept channels, noise-scaled by the channels alone: the pixel's own scale cancels. */
function maskedPixels(input: RunInput, { pixels, channels, poisson }: Prepared): MatrixView {
  return {
    ...maskedView(input.data, pixels, channels),
    rows: pixels.masked,
    ...(poisson ? { columnScale: poisson.channel } : {}),
  };
}

/** The module's mean spectrum at full length; left-out channels, which it has not seen, get their own mean. */
async function fullMean(kept: Float64Array, prepared: Prepared, job: Job): Promise<Mean> {
  const { channels } = prepared;
  const { values, masked } = await findMean(prepared, 'navigation', job, phases.fill);
  kept.forEach((value, i) => (values[channels.kept ? channels.kept[i]! : i] = value));
  return {
    centre: 'navigation',
    values,
    kept: shareFloats(job, kept),
    masked,
  };
}
