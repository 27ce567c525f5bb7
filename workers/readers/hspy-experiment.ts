import { EigenscopeError } from '../model/errors.ts';
import type { Metadata, SignalHeader } from '../model/signal.ts';
import { childPath } from './hdf5-tree.ts';
import { readAxes } from './hspy-axes.ts';
import { branch, parseQuantity, textAt, upgradeMappedParameters } from './hspy-metadata.ts';
import { decodeTree } from './hspy-tree.ts';
import type { SignalTree } from './signal-tree.ts';

/** Paths of the signals in HyperSpy's layout, in the order of the container: /Experiments/<title>. */
export function experimentsOf(source: SignalTree): string[] {
  if (source.kindOf('/Experiments') !== 'group') return [];
  return source
    .childNames('/Experiments')
    .map((name) => childPath('/Experiments', name))
    .filter((path) => source.kindOf(path) === 'group' && source.kindOf(childPath(path, 'data')) === 'dataset');
}

/** Metadata of a signal under today's names, and the file's own tree; versions before 1.2 use other group names. */
function readTrees(source: SignalTree, experiment: string, warnings: string[]) {
  const names = source.childNames(experiment);
  const tree = (name: string): Metadata =>
    source.kindOf(childPath(experiment, name)) === 'group'
      ? decodeTree(source, childPath(experiment, name), warnings)
      : {};
  const metadata = names.includes('mapped_parameters')
    ? upgradeMappedParameters(tree('mapped_parameters'))
    : names.includes('metadata')
      ? tree('metadata')
      : {};
  const original = names.includes('original_metadata')
    ? tree('original_metadata')
    : names.includes('original_parameters')
      ? tree('original_parameters')
      : {};
  return { metadata, original };
}

/** Text that is told apart from nothing: an empty title of a group called "__unnamed__" stays empty. */
function titleOf(metadata: Metadata, experiment: string): string {
  const title = textAt(branch(metadata, 'General'), 'title');
  if (title !== null) return title;
  const name = experiment.slice('/Experiments/'.length);
  return name === '__unnamed__' ? '' : name;
}

type Described = Pick<SignalHeader, 'title' | 'signalType' | 'axes' | 'quantity' | 'metadata' | 'originalMetadata'>;

/** Everything that HyperSpy's layout says about a signal with data of this shape. */
export function describeExperiment(
  source: SignalTree,
  experiment: string,
  shape: readonly number[],
  warnings: string[],
): Described {
  const { metadata, original } = readTrees(source, experiment, warnings);
  const signal = branch(metadata, 'Signal');
  return {
    title: titleOf(metadata, experiment),
    signalType: textAt(signal, 'signal_type') ?? '',
    axes: readAxes(source, experiment, shape, textAt(signal, 'record_by'), warnings),
    quantity: parseQuantity(textAt(signal, 'quantity')),
    metadata,
    originalMetadata: original,
  };
}

/**
 * The signals that can be read; what cannot (ragged data, text) is told in a warning of the first one.
 * @throws EigenscopeError the refusal when nothing can be read
 */
export async function readExperiments(
  experiments: readonly string[],
  read: (experiment: string) => Promise<SignalHeader> | SignalHeader,
): Promise<SignalHeader[]> {
  const signals: SignalHeader[] = [];
  let refusal: EigenscopeError | null = null;
  for (const experiment of experiments) {
    try {
      signals.push(await read(experiment));
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError) || thrown.code !== 'unsupported-format') throw thrown;
      refusal ??= thrown;
    }
  }
  const [first, ...more] = signals;
  if (first === undefined) {
    if (refusal) throw refusal;
    return [];
  }
  return refusal ? [{ ...first, warnings: [...first.warnings, refusal.message] }, ...more] : signals;
}
