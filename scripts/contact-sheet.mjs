// Pictures of pages, several to one picture, for the eye: tall ones go on in the next column.
import { readFileSync } from 'node:fs';

const HEIGHT = 1500;
const COLUMNS = 4;

/**
 * @param pictures `{ name, path }` of PNG files of one width
 * @param target path of the n-th sheet
 * @returns the paths that were written
 */
export async function contactSheets(browser, pictures, target) {
  const columns = pictures.flatMap(({ name, path }) => {
    const png = readFileSync(path);
    const width = png.readUInt32BE(16);
    const height = png.readUInt32BE(20);
    const source = `data:image/png;base64,${png.toString('base64')}`;
    return Array.from({ length: Math.ceil(height / HEIGHT) }, (_, part) => ({
      width,
      html: `<figure><figcaption>${name}${part === 0 ? '' : ` (${part + 1})`}</figcaption>
<div style="width:${width}px;height:${Math.min(HEIGHT, height - part * HEIGHT)}px;background:url(${source}) 0 ${-part * HEIGHT}px no-repeat"></div></figure>`,
    }));
  });
  const tab = await browser.newPage({ offline: true });
  const written = [];
  for (let at = 0; at < columns.length; at += COLUMNS) {
    const some = columns.slice(at, at + COLUMNS);
    await tab.setViewportSize({
      width: some.reduce((sum, { width }) => sum + width + 6, 0),
      height: 300,
    });
    await tab.setContent(`<!doctype html><style>body { margin: 0; display: flex; align-items: start; background: #888 }
figure { margin: 0 3px } figcaption { font: 16px monospace; background: #ff0; overflow: hidden; white-space: nowrap }</style>
${some.map(({ html }) => html).join('')}`);
    const path = target(written.length + 1);
    await tab.screenshot({ path, fullPage: true });
    written.push(path);
  }
  await tab.close();
  return written;
}
