import type { Directory, TiffFile } from './ifd.ts';
import { numberAt } from './ifd.ts';
import { tags } from './tags.ts';
import type { VendorNotes } from './vendor.ts';
import { known, uniform } from './vendor.ts';

const metresPerInch = 0.0254;

/** de Broglie's wavelength of electrons after so many volts, relativistic, in m. */
function electronWavelength(volts: number): number {
  const [planck, charge, mass, light] = [6.62607015e-34, 1.602176634e-19, 9.1093837015e-31, 299_792_458];
  const energy = charge * volts;
  return planck / Math.sqrt(2 * mass * energy * (1 + energy / (2 * mass * light ** 2)));
}

/**
 * JEOL's transmission microscopes (SightX): XML in the description, read by its elements because it is often cut short. The
 * pixels of the screen are told by the resolution tags; what they are of the specimen follows from the magnification, of
 * reciprocal space from the camera length. Of a scanned probe neither is told.
 */
export function readJeol(tiff: TiffFile, directory: Directory, description: string): VendorNotes | null {
  if (!description.slice(0, 200).includes('<TemReporter')) return null;
  const textAt = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]{1,80})</${name}>`).exec(description)?.[1]?.trim();
  const numberIn = (name: string): number => Number(textAt(name) ?? NaN);
  const volts = numberIn('AccelerationVoltage');
  const isScanned = textAt('EosMode') === 'eosASID';
  const selected = numberIn('SelectorValue');
  const isDiffraction = textAt('SelectorUnitString') === 'mm';
  const pixel = metresPerInch / (numberAt(tiff, directory, tags.xResolution) ?? NaN);
  const scale = isDiffraction ? pixel / (electronWavelength(volts) * selected * 1e-3) / 1e9 : (pixel / selected) * 1e9;
  const axis = isScanned ? undefined : uniform(scale, isDiffraction ? '1 / nm' : 'nm');
  const instrument = known({
    beam_energy: volts / 1000,
    microscope: textAt('Instruments'),
    acquisition_mode: isScanned ? 'STEM' : 'TEM',
    [isDiffraction ? 'camera_length' : 'magnification']: selected,
  });
  return {
    ...(axis === undefined ? {} : { x: axis, y: axis }),
    metadata: { Acquisition_instrument: { TEM: instrument } },
    original: {},
  };
}
