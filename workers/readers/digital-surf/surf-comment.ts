import type { Metadata } from '../../model/signal.ts';
import { known } from '../known-values.ts';

/** `$name = value` lines under `$_SECTION` lines, as cathodoluminescence programs write them into the comment. */
export function parseComment(comment: string): Metadata {
  const tree: Metadata = {};
  let section: Metadata = tree;
  for (const line of comment.split(/[\n\r]+|(?=\$)/)) {
    const told = line.trim();
    if (!told.startsWith('$')) continue;
    if (told.startsWith('$_')) {
      section = {};
      tree[told.slice(2)] = section;
      continue;
    }
    const cut = told.indexOf('=');
    const name = told.slice(1, cut < 0 ? undefined : cut).trim();
    if (cut > 0 && name !== '' && name !== '__proto__') section[name] = told.slice(cut + 1).trim();
  }
  return tree;
}

const sectionOf = (tree: Metadata, name: string): Readonly<Record<string, string>> =>
  (Object.hasOwn(tree, name) ? tree[name] : {}) as Record<string, string>;

/** The number that a text begins with; null when it begins with none. */
const numberOf = (text: string | undefined): number | null => {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
};

/** The instrument in HyperSpy's words: energies in kV, lengths in mm and nm, widths of slits in µm. */
export function instrumentOf(comment: Metadata): Metadata {
  const [sem, site, spectrometer, camera] = ['SEM', 'SITE IMAGE', 'SPECTROMETER', 'CCD'].map((name) =>
    sectionOf(comment, name),
  ) as [Record<string, string>, Record<string, string>, Record<string, string>, Record<string, string>];
  const volts = numberOf(sem['Beam Energy']);
  return known({
    SEM: known({
      beam_energy: volts === null ? null : volts / 1000,
      magnification: numberOf(sem['Real Magnification']),
      Stage: known({
        x: numberOf(site['stage_position_x']),
        y: numberOf(site['stage_position_y']),
        z: numberOf(site['stage_position_z']),
        tilt_alpha: numberOf(site['stage_rotation_x']),
        tilt_beta: numberOf(site['stage_rotation_y']),
        rotation: numberOf(site['stage_rotation_z']),
      }),
    }),
    Spectrometer: known({
      Grating: spectrometer['Grating'] ?? null,
      groove_density: numberOf(spectrometer['Grating - Groove Density']),
      central_wavelength: numberOf(spectrometer['Central wavelength']),
      entrance_slit_width: numberOf(spectrometer['Entrance slit width']),
      exit_slit_width: numberOf(spectrometer['Exit slit width']),
    }),
    Detector: known({
      detector_type: Object.keys(camera).length > 0 ? 'CCD' : null,
      model: camera['Camera Model'] ?? null,
      temperature: numberOf(camera['Temperature']),
      integration_time: numberOf(camera['Exposure Time']),
    }),
  });
}
