import { EigenscopeError } from '../model/errors.ts';
import type { AlgorithmSpec, DataShape } from './algorithm.ts';
import type { ParamSet, ValuesOf } from './param.ts';

/** A parameter that cannot be accepted: its id and the sentence that says what it got and what it takes. */
export interface Problem {
  param: string;
  message: string;
}

/** Which values are outside the bounds that this data sets. */
export function checkLimits<P extends ParamSet>(
  spec: AlgorithmSpec<P>,
  shape: DataShape,
  values: ValuesOf<P>,
): Problem[] {
  return Object.entries(spec.limits(shape, values)).flatMap(([param, limit]) => {
    const value = (values as Readonly<Record<string, unknown>>)[param];
    if (typeof value !== 'number' || (value >= limit.min && value <= limit.max)) return [];
    const range = limit.min === limit.max ? `${limit.max}` : `from ${limit.min} to ${limit.max}`;
    return [{ param, message: `${param} must be ${range} for this data, because ${limit.why}; got ${value}.` }];
  });
}

/** @throws EigenscopeError `parameter-out-of-range` with the first value that this data does not allow */
export function assertLimits<P extends ParamSet>(spec: AlgorithmSpec<P>, shape: DataShape, values: ValuesOf<P>): void {
  const [problem] = checkLimits(spec, shape, values);
  if (problem) throw new EigenscopeError('parameter-out-of-range', problem.message, { parameter: problem.param });
}
