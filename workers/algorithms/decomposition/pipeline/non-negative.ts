import { EigenscopeError } from '../../../model/errors.ts';
import type { Sums } from '../../../passes/sums.ts';

/** @throws EigenscopeError `negative-data` with how many values are negative, the lowest, and what to do */
export function requireNonNegative({ negative, min }: Sums): void {
  if (negative === 0) return;
  throw new EigenscopeError(
    'negative-data',
    `${negative} ${negative === 1 ? 'value is' : 'values are'} negative (the lowest is ${Number(min.toPrecision(4))}); ` +
      'components that are never negative need data that are never negative. Undo a background subtraction, or clip ' +
      'the data at 0 first.',
    { negative, min },
  );
}
