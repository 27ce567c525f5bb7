import type { Axis } from '../../model/axes.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import type { Reader } from '../reader.ts';
import type { BcfHeader, BcfImage } from './bcf-header.ts';
import { readHeaderOf } from './bcf-open.ts';
import { countType, indexMap } from './hypermap-index.ts';
import { decodeImage, imageType, isWhole } from './image-pixels.ts';
import type { SfsContainer, SfsItem } from './sfs.ts';
import { findItem, sfsMagic } from './sfs.ts';
import { openStream } from './sfs-stream.ts';
import type { TrtSpectrum } from './trt-spectrum.ts';
import { isTransmission } from './trt-spectrum.ts';

/** Pictures up to this size are decoded with the header; larger ones when they are opened. */
const smallImageBytes = 4 * 2 ** 20;
const defaultChannels = 4096;
/** No detector of the field has more. */
const mostChannels = 65536;

const mapAxis = (name: 'height' | 'width', size: number, scale: number | null, navigate: boolean): Axis => ({
  name,
  units: scale === null ? null : 'µm',
  size,
  navigate,
  scale: scale ?? 1,
  offset: 0,
});

function microscopeMetadata(header: BcfHeader, detector: Metadata | null): Metadata {
  return {
    [isTransmission(header.beamEnergy) ? 'TEM' : 'SEM']: {
      ...(header.beamEnergy === null ? {} : { beam_energy: header.beamEnergy }),
      ...(header.magnification === null ? {} : { magnification: header.magnification }),
      ...(detector === null ? {} : { Detector: { EDS: detector } }),
      ...(Object.keys(header.stage).length === 0 ? {} : { Stage: header.stage }),
    },
  };
}

/** Channels of the sum spectrum. Those above the energy of the beam are kept: sums of pulses were counted there. */
const depthOf = (spectrum: TrtSpectrum | undefined): number =>
  Math.min(spectrum?.channels || defaultChannels, mostChannels);

function mapSignal(
  file: FileBytes,
  container: SfsContainer,
  item: SfsItem,
  header: BcfHeader,
  title: string,
): SignalHeader {
  const number = Number(/\d+$/.exec(item.name)![0]);
  const spectrum = header.spectra.get(number);
  const channels = depthOf(spectrum);
  const stream = openStream(file, container, item);
  const index = indexMap(file.path, stream, channels);
  const { height, width } = index;
  const warnings: string[] = [];
  if (index.damage !== null) {
    warnings.push(`The map is incomplete (${index.damage}); pixels that are not there are read as 0.`);
  }
  if (spectrum?.scale == null) warnings.push('The file does not give the energy of its channels.');
  const { scaleX, scaleY, dwellTime, lineScans } = header;
  const seconds = dwellTime === null || lineScans === null ? null : dwellTime * lineScans * width;
  const signalType = isTransmission(header.beamEnergy) ? 'EDS_TEM' : 'EDS_SEM';
  return {
    title,
    signalType,
    shape: [height, width, channels],
    dtype: countType(index.largest),
    axes: [
      mapAxis('height', height, scaleY, true),
      // HyperSpy gives both axes the height of a pixel; the file has a width of its own
      mapAxis('width', width, scaleX, true),
      {
        name: 'Energy',
        units: spectrum?.scale == null ? null : 'keV',
        size: channels,
        navigate: false,
        scale: spectrum?.scale || 1,
        offset: spectrum?.offset ?? 0,
      },
    ],
    quantity: { name: 'X-rays', units: 'Counts' },
    metadata: {
      General: {
        original_filename: file.name,
        title,
        ...(header.date === undefined ? {} : { date: header.date }),
        ...(header.time === undefined ? {} : { time: header.time }),
      },
      Signal: { signal_type: signalType, quantity: 'X-rays (Counts)' },
      Acquisition_instrument: microscopeMetadata(header, {
        ...spectrum?.detector,
        ...(seconds === null ? {} : { real_time: seconds }),
      }),
      Sample: {
        ...(header.name === null ? {} : { name: header.name }),
        elements: header.elements,
        xray_lines: header.xrayLines,
      },
    },
    originalMetadata: header.original,
    layout: {
      kind: 'coded',
      codec: 'bruker-map',
      path: file.path,
      stamp: file.stamp(),
      about: { item: item.name, lines: index.lines },
    },
    warnings,
  };
}

function imageSignal(file: FileBytes, image: BcfImage, index: number, header: BcfHeader): SignalHeader {
  const shape = [image.height, image.width];
  const dtype = imageType(image);
  const small = image.width * image.height * image.itemBytes <= smallImageBytes ? decodeImage(image) : null;
  return {
    title: image.title,
    signalType: '',
    shape,
    dtype,
    axes: [mapAxis('height', image.height, image.scaleY, false), mapAxis('width', image.width, image.scaleX, false)],
    quantity: { name: 'Intensity', units: null },
    metadata: {
      General: { original_filename: file.name, title: image.title },
      Signal: { signal_type: '' },
      Acquisition_instrument: microscopeMetadata(header, null),
      ...(header.name === null ? {} : { Sample: { name: header.name } }),
    },
    originalMetadata: header.original,
    layout:
      small !== null
        ? { kind: 'bytes', bytes: small }
        : { kind: 'coded', codec: 'bruker-image', path: file.path, stamp: file.stamp(), about: { image: index } },
    warnings: [],
  };
}

function readHeader(path: string): FileHeader {
  return withFile(path, (file) => {
    const { container, header } = readHeaderOf(file);
    const maps = container.items
      .filter(({ name }) => /^SpectrumData\d{1,4}$/.test(name))
      .filter((item) => findItem(container, 'EDSDatabase', item.name) === item);
    const signals = [
      ...maps.map((item, i) => mapSignal(file, container, item, header, maps.length > 1 ? `EDX ${i + 1}` : 'EDX')),
      ...header.images.filter(isWhole).map((image, i) => imageSignal(file, image, i, header)),
    ];
    if (signals.length === 0) throw corrupt(path, 'there is no map and no picture in it', 'at least one was expected');
    return { format: 'bruker-bcf', signals };
  });
}

/** Bruker's maps of X-ray spectra with the pictures recorded beside them: maps first, then pictures. */
export const bcfReader: Reader = {
  id: 'bruker-bcf',
  title: 'Bruker map (BCF)',
  extensions: ['bcf'],
  probe: (head) => (latin1(head.subarray(0, 8)) === sfsMagic ? 1 : 0),
  header: async (path) => readHeader(path),
};
