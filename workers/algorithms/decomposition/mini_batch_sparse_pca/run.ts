import type { Job, Run } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { itemSize } from '../../../model/dtype.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { shareFloats } from '../../../passes/share.ts';
import { assertLimits } from '../../../specs/limits.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { codeGramOf, dictionaryCost } from '../dictionary/atoms.ts';
import { createCoder } from '../dictionary/code-rows.ts';
import { finishSparse } from '../dictionary/finish-sparse.ts';
import { createGramSpace } from '../dictionary/gram-space.ts';
import { holdsGram } from '../dictionary/estimate.ts';
import { columnPeaks, singularAtoms } from '../dictionary/streamed-space.ts';
import { findScaledMean } from '../dictionary/weighted-mean.ts';
import { centredView } from '../pipeline/centre.ts';
import { prepareDecomposition } from '../pipeline/prepare.ts';
import { learnOnline } from './learn-online.ts';
import { createGramAtoms, createPixelAtoms, type OnlineAtoms } from './online-atoms.ts';
import { miniBatchSparsePca } from './spec.ts';
import { createStopping } from './stopping.ts';
import { createBatchReader } from './batch-reader.ts';
import { createBatchStream, type BatchStream } from './stream.ts';

const phases = { read: 0, gather: 1, solve: 2, write: 3, reproject: 4 };

/** Mini-batches where no number of rounds is given. */
const defaultSteps = 1000;
const defaultPatience = 10;

/** Sparse principal components by mini-batches of channels, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const prepared = await prepareDecomposition(input, values, job, phases.read);
  const { pixels, channels } = prepared;
  const shape = { samples: pixels.keptCount, features: channels.keptCount, dtype: input.data.dtype };
  assertLimits(miniBatchSparsePca, shape, values);
  const mean = await findScaledMean(prepared, job, phases.read);
  const centred = centredView(prepared.view, mean);
  const k = values.output_dimension ?? Math.min(shape.samples, shape.features);
  const { alpha, method } = values;
  const random = createRandom(job.seed);
  const size = Math.min(values.batch_size, shape.features);
  const stream = createBatchStream(shape.features, size, values.shuffle ? random.fork('order') : null);
  const { perRound } = stream;
  const learner = await createLearner(centred, k, stream, job);
  try {
    const rounds = values.max_iter;
    const { steps, converged } = await learnOnline(
      learner.online,
      stream,
      random.fork('atoms'),
      {
        k,
        channels: shape.features,
        alpha,
        method,
        steps: rounds === null ? defaultSteps : rounds * perRound,
        stopping:
          rounds === null || !mayStop(values)
            ? null
            : createStopping(shape.features, k, perRound, values.tol, patienceOf(values)),
        phase: phases.solve,
      },
      job,
    );
    const { coordinates, gram } = learner.online.atoms();
    const correlations = await learner.correlations(coordinates);
    const codes = new Float64Array(shape.features * k);
    createCoder(method, k)({ gram, right: correlations, alpha }, codes);
    const objective = dictionaryCost(
      learner.energy,
      { coordinates, correlations, gram },
      codes,
      codeGramOf(codes, k),
      alpha,
    );
    const output = await finishSparse(
      prepared,
      { k, codes, peaks: await learner.peaks(coordinates), energy: learner.energy },
      { mean, centred, ridgeAlpha: values.ridge_alpha, reproject: values.reproject, phases },
      { iterations: Math.ceil(steps / perRound), mini_batches: steps, objective, converged },
      job,
    );
    if (rounds !== null && !converged && steps === rounds * perRound) {
      output.notes.push(
        `The components were still changing after max_iter = ${rounds} rounds over all channels. ` +
          'Allow more rounds, or a larger tolerance.',
      );
    }
    return output;
  } finally {
    learner.free();
  }
};

type Values = ValuesOf<typeof miniBatchSparsePca.params>;

/** Steps without improvement after which to stop, 0 for never. A tolerance of 0 alone asks for all rounds. */
const patienceOf = ({ max_no_improvement: given, tol }: Values): number => given ?? (tol > 0 ? defaultPatience : 0);

const mayStop = (values: Values): boolean => values.tol > 0 || patienceOf(values) > 0;

/** Atoms to learn, and what is asked about them in the end. */
interface Learner {
  online: OnlineAtoms;
  energy: number;
  correlations(coordinates: Float64Array): Promise<Float64Array>;
  peaks(coordinates: Float64Array): Promise<Float64Array>;
  free(): void;
}

/** On XᵀX where it fits, else on the channel maps as they come. */
async function createLearner(view: MatrixView, k: number, stream: BatchStream, job: Job): Promise<Learner> {
  const { source } = view;
  const rows = view.rows?.length ?? source.samples;
  const cols = view.columns?.length ?? source.features;
  if (holdsGram(rows, cols, source.samples * source.features * itemSize(source.dtype))) {
    const space = await createGramSpace(view, k, job, phases);
    return {
      online: createGramAtoms(space),
      energy: space.energy,
      correlations(coordinates) {
        const out = new Float64Array(cols * k);
        space.multiply(coordinates, out);
        return Promise.resolve(out);
      },
      peaks: (coordinates) => space.peaks({ coordinates }),
      free: () => space.free(),
    };
  }
  const { values, energy } = await singularAtoms(view, k, job, phases);
  const online = createPixelAtoms(createBatchReader(view, stream, job, phases.solve), values, k);
  return {
    online,
    energy,
    correlations: (coordinates) => job.run(crossPass, view, { b: shareFloats(job, coordinates), k }, phases.write),
    peaks: (coordinates) => Promise.resolve(columnPeaks(coordinates, k)),
    free() {},
  };
}
