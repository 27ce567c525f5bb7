import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { PreparationStep } from '../contract/session.ts';
import { methodsSentence, preparationSentence } from '../../workers/figure/methods-sentence.ts';
import { algorithmById, resolveStep } from '../../workers/specs/registry.ts';
import { defaultValues } from '../../workers/specs/validate.ts';

/** The methods sentence of a result, from its record and the steps that prepared its data. */
export function methodsText(
  record: ResultRecord,
  steps: readonly Pick<PreparationStep, 'operation' | 'values'>[] = [],
): string {
  const before = preparationSentence(
    steps.map(({ operation, values }) => {
      const spec = algorithmById(operation);
      return { title: spec?.title ?? operation, parameters: values, defaults: spec ? defaultValues(spec.params) : {} };
    }),
  );
  const sentence = resultSentence(record);
  return before === '' ? sentence : `${before} ${sentence}`;
}

function resultSentence(record: ResultRecord): string {
  if (record.kind === 'mask') {
    const samples = navigationAxes(record.axes).reduce((n, axis) => n * axis.size, 1);
    return `A navigation mask leaves out ${String(record.scalars['masked_pixels'])} of ${samples} pixels (Eigenscope ${record.version}).`;
  }
  const { spec } = resolveStep(record.operation, record.algorithm);
  const count = (name: string): number => Number(record.scalars[name] ?? 0);
  return methodsSentence({
    title: spec.title,
    reference: spec.reference,
    parameters: record.parameters,
    defaults: defaultValues(spec.params),
    seed: spec.usesSeed(record.parameters as never) ? record.seed : null,
    version: record.version,
    shape: {
      navigation: navigationAxes(record.axes).map((a) => a.size),
      signal: signalAxes(record.axes).map((a) => a.size),
    },
    maskedPixels: count('masked_pixels'),
    maskedChannels: count('masked_channels'),
  });
}
