import type { ResultRecord } from '../../workers/model/result.ts';

/** Of what the spectra of clusters are: of the measured data, or of the model that a decomposition or separation makes. */
export type SpectraOf = 'data' | 'model';

/** What a cluster analysis took its sums from: as it was told, else what it compared. */
export function centresOf({ parameters }: Pick<ResultRecord, 'parameters'>): SpectraOf {
  const name = parameters['source_for_centers'] ?? parameters['cluster_source'] ?? 'signal';
  return name === 'decomposition' || name === 'bss' ? 'model' : 'data';
}

const titles = {
  data: {
    mean: 'Mean of the pixels of each cluster',
    sum: 'Sum over the pixels of each cluster',
    centroid: 'Measured spectrum nearest to the centre of each cluster',
  },
  model: {
    mean: 'Mean of the model in each cluster, not of the data',
    sum: 'Sum of the model in each cluster, not of the data',
    centroid: 'Model of the pixel nearest to the centre of each cluster',
  },
} as const;

/** What the spectra are, in words; a model can be negative where the data are not. */
export const spectraTitles = (of: SpectraOf): Readonly<Record<'mean' | 'sum' | 'centroid', string>> => titles[of];
