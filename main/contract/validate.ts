import type { ClusterDisplay } from '../../workers/model/cluster-display.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { parseReadHints, type ReadHints } from '../../workers/model/read-hints.ts';
import type { MethodName, Params } from './methods.ts';

/* One validator per method: everything a window sends is checked before a service sees it. */

type Check<T> = (value: unknown, path: string) => T;

const refuse = (path: string, wanted: string, value: unknown): never => {
  const got = (JSON.stringify(value) ?? String(value)).slice(0, 60);
  throw new EigenscopeError('bad-request', `${path} must be ${wanted}; got ${got}.`, { path });
};

const longest = 4096;
const text: Check<string> = (v, p) =>
  typeof v === 'string' && v.length <= longest ? v : refuse(p, `text of at most ${longest} characters`, v);
const filled: Check<string> = (v, p) => (text(v, p).trim() !== '' ? text(v, p) : refuse(p, 'text', v));
const flag: Check<boolean> = (v, p) => (typeof v === 'boolean' ? v : refuse(p, 'true or false', v));
const number: Check<number> = (v, p) => (typeof v === 'number' && Number.isFinite(v) ? v : refuse(p, 'a number', v));
const whole: Check<number> = (v, p) =>
  Number.isSafeInteger(v) && (v as number) >= 0 ? (v as number) : refuse(p, 'a whole number from 0', v);
const positive: Check<number> = (v, p) => (number(v, p) > 0 ? number(v, p) : refuse(p, 'a number above 0', v));
const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (v, p) =>
    v === null || v === undefined ? null : check(v, p);
const list =
  <T>(check: Check<T>, most = 4096): Check<T[]> =>
  (v, p) =>
    Array.isArray(v) && v.length <= most
      ? v.map((item, i) => check(item, `${p}[${i}]`))
      : refuse(p, `a list of at most ${most}`, v);
const oneOf =
  <const T extends string>(...options: T[]): Check<T> =>
  (v, p) =>
    options.includes(v as T) ? (v as T) : refuse(p, options.join(' or '), v);
const pair: Check<[number, number]> = (v, p) => {
  const [a, b, ...rest] = list(whole, 2)(v, p);
  return a !== undefined && b !== undefined && rest.length === 0 ? [a, b] : refuse(p, 'two whole numbers', v);
};

/** Plain JSON of bounded depth; prototypes of the sender never matter because values come from JSON. */
const json: Check<Record<string, never>> = (v, p) => {
  const depth = (value: unknown, left: number): boolean =>
    left > 0 &&
    (value === null ||
      ['string', 'number', 'boolean'].includes(typeof value) ||
      (typeof value === 'object' && Object.values(value as object).every((item) => depth(item, left - 1))));
  if (typeof v !== 'object' || v === null || Array.isArray(v) || !depth(v, 16))
    return refuse(p, 'an object of plain values', v);
  return v as Record<string, never>;
};

type Checks<T> = { [K in keyof T]-?: Check<Exclude<T[K], undefined> | T[K]> };

function object<T>(checks: Checks<T>, optional: readonly (keyof T)[] = []): Check<T> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object', value);
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(checks, key))
        refuse(`${path}.${key}`, `one of ${Object.keys(checks).join(', ') || 'nothing'}`, key);
    }
    const fields = value as Record<string, unknown>;
    const entries = Object.entries(checks as Record<string, Check<unknown>>).flatMap(([key, check]) =>
      fields[key] === undefined && optional.includes(key as keyof T)
        ? []
        : [[key, check(fields[key], `${path}.${key}`)]],
    );
    return Object.fromEntries(entries) as T;
  };
}

/** Branded ids are text like any other on the wire. */
const id = filled as Check<never>;
const nothing = object<Record<string, never>>({} as Checks<Record<string, never>>);
const path: Check<string> = (v, p) => (filled(v, p).includes('\0') ? refuse(p, 'a path', v) : filled(v, p));

const figure = object<Params<'figure.preview'>['figure']>({
  result: id,
  kind: oneOf('scree', 'factors', 'loadings'),
  components: list(whole),
  widthMm: positive,
  heightMm: orNull(positive),
  dpi: positive,
  textPt: positive,
  colormap: orNull(text),
  shareLimits: flag,
});

/** First and end by turns: as many as a call of the web host can carry. */
const runs = list(whole, 2 ** 18);
const display = object<ClusterDisplay>({
  names: list(orNull(text)),
  colours: list(orNull(whole)),
  shownAs: list(whole),
});

const run = {
  dataset: id,
  operation: filled,
  algorithm: orNull(filled),
  parent: orNull(id),
  parameters: json,
};

/** Fields of a call beside what is said about how to read a file. */
const withHints =
  <T extends object>(check: Check<T>): Check<T & Omit<ReadHints, 'axes'>> =>
  (v, p) => {
    const fields = json(v, p) as Record<string, unknown>;
    const hints = parseReadHints(fields, p);
    const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in hints)));
    return { ...check(rest, p), ...hints };
  };

const validators: { [M in MethodName]: Check<Params<M>> } = {
  'app.info': nothing,
  'app.settings': object<Params<'app.settings'>>({ settings: json }),
  'plugins.list': nothing,
  'plugins.add': object<Params<'plugins.add'>>({ folder: path }),
  'plugins.allow': object<Params<'plugins.allow'>>({ folder: path, hash: filled }),
  'plugins.remove': object<Params<'plugins.remove'>>({ folder: path }),
  'dialog.open': object<Params<'dialog.open'>>({ title: text, extensions: list(text), folders: flag }, ['folders']),
  'dialog.save': object<Params<'dialog.save'>>({ title: text, name: text, extensions: list(text) }),
  'files.list': object<Params<'files.list'>>({ folder: orNull(path) }),
  'file.stat': object<Params<'file.stat'>>({ path }),
  'file.info': withHints(object<{ path: string }>({ path })),
  'file.preview': withHints(object<{ path: string; signal: number }>({ path, signal: whole })),
  'project.state': nothing,
  'project.new': nothing,
  'project.open': object<Params<'project.open'>>({ path }),
  'project.save': object<Params<'project.save'>>({ path, overwrite: flag }),
  'project.recipe': object<Params<'project.recipe'>>({ path, overwrite: flag }),
  'project.undo': nothing,
  'project.redo': nothing,
  'project.layout': object<Params<'project.layout'>>({ project: filled, layout: json }),
  'dataset.open': withHints(object<{ path: string; signal?: number }>({ path, signal: whole }, ['signal'])),
  'dataset.reopen': object<Params<'dataset.reopen'>>({ dataset: id }),
  'dataset.views': object<Params<'dataset.views'>>({ dataset: id }),
  'dataset.image': object<Params<'dataset.image'>>({
    dataset: id,
    reduce: oneOf('sum', 'mean', 'max'),
    channels: orNull(pair),
  }),
  'dataset.pixels': object<Params<'dataset.pixels'>>({ dataset: id, runs }),
  'dataset.mask': object<Params<'dataset.mask'>>({ dataset: id, runs, name: filled, parent: orNull(id) }),
  'dataset.metadata': object<Params<'dataset.metadata'>>({ dataset: id }),
  'dataset.axes': object<Params<'dataset.axes'>>({
    dataset: id,
    axes: list(
      object<{ name: string; units: string | null; scale: number; offset: number }>({
        name: text,
        units: orNull(text),
        scale: (v, p) => (number(v, p) !== 0 ? number(v, p) : refuse(p, 'a number other than 0', v)),
        offset: number,
      }),
      8,
    ),
  }),
  'prepare.check': object<Params<'prepare.check'>>({ dataset: id, operation: filled, parameters: json }),
  'prepare.preview': object<Params<'prepare.preview'>>({
    dataset: id,
    operation: filled,
    parameters: json,
    at: list(whole, 8),
  }),
  'prepare.pixels': object<Params<'prepare.pixels'>>({
    dataset: id,
    runs,
    name: filled,
    mask: filled,
    parent: orNull(id),
  }),
  'prepare.mask': object<Params<'prepare.mask'>>({ dataset: id, operation: filled, parameters: json }),
  'prepare.stopMask': nothing,
  'prepare.apply': object<Params<'prepare.apply'>>({
    dataset: id,
    operation: filled,
    parameters: json,
    name: orNull(filled),
  }),
  'dataset.close': object<Params<'dataset.close'>>({ dataset: id }),
  'job.check': object<Params<'job.check'>>(run),
  'job.start': object<Params<'job.start'>>({ ...run, seed: whole, name: orNull(text), mayWrite: flag }, ['mayWrite']),
  'job.cancel': object<Params<'job.cancel'>>({ job: id, keep: flag }),
  'job.list': nothing,
  'result.array': object<Params<'result.array'>>({ result: id, name: filled, columns: orNull(pair) }),
  'result.residual': object<Params<'result.residual'>>({ result: id, components: whole }),
  'result.rename': object<Params<'result.rename'>>({ result: id, name: filled }),
  'result.star': object<Params<'result.star'>>({ result: id, starred: flag }),
  'result.display': object<Params<'result.display'>>({ result: id, display: orNull(display), what: filled }),
  'result.delete': object<Params<'result.delete'>>({ result: id }),
  'result.restore': object<Params<'result.restore'>>({ result: id }),
  'result.methods': object<Params<'result.methods'>>({ result: id }),
  'figure.preview': object<Params<'figure.preview'>>({ figure }),
  'export.figure': object<Params<'export.figure'>>({ figure, path, overwrite: flag }),
  'export.result': object<Params<'export.result'>>({ result: id, path, overwrite: flag }),
  'export.dataset': object<Params<'export.dataset'>>({ dataset: id, path, overwrite: flag }),
};

export const isMethod = (name: string): name is MethodName => Object.hasOwn(validators, name);

/** The parameters of a call, checked. @throws EigenscopeError `bad-request` naming the field, what it takes and what it got. */
export function validateCall<M extends MethodName>(method: M, params: unknown): Params<M> {
  return (validators[method] as Check<Params<M>>)(params ?? {}, method);
}
