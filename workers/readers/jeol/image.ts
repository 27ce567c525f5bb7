import type { DType } from '../../model/dtype.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader } from '../reader.ts';
import { general, isTransmission, known, pixelSize, spatialAxis } from './common.ts';
import { numberAt, plainTags, readTags, tagAt, textAt } from './tags.ts';

const magic = 'JED-2200:LibJxImageForm';

export const isJeolImage = (head: Uint8Array): boolean => latin1(head.subarray(4, 4 + magic.length)) === magic;

/** By the bytes that a pixel takes. */
const types: Readonly<Record<number, DType>> = { 1: 'uint8', 2: 'uint16', 4: 'uint32' };

/**
 * Header of a picture (.img) or of the map of an element (.map).
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function readJeolImage(path: string): SignalHeader {
  return withFile(path, (file) => {
    const head = file.view(0, 0x30);
    if (!isJeolImage(new Uint8Array(head.buffer, head.byteOffset, head.byteLength))) {
      throw corrupt(path, 'it does not begin as a JEOL picture', `${magic} was expected`);
    }
    // the first tree describes a small copy, the second the picture
    const root = readTags(file, head.getUint32(0x2c, true));
    const size = tagAt(root, 'Image', 'Size')?.value;
    const [width = 0, height = 0] = Array.isArray(size) ? size.map(Number) : [];
    const bits = tagAt(root, 'Image', 'Bits');
    if (bits === undefined) throw corrupt(path, 'there is no Image.Bits in it', 'a picture was expected');
    checkedBytes(path, [height, width], 'uint8');
    const dtype = types[bits.length / (width * height)];
    if (dtype === undefined) {
      throw corrupt(path, `${bits.length} bytes for ${height} × ${width} pixels`, '1, 2 or 4 per pixel were expected');
    }
    const instrument = tagAt(root, 'Instrument');
    const magnification = numberAt(instrument, 'Mag');
    const scale = pixelSize(numberAt(instrument, 'ScanSize'), magnification, width);
    const energy = numberAt(instrument, 'AccV');
    const title = textAt(root, 'Image', 'Title') ?? textAt(root, 'Map', 'Title') ?? file.name.replace(/\.[^.]*$/, '');
    return {
      title,
      signalType: '',
      shape: [height, width],
      dtype,
      axes: [spatialAxis('y', height, scale, false), spatialAxis('x', width, scale, false)],
      quantity: { name: 'Intensity', units: null },
      metadata: {
        General: general(path, title, numberAt(root, 'Image', 'Created')),
        Signal: { signal_type: '' },
        Acquisition_instrument: {
          [isTransmission(energy) ? 'TEM' : 'SEM']: known({ beam_energy: energy, magnification }),
        },
      },
      originalMetadata: plainTags(root),
      layout: {
        kind: 'raw',
        path,
        offset: bits.offset,
        littleEndian: true,
        storedShape: [height, width],
        stamp: file.stamp(),
      },
      warnings: [],
    };
  });
}

/** Pictures and maps of elements of JEOL's Analysis Station. */
export const jeolImageReader: Reader = {
  id: 'jeol',
  title: 'JEOL picture or map (IMG, MAP)',
  extensions: ['img', 'map'],
  probe: (head) => (isJeolImage(head) ? 1 : 0),
  header: async (path): Promise<FileHeader> => ({ format: 'jeol', signals: [readJeolImage(path)] }),
};
