interface Common {
  label: string;
  /** one line, plain words; shown beneath the field and in --help */
  help: string;
  /** behind "More settings" */
  advanced?: boolean;
  /** null (nothing given) is allowed and is the default; the text says what then happens, e.g. "all" */
  optional?: string;
  /** shown only while this holds, e.g. { param: 'algorithm', is: ['NMF'] } */
  when?: { param: string; is: readonly unknown[] };
}

/** The kinds of parameters: forms, flags, validation and help all follow from these. */
export type Param =
  | ({ kind: 'integer'; default: number | null; min: number; max: number; unit?: string } & Common)
  | ({ kind: 'number'; default: number | null; min: number; max: number; unit?: string } & Common)
  | ({ kind: 'choice'; default: string | null; options: readonly { value: string; label: string }[] } & Common)
  | ({ kind: 'boolean'; default: boolean } & Common)
  /** the id of another input or step: a mask (true = left out) or an array; or one of some words the algorithm knows */
  | ({
      kind: 'input';
      default: string | null;
      role: 'navigation_mask' | 'signal_mask' | 'array';
      words?: readonly { value: string; label: string }[];
    } & Common)
  /** one axis of the data: its name, or its index in the array (slowest first) */
  | ({ kind: 'axis'; default: string | number | null; among: 'any' | 'navigation' | 'signal' } & Common)
  | ({ kind: 'text'; default: string | null; longest: number } & Common)
  /** the ids of other inputs or steps, at least one */
  | ({ kind: 'inputs'; default: null } & Common)
  /**
   * integer n = the first n, or a list of indices; default all. `countedFrom: 1`: not indices but numbers from 1 on, n = 1 to n,
   * which a form shows as they are
   */
  | ({ kind: 'components'; default: null; countedFrom?: 1 } & Common)
  /** a list of numbers, or one of the named lists: polynomial coefficients, lags, ranks … */
  | ({
      kind: 'numbers';
      default: null;
      /** how many numbers there may be */
      least: number;
      most: number;
      /** words that stand for something the algorithm knows, accepted instead of a list */
      names?: readonly { value: string; label: string }[];
    } & Common);

export type ParamSet = Readonly<Record<string, Param>>;

type Optional<P, T> = P extends { default: null } ? T | null : T;

type NamesOf<P> = P extends { names: readonly { value: infer N }[] } ? N : never;

/** Value type of each parameter, derived so that forms, flags and kernels cannot disagree. */
export type ValuesOf<P extends ParamSet> = {
  [K in keyof P]: P[K] extends { kind: 'boolean' }
    ? boolean
    : P[K] extends { kind: 'choice'; options: readonly { value: infer O }[] }
      ? Optional<P[K], O>
      : P[K] extends { kind: 'input' }
        ? string | null
        : P[K] extends { kind: 'components' }
          ? number | readonly number[] | null
          : P[K] extends { kind: 'axis' }
            ? Optional<P[K], string | number>
            : P[K] extends { kind: 'text' }
              ? Optional<P[K], string>
              : P[K] extends { kind: 'inputs' }
                ? readonly string[] | null
                : P[K] extends { kind: 'numbers' }
                  ? NamesOf<P[K]> | readonly number[] | null
                  : Optional<P[K], number>;
};
