import type { Metadata, MetadataValue } from '../model/signal.ts';
import type { TagGroup } from './gatan-tags.ts';
import { numberAt, tagAt, textAt } from './gatan-tags.ts';

const nonEmpty = (value: string | null): string | null => (value === null || value.trim() === '' ? null : value.trim());

/** Entries with a value, or null when none has one: an empty branch says nothing. */
function branch(entries: Readonly<Record<string, MetadataValue | null>>): Metadata | null {
  const told = Object.entries(entries).filter(([, value]) => value !== null);
  return told.length === 0 ? null : (Object.fromEntries(told) as Metadata);
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

function stageOf(tags: TagGroup): Metadata | null {
  const at = (name: string) => numberAt(tags, 'Microscope Info', 'Stage Position', `Stage ${name}`);
  // DigitalMicrograph counts in µm, the metadata in mm
  return branch({
    tilt_alpha: at('Alpha'),
    tilt_beta: at('Beta'),
    x: scaled(at('X'), 1e-3),
    y: scaled(at('Y'), 1e-3),
    z: scaled(at('Z'), 1e-3),
  });
}

function eelsOf(tags: TagGroup): Metadata | null {
  const acquisition = (name: string) => numberAt(tags, 'EELS', 'Acquisition', name);
  const aperture = /^([\d.]+)\s*mm/.exec(textAt(tags, 'EELS Spectrometer', 'Aperture label') ?? '')?.[1];
  return branch({
    collection_angle: numberAt(tags, 'EELS', 'Experimental Conditions', 'Collection semi-angle (mrad)'),
    exposure: acquisition('Integration time (s)') ?? acquisition('Exposure (s)'),
    frame_number: acquisition('Number of frames'),
    aperture_size: aperture === undefined ? null : Number(aperture),
    spectrometer: nonEmpty(textAt(tags, 'EELS Spectrometer', 'Instrument name')),
  });
}

function edsOf(tags: TagGroup): Metadata | null {
  return branch({
    azimuth_angle: numberAt(tags, 'EDS', 'Detector_Info', 'Azimuthal angle'),
    elevation_angle: numberAt(tags, 'EDS', 'Detector_Info', 'Elevation angle'),
    solid_angle: numberAt(tags, 'EDS', 'Solid angle'),
    live_time: numberAt(tags, 'EDS', 'Live time'),
    real_time: numberAt(tags, 'EDS', 'Real time'),
  });
}

function quantityText(units: string | null): string {
  if (units === null) return 'Intensity';
  return units === 'e-' ? 'Electrons (Counts)' : `Intensity (${units})`;
}

/**
 * Metadata of one image under HyperSpy's names: what is asked for most, as far as the file tells. Dates and times stay
 * the text of the microscope's computer, whose locale is unknown; everything else is in the original metadata.
 * Units: kV, mm, degrees, mrad, s.
 */
export function gatanMetadata(
  title: string,
  fileName: string,
  signalType: string,
  units: string | null,
  image: TagGroup,
): Metadata {
  const tags = tagAt(image, 'ImageTags');
  const general: Record<string, MetadataValue | null> = { title, original_filename: fileName };
  const signal: Metadata = { signal_type: signalType, quantity: quantityText(units) };
  const brightness = ['ImageData', 'Calibrations', 'Brightness'] as const;
  const noise = branch({
    gain_factor: numberAt(image, ...brightness, 'Scale'),
    gain_offset: scaled(numberAt(image, ...brightness, 'Origin'), numberAt(image, ...brightness, 'Scale') ?? 1),
  });
  if (noise) signal.Noise_properties = { Variance_linear_model: noise };
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags) || tags.kind !== 'group') {
    return { General: branch(general) ?? {}, Signal: signal };
  }
  general.date_text = nonEmpty(
    textAt(tags, 'DataBar', 'Acquisition Date') ??
      textAt(tags, 'EELS', 'Acquisition', 'Date') ??
      textAt(tags, 'SI', 'Acquisition', 'Date'),
  );
  general.time_text = nonEmpty(
    textAt(tags, 'DataBar', 'Acquisition Time') ??
      textAt(tags, 'EELS', 'Acquisition', 'Start time') ??
      textAt(tags, 'SI', 'Acquisition', 'Start time'),
  );
  general.authors = nonEmpty(textAt(tags, 'Session Info', 'Operator'));
  const info = (name: string) => numberAt(tags, 'Microscope Info', name);
  const mode = nonEmpty(textAt(tags, 'Microscope Info', 'Illumination Mode'));
  const scanning = mode === 'SEM';
  const instrument = branch({
    beam_energy: scaled(info('Voltage'), 1e-3),
    beam_current: info('Probe Current (nA)') ?? info('Emission Current (µA)'),
    camera_length: info('STEM Camera Length'),
    magnification: info('Indicated Magnification'),
    acquisition_mode: mode?.startsWith('STEM') ? 'STEM' : mode,
    microscope:
      nonEmpty(textAt(tags, 'Session Info', 'Microscope')) ?? nonEmpty(textAt(tags, 'Microscope Info', 'Microscope')),
    convergence_angle: numberAt(tags, 'EELS', 'Experimental Conditions', 'Convergence semi-angle (mrad)'),
    Stage: stageOf(tags),
    Detector: branch({
      EELS: signalType === 'EELS' ? eelsOf(tags) : null,
      EDS: signalType.startsWith('EDS') ? edsOf(tags) : null,
    }),
  });
  const sample =
    nonEmpty(textAt(tags, 'Session Info', 'Specimen')) ?? nonEmpty(textAt(tags, 'Microscope Info', 'Specimen'));
  return {
    General: branch(general) ?? {},
    Signal: signal,
    ...(instrument ? { Acquisition_instrument: { [scanning ? 'SEM' : 'TEM']: instrument } } : {}),
    ...(sample ? { Sample: { description: sample } } : {}),
  };
}
