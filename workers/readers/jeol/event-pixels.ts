import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { checkUnchanged, openFile } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { readByFilling } from '../read-block.ts';
import type { Counts } from './event-counts.ts';
import { addEvents, sortPasses } from './event-counts.ts';
import type { EventList } from './event-index.ts';
import { eventIndexOf } from './event-index.ts';

/** Where the list is, and which of its sweeps make the signal: [first, end). */
export interface EventsAbout extends EventList {
  firstFrame: number;
  endFrame: number;
  separate: boolean;
}

/**
 * Blocks of a map that is stored as a list of events. The list is walked once when it is opened; then only the lines that
 * are asked for are read.
 * @throws EigenscopeError `file-changed`, `truncated-file`, `corrupt-file`, `file-not-found`, `not-readable`
 */
export function openEventPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const about = layout.about as unknown as EventsAbout;
  const file = openFile(layout.path);
  try {
    checkUnchanged(file, layout.stamp, about.offset + about.bytes);
    const index = eventIndexOf(file, about);
    const sorted = sortPasses(index, about.height);

    const reading = readByFilling<Counts>(signal, (counts, start, count) => {
      counts.fill(0);
      if (counts.length === 0) return;
      const lead = about.separate ? 1 : 0;
      addEvents(
        file,
        about,
        index,
        sorted,
        {
          firstFrame: about.firstFrame + (about.separate ? start[0]! : 0),
          frames: about.separate ? count[0]! : about.endFrame - about.firstFrame,
          separate: about.separate,
          firstLine: start[lead]!,
          lines: count[lead]!,
          firstX: start[lead + 1]!,
          pixels: count[lead + 1]!,
          firstChannel: start[lead + 2]!,
          channels: count[lead + 2]!,
        },
        counts,
      );
    });
    return { ...reading, close: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}
