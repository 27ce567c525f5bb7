import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { jsonTexts, numberAt, readJsonText, textAt, valueAt } from './velox-json.ts';

type Text = ReturnType<typeof jsonTexts>[number];

/** Labels are written as in addresses of web pages: FFT%231%28Ceta%29. */
function unescapeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

const trees = (value: MetadataValue): Metadata[] =>
  Array.isArray(value)
    ? value.filter((v): v is Metadata => typeof v === 'object' && v !== null && !Array.isArray(v))
    : [];

/** Segments of one detector by their last part, "DF4-A" and "DF4-C" make "A-C"; else both names. */
function difference(minuend: string, subtrahend: string): string {
  const [a, b] = [minuend.lastIndexOf('-'), subtrahend.lastIndexOf('-')];
  const sameDetector = a > 0 && b > 0 && minuend.slice(0, a) === subtrahend.slice(0, b);
  return sameDetector ? `${minuend.slice(a + 1)}-${subtrahend.slice(b + 1)}` : `${minuend}-${subtrahend}`;
}

/** The detectors whose signals go into an operation, by the number of its input. */
function inputsOf(operation: string, texts: readonly Text[]): Map<number, string> {
  const inputs = new Map<number, string>();
  for (const { tree } of texts) {
    const detector = textAt(tree, 'detector') ?? textAt(tree, 'cameraName');
    if (detector === null) continue;
    for (const output of trees(valueAt(tree, 'outputs'))) {
      if (textAt(output, 'operation') === operation) inputs.set(numberAt(output, 'inputIndex') ?? 0, detector);
    }
  }
  return inputs;
}

/** What operations say of the images that they made: files of versions up to 10. */
function operationTitles(texts: readonly Text[], put: (path: string | null, title: string | null) => void): void {
  for (const { path, kind, tree } of texts) {
    const data = textAt(tree, 'dataPath');
    switch (kind) {
      case 'StemInputOperation':
      case 'CameraInputOperation':
        put(data, textAt(tree, 'detector') ?? textAt(tree, 'cameraName'));
        break;
      case 'FftOperation':
        put(textAt(tree, 'imageOutputPath'), 'FFT');
        break;
      case 'DpcOperation':
        put(data, 'DPC');
        break;
      case 'SurfaceReconstructionOperation': {
        const title = textAt(tree, 'integrationMode') === 'false' ? 'dDPC' : 'iDPC';
        const unfiltered = textAt(tree, 'unfilteredDataPath');
        put(unfiltered, title);
        put(data, unfiltered === null ? title : `Filtered ${title}`);
        break;
      }
      case 'MathematicsOperation': {
        const inputs = inputsOf(path, texts);
        const [first, second] = [inputs.get(0), inputs.get(1)];
        if (first === undefined || second === undefined) break;
        const mode = textAt(tree, 'mathematicsMode');
        put(
          data,
          mode === 'Subtraction' ? difference(first, second) : `${mode ?? 'Mathematics'} of ${first} and ${second}`,
        );
        break;
      }
      default:
    }
  }
}

/**
 * Titles of images by the path of their group: of the operation that made an image, or of the display that shows it.
 * Images of elements and of operations carry the name of a detector in their own metadata, which tells them not apart.
 */
export function veloxTitles(file: Hdf5File): Map<string, string> {
  const titles = new Map<string, string>();
  const put = (path: string | null, title: string | null): void => {
    if (path !== null && title !== null && !titles.has(path)) titles.set(path, title);
  };
  operationTitles(jsonTexts(file, '/Operations'), put);
  for (const { kind, tree } of jsonTexts(file, '/Displays')) {
    if (kind !== 'ImageDisplay') continue;
    const reference = textAt(tree, 'data');
    if (reference !== null) put(textAt(readJsonText(file, reference), 'dataPath'), textAt(tree, 'title'));
  }
  for (const { kind, tree } of jsonTexts(file, '/Presentation/Displays')) {
    const label = textAt(tree, 'display', 'label');
    if (kind === 'ImageDisplay' && label !== null) put(textAt(tree, 'dataPath'), unescapeLabel(label));
  }
  return titles;
}
