import { basename, parse } from 'node:path';
import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, decodeXml, parseXml } from '../xml.ts';
import { readDimensions } from './labspec-axes.ts';
import { metadataOf } from './labspec-metadata.ts';
import { ids, itemOf, numbersOf, parametersTree, readParameters } from './lsx-tree.ts';

/** Text is held whole while it is read; larger maps are exported in binary formats. */
const longestText = 256 * 2 ** 20;

function readDocument(path: string): XmlElement {
  const text = withFile(path, (file) => {
    if (file.size > longestText) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} has ${file.size} bytes of XML, more than can be read (${longestText}). Export a part of the map, or as binary data.`,
        { path },
      );
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return decodeXml(bytes);
  });
  return parseXml(path, text);
}

/** Spectra of all rows as float64, one row after another, each turned round when its axis falls. */
function readRows(
  path: string,
  matrix: XmlElement | undefined,
  spectra: number,
  points: number,
  reversed: boolean,
): Float64Array {
  const rows = (matrix?.children ?? []).filter(({ name }) => name === 'LSX_Row');
  if (rows.length !== spectra) {
    throw corrupt(path, `it holds ${rows.length} spectra`, `${spectra} were expected, one per position`);
  }
  checkedBytes(path, [spectra, points], 'float64');
  const values = new Float64Array(spectra * points);
  for (const [index, { text }] of rows.entries()) {
    const row = numbersOf(text);
    if (row.length !== points || row.some(Number.isNaN)) {
      throw corrupt(path, `spectrum ${index} has ${row.length} values`, `${points} numbers were expected`);
    }
    values.set(reversed ? row.reverse() : row, index * points);
  }
  return values;
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const document = readDocument(path);
  const tree = childOf(document, 'LSX_Tree') ?? (document.name === 'LSX_Tree' ? document : undefined);
  if (tree === undefined && childOf(document, 'raw_file') !== undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${basename(path)} describes a recording of an EMPAD camera, which cannot be read by it yet. Open the .raw file that it names as numbers without a header: float32 in frames of 130 rows and 128 columns, of which the last two rows are no pixels.`,
      { path },
    );
  }
  if (tree === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${basename(path)} is an XML of another kind: it begins with <${document.name.slice(0, 40)}>, where <LSX_Data> of LabSpec was expected. Export the data as .msa, .npy or .hspy.`,
      { path },
    );
  }
  const { quantity, spectral, reversed, navigation } = readDimensions(path, tree);
  const axes = [...navigation, spectral];
  const shape = axes.map(({ size }) => size);
  const matrix = childOf(document, 'LSX_Matrix');
  const values = readRows(path, matrix, elementCount(shape.slice(0, -1)), spectral.size, reversed);
  const parameters = readParameters(tree);
  const { name, base } = parse(path);
  const title = itemOf(tree, ids.title)?.text || name;
  const shown = quantity.units === null ? quantity.name : `${quantity.name} (${quantity.units})`;
  return {
    format: 'jobinyvon',
    signals: [
      {
        title,
        signalType: '',
        shape,
        dtype: 'float64',
        axes: calibrateByHints(base, axes, hints),
        quantity,
        metadata: metadataOf(parameters, title, base, shown),
        originalMetadata: { kind: itemOf(tree, ids.kind)?.text ?? null, parameters: parametersTree(parameters) },
        layout: { kind: 'bytes', bytes: new Uint8Array(values.buffer) },
        warnings: [],
      },
    ],
  };
}

/** HORIBA Jobin Yvon LabSpec, exported as XML: spectra, lines and maps. */
export const jobinYvonReader: Reader = {
  id: 'jobinyvon',
  title: 'HORIBA Jobin Yvon LabSpec (XML)',
  extensions: ['xml'],
  probe: (head) => (/<LSX_(Data|Tree)\b/.test(latin1(head).replaceAll('\0', '')) ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
