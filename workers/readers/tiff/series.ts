import type { Metadata } from '../../model/signal.ts';
import type { Calibration } from './vendor.ts';

/** An axis that pages count. */
export interface LeadAxis extends Calibration {
  name: string;
  size: number;
}

/** Pages of equal size and type that make one signal. */
export interface Series {
  title: string;
  /** pages in C order of the lead axes, by their number in the file or set; −1 is missing */
  pages: readonly number[];
  lead: readonly LeadAxis[];
  /** all planes follow the first page's data without directories of their own */
  isContiguous?: true;
  x?: Calibration;
  y?: Calibration;
  original: Metadata;
  warnings: readonly string[];
}

/** What is known of every page while the series are looked for. */
export interface PageNote {
  /** number of its file in the set; 0 is the one that was opened */
  file: number;
  /** byte of its directory */
  offset: number;
  /** equal for pages that can make one stack */
  key: string;
  /** first byte of uncompressed data in one piece, −1 when they are not */
  start: number;
  /** pages of a generic file begin anew where a program described its array */
  shape: string | null;
}

/** The known facts of the first page of a file that descriptions are checked against. */
export interface FirstPage {
  width: number;
  height: number;
  samples: number;
  planar: boolean;
  /** planes that would fit into the file from the first page's data on, when these are uncompressed in one piece */
  planesThatFit: number;
}

export const leadAxis = (name: string, size: number, calibration?: Calibration): LeadAxis => ({
  scale: 1,
  offset: 0,
  units: null,
  ...calibration,
  name,
  size,
});
