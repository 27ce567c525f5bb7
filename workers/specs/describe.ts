import type { AlgorithmSpec } from './algorithm.ts';
import type { Param } from './param.ts';
import { operationOf } from './registry.ts';
import { expectation } from './validate.ts';

/** One parameter as plain data. */
export interface ParameterDescription {
  id: string;
  kind: Param['kind'];
  label: string;
  help: string;
  default: unknown;
  min?: number;
  max?: number;
  unit?: string;
  options?: readonly { value: string; label: string }[];
  /** what happens when nothing is given */
  optional?: string;
  required: boolean;
  advanced: boolean;
  when?: { param: string; is: readonly unknown[] };
}

/** An algorithm as plain data, for `algorithms --json`. */
export interface AlgorithmDescription {
  id: string;
  operation: string;
  family: string;
  title: string;
  summary: string;
  question: string;
  reference: string;
  phases: readonly string[];
  parameters: readonly ParameterDescription[];
}

export function describeAlgorithm(spec: AlgorithmSpec): AlgorithmDescription {
  const { id, family, title, summary, question, reference, phases, params } = spec;
  const parameters = Object.entries(params).map(([name, param]) => describeParameter(name, param));
  return { id, operation: operationOf(spec), family, title, summary, question, reference, phases, parameters };
}

function describeParameter(id: string, param: Param): ParameterDescription {
  return {
    id,
    kind: param.kind,
    label: param.label,
    help: param.help,
    default: param.default,
    ...(param.kind === 'integer' || param.kind === 'number' ? { min: param.min, max: param.max } : {}),
    ...((param.kind === 'integer' || param.kind === 'number') && param.unit ? { unit: param.unit } : {}),
    ...(param.kind === 'choice' ? { options: param.options } : {}),
    ...(param.kind === 'input' && param.words ? { options: param.words } : {}),
    ...(param.kind === 'numbers' && param.names ? { options: param.names } : {}),
    ...(param.optional === undefined ? {} : { optional: param.optional }),
    required: param.default === null && param.optional === undefined,
    advanced: param.advanced ?? false,
    ...(param.when ? { when: param.when } : {}),
  };
}

/** Help text for the command line: what it does, every flag with what it takes, the citation. */
export function helpText(spec: AlgorithmSpec): string {
  const lines = [`${spec.id}  ${spec.title}`, '', spec.summary, ''];
  for (const [id, param] of Object.entries(spec.params)) lines.push(...parameterHelp(id, param));
  lines.push(`Reference: ${spec.reference}`);
  return lines.join('\n');
}

function parameterHelp(id: string, param: Param): string[] {
  const standard =
    param.default === null
      ? `default: ${param.optional ?? 'none, must be given'}`
      : `default: ${String(param.default)}`;
  const condition = param.when
    ? [`      only with --${param.when.param} ${param.when.is.map(String).join(' or ')}`]
    : [];
  return [`  --${id}  ${expectation(param)} (${standard})`, `      ${param.help}`, ...condition, ''];
}
