import { readFileSync } from 'node:fs';
import { elementCount } from '../../workers/model/dtype.ts';
import type { InputArray } from '../../workers/job.ts';
import { readNpy, readValues } from './npy.ts';
import { sharedSource, type Step, type TestData } from './run-step.ts';

export interface Check {
  metric: string;
  tolerance: number;
  output?: string;
  first?: number;
  columns?: number;
  /** compared with this array instead of the expected one; `truth` names a file of `reference` */
  to?: string;
}

export interface Case {
  id: string;
  family: string;
  inputs: Readonly<Record<string, string>>;
  navShape: number[];
  signalShape: number[];
  operation: string;
  parameters: Readonly<Record<string, unknown>>;
  previous: { operation: string; parameters: Readonly<Record<string, unknown>> }[];
  expected: { arrays: Readonly<Record<string, string>>; scalars: Readonly<Record<string, unknown>> };
  /** what only the comparison needs, e.g. true sources */
  reference: Readonly<Record<string, string>>;
  checks: Check[];
}

const root = new URL('../fixtures/', import.meta.url).pathname;

export const fixturePath = (file: string): string => root + file;

/** The cases of these families, whose files are in test/fixtures. */
export function readCases(families: readonly string[]): Case[] {
  const manifest = JSON.parse(readFileSync(fixturePath('manifest.json'), 'utf8')) as { cases: Case[] };
  return manifest.cases.filter((c) => families.includes(c.family));
}

export function dataOf(fixture: Case): TestData {
  const file = readNpy(fixturePath(fixture.inputs.data!));
  const [samples, features] = [elementCount(fixture.navShape), elementCount(fixture.signalShape)];
  const inputs: Record<string, InputArray> = {};
  for (const [role, path] of Object.entries(fixture.inputs)) {
    if (role === 'data') continue;
    const { shape, values } = readValues(fixturePath(path));
    inputs[role] = { shape, dtype: readNpy(fixturePath(path)).dtype, data: values };
  }
  const source = sharedSource(file.bytes, file.dtype, samples, features);
  return { navigationShape: fixture.navShape, signalShape: fixture.signalShape, source, inputs };
}

export function stepsOf(fixture: Case): Step[] {
  return [...fixture.previous, fixture].map(({ operation, parameters }) => {
    const { algorithm, ...rest } = parameters;
    return { do: operation, ...(typeof algorithm === 'string' ? { algorithm } : {}), parameters: rest };
  });
}
