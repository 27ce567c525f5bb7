import type { Axis } from '../../model/axes.ts';
import { corrupt } from '../file-bytes.ts';
import type { XmlElement } from '../xml.ts';
import { ids, itemOf, numbersOf } from './lsx-tree.ts';

/** The dimensions of a measurement: what was measured, against what, and where. */
export interface LsxDimensions {
  quantity: { name: string; units: string | null };
  spectral: Axis;
  /** the axis falls in the file: spectra are turned round */
  reversed: boolean;
  /** slowest first; those of one position are left out */
  navigation: Axis[];
}

const unitOf = (text: string | undefined): string | null => {
  const unit = (text ?? '').trim();
  return unit === '' ? null : ({ 'Cnt/sec': 'Counts/s', Cnt: 'Counts' }[unit] ?? unit);
};

function axisOf(name: string, units: string | null, values: Float64Array, navigate: boolean): Axis {
  const size = values.length;
  const offset = values[0] ?? 0;
  const scale = size > 1 ? (values[size - 1]! - offset) / (size - 1) : 1;
  if (!values.every(Number.isFinite) || scale === 0) return { name, units, size, navigate, scale: 1, offset: 0 };
  const isEven = values.every((value, i) => Math.abs(value - (offset + i * scale)) <= 1e-6 * Math.abs(scale));
  const axis: Axis = { name, units, size, navigate, scale, offset };
  // spectrometers are never quite uniform
  return navigate && isEven ? axis : { ...axis, values: Array.from(values) };
}

const spectralNames: Readonly<Record<string, string>> = { nm: 'Wavelength', eV: 'Energy', '1/cm': 'Raman Shift' };

/** @throws EigenscopeError `corrupt-file` without an axis of spectra */
export function readDimensions(path: string, tree: XmlElement): LsxDimensions {
  const list = itemOf(itemOf(tree, ids.data), ids.dimensions);
  const dimensions = list?.children ?? [];
  const kindOf = (element: XmlElement): string => itemOf(element, ids.kind)?.text ?? '';
  const spectralAt = dimensions.find((element) => kindOf(element).startsWith('Spectr'));
  const values = numbersOf(itemOf(spectralAt, ids.values)?.text ?? '');
  if (spectralAt === undefined || values.length === 0) {
    throw corrupt(path, 'it describes no axis of spectra', 'a spectrum, a line or a map of LabSpec was expected');
  }
  const measured = dimensions.find((element) => kindOf(element).startsWith('Intens'));
  const unit = unitOf(itemOf(spectralAt, ids.unit)?.text);
  const reversed = values.length > 1 && values.at(-1)! < values[0]!;
  if (reversed) values.reverse();
  const navigation = dimensions
    .filter((element) => element !== spectralAt && element !== measured)
    .map((element) =>
      axisOf(
        kindOf(element) || 'Position',
        unitOf(itemOf(element, ids.unit)?.text),
        numbersOf(itemOf(element, ids.values)?.text ?? ''),
        true,
      ),
    )
    .filter(({ size }) => size > 1)
    .reverse();
  return {
    quantity: { name: 'Intensity', units: unitOf(itemOf(measured, ids.unit)?.text) },
    spectral: axisOf(spectralNames[unit ?? ''] ?? 'Unknown', unit, values, false),
    reversed,
    navigation,
  };
}
