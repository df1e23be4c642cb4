import { bytes, cut, stack } from './markdown.js';
import type { ImageReport } from './report.js';
import type { Level } from './summary-image.js';
import { counted } from './waived.js';

/** A page in parts, each of which can be told with less detail. */
export interface Page {
  /** The start of the page, most detail first; each is asked for only where the one before takes more than half of the page. */
  readonly tops: readonly (() => string)[];
  /** A part each, worst first. */
  readonly images: readonly ImageReport[];
  /** Levels of detail of a part, most first. */
  readonly levels: readonly [Level, ...Level[]];
  readonly render: (image: ImageReport, level: Level) => string;
  readonly bottom: string;
  /** Where everything is, a sentence after a blank, or empty. */
  readonly where: string;
}

const SHORTENED = '✂️ Shortened to fit the page: some details are left out.';
const CUT = '✂️ Cut here: the page would be longer than GitHub shows.';

/**
 * The page in at most `maxBytes` of UTF-8, ending with a line feed. What does not fit loses detail before anything is cut: first the start, then the
 * images that work, then the others, level by level from the last one up. Both are said on the page.
 */
export function fitted(
  { tops, images, levels, render, bottom, where }: Page,
  maxBytes: number,
): string {
  const [most, ...less] = levels;
  const sections = images.map((image) => render(image, most));
  const first = tops[0]?.() ?? '';
  const whole = stack([first, ...sections, bottom]);
  if (bytes(whole) + 1 <= maxBytes) return `${whole}\n`;

  const short = stack([shortest(first, tops, maxBytes / 2), `${SHORTENED}${where}`]);
  let total = bytes(stack([short, ...sections, bottom])) + 1;
  const lower = (level: Level, lowers: (image: ImageReport) => boolean) => {
    for (let at = images.length - 1; at >= 0 && total > maxBytes; at -= 1) {
      const image = images[at];
      const before = sections[at];
      if (image === undefined || before === undefined || !lowers(image)) continue;
      const after = render(image, level);
      total += bytes(after) - bytes(before);
      sections[at] = after;
    }
  };
  for (const level of less) lower(level, (image) => counted(image) === 'works');
  for (const level of less) lower(level, (image) => counted(image) !== 'works');
  return cut(`${stack([short, ...sections, bottom])}\n`, `${CUT}${where}`, maxBytes);
}

/** The first of the tops that leaves room for the rest. */
function shortest(first: string, tops: Page['tops'], room: number): string {
  let top = first;
  for (const next of tops.slice(1)) {
    if (bytes(top) <= room) return top;
    top = next();
  }
  return top;
}

/** As many of the items as fit when they are rendered, and how many are not shown. */
export function asManyAsFit<T>(
  items: readonly T[],
  render: (shown: readonly T[], left: number) => string,
  maxBytes: number,
): string {
  let fits = 0;
  let tooMany = items.length + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytes(render(items.slice(0, middle), items.length - middle)) <= maxBytes) fits = middle;
    else tooMany = middle;
  }
  return render(items.slice(0, fits), items.length - fits);
}
