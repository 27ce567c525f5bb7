import { fitPeaks } from '../../workers/algorithms/features/fit_peaks/spec.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import type { Param } from '../../workers/specs/param.ts';
import type { ParamEntry } from '../forms/form-model.ts';
import type { IconName } from '../theme/icon-paths.ts';

/** The wizards: all have the same four steps, the methods differ. */
export type WizardKind = 'decompose' | 'separate' | 'cluster' | 'peaks';

interface WizardWords {
  /** on the button and in the title: "Decompose map_03" */
  verb: string;
  icon: IconName;
  /** "Run the decomposition" */
  run: string;
  /** question above the list of methods */
  question: string;
  /** label of what it is computed from */
  origin: string;
  /** what is counted by the number that "Also try" varies; empty = nothing can be tried */
  counted: string;
  /** under which the last settings are kept */
  operation: string;
}

export const wizardWords: Readonly<Record<WizardKind, WizardWords>> = {
  decompose: {
    verb: 'Decompose',
    icon: 'decompose',
    run: 'Run the decomposition',
    question: 'What do you want to know?',
    origin: 'Data',
    counted: 'Components',
    operation: 'decomposition',
  },
  separate: {
    verb: 'Separate',
    icon: 'separate',
    run: 'Run the separation',
    question: 'What do you know of the sources?',
    origin: 'Components of',
    counted: 'Components',
    operation: 'blind_source_separation',
  },
  cluster: {
    verb: 'Cluster',
    icon: 'cluster',
    run: 'Run the cluster analysis',
    question: 'What do you want to know?',
    origin: 'Compare pixels by',
    counted: 'Clusters',
    operation: 'cluster_analysis',
  },
  peaks: {
    verb: 'Fit peaks of',
    icon: 'spectrum',
    run: 'Run the fit of peaks',
    question: 'What do you want to know?',
    origin: 'Data',
    counted: '',
    operation: 'fit_peaks',
  },
};

/** Whether it can be chosen what a run is computed from; the others work on the data. */
export const hasOrigin = (kind: WizardKind): boolean => kind === 'separate' || kind === 'cluster';

export const wizardKinds = Object.keys(wizardWords) as WizardKind[];

/** The parameter that says which values are compared between pixels, of methods that leave the choice. */
export function sourceParamOf(spec: Pick<AlgorithmSpec, 'params'>): (Param & { kind: 'input' }) | null {
  const param = spec.params[SOURCE];
  return param?.kind === 'input' && param.words !== undefined ? param : null;
}
export const SOURCE = 'cluster_source';

/** The wizard that offers a method, or null. What divides pixels by chosen values is for the cluster wizard. */
export function wizardKindOf(spec: Pick<AlgorithmSpec, 'id' | 'family' | 'params'>): WizardKind | null {
  if (spec.id === fitPeaks.id) return 'peaks';
  if (spec.family === 'decomposition') return 'decompose';
  if (spec.family === 'blind_source_separation') return 'separate';
  return spec.family === 'cluster_analysis' || sourceParamOf(spec) !== null ? 'cluster' : null;
}

const counts: Readonly<Record<WizardKind, readonly string[]>> = {
  decompose: ['output_dimension'],
  separate: ['number_of_components'],
  cluster: ['n_clusters', 'n_components'],
  // picked positions tell their number themselves
  peaks: [],
};

/** The parameter with the number that people vary: components, or clusters. */
export function countParamOf(kind: WizardKind, spec: Pick<AlgorithmSpec, 'params'>): string | null {
  return counts[kind].find((id) => spec.params[id]?.kind === 'integer') ?? null;
}

/** Masks are chosen with the data; all other parameters with the settings. */
export const isMask = ([, param]: ParamEntry): boolean =>
  param.kind === 'input' && (param.role === 'navigation_mask' || param.role === 'signal_mask');

/** Which maps of a fit of peaks are compared. */
export const isPeakChoice = ([id]: ParamEntry): boolean => id === 'peak_parameters' || id === 'peak_list';

/** Which components or peaks of a result the cluster wizard compares is chosen with the data too. */
export const isComponentChoice = (kind: WizardKind, entry: ParamEntry): boolean =>
  kind === 'cluster' && (entry[0] === 'number_of_components' || entry[1].kind === 'components' || isPeakChoice(entry));

/** What the first step asks, so that the settings do not ask it again. */
export const isOfData = (kind: WizardKind, entry: ParamEntry): boolean =>
  isMask(entry) || isComponentChoice(kind, entry) || (kind === 'cluster' && entry[0] === SOURCE);
