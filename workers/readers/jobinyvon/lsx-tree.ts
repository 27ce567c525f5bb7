import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';

/** Items of a LabSpec tree have numbers for names; these are the ones that matter. */
export const ids = {
  kind: '0x6D707974',
  title: '0x6C7469D9',
  data: '0x7A74D9D6',
  dimensions: '0x7B697861',
  unit: '0x7C696E75',
  values: '0x7D6CD4DB',
  parameters: '0x6C62D4D9',
  name: '0x6D6D616E',
  value: '0x7D6C61DB',
  number: '0x8736F70',
} as const;

const idOf = (element: XmlElement): string => (element.attributes['ID'] ?? '').toLowerCase();

/** The item of this number directly inside, or undefined. */
export const itemOf = (element: XmlElement | undefined, id: string): XmlElement | undefined =>
  element?.children.find((child) => idOf(child) === id.toLowerCase());

/** Numbers of a text, separated by spaces and line ends; NaN for what is none. */
export function numbersOf(text: string): Float64Array {
  const trimmed = text.trim();
  return trimmed === '' ? new Float64Array(0) : Float64Array.from(trimmed.split(/\s+/), Number);
}

/** A named parameter of the measurement: what is shown and the number behind it. */
export interface LsxParameter {
  value: string;
  number: number | null;
  units: string | null;
}

/** Every named parameter of a tree; of those of the same name the last that has a number behind it, else the first. */
export function readParameters(tree: XmlElement): Map<string, LsxParameter> {
  const found = new Map<string, LsxParameter>();
  const add = (element: XmlElement): void => {
    const name = itemOf(element, ids.name)?.text;
    const value = itemOf(element, ids.value)?.text;
    const coded = itemOf(element, ids.number)?.text;
    if (name !== undefined && value !== undefined && (coded !== undefined || !found.has(name))) {
      const behind = Number(coded ?? value);
      found.set(name, {
        value,
        number: value === '' || !Number.isFinite(behind) ? null : behind,
        units: itemOf(element, ids.unit)?.text ?? null,
      });
    }
    element.children.forEach(add);
  };
  const parameters = itemOf(tree, ids.parameters);
  if (parameters !== undefined) add(parameters);
  return found;
}

/** The parameters as plain values. */
export const parametersTree = (parameters: ReadonlyMap<string, LsxParameter>): Metadata =>
  Object.fromEntries(
    [...parameters]
      .filter(([name]) => name !== '__proto__')
      .map(([name, { value, number }]): [string, MetadataValue] => [
        name,
        number === null || String(number) === value ? value : { value, number },
      ]),
  );
