import { known, unknown } from '../known.js';
import { l4tDiffers, l4tOfHost, l4tOfImage, namesJetson } from '../l4t.js';
import { defineRule } from '../rule.js';

/**
 * The image was made for another L4T (JetPack) major than the Jetson runs, as its tag and the host's description tell: parts of
 * the board's release are mounted into the container.
 * Source: https://github.com/dusty-nv/jetson-containers, `jetson_containers/l4t_version.py` (equal majors). What ran overrules it.
 */
export const jetsonL4tMismatch = defineRule({
  id: 'jetson-l4t-mismatch',
  severity: 'error',
  checks: 'release of L4T (JetPack)',
  needs: ({ host, facts, image }) => {
    const made = host.family === 'jetson' ? l4tOfImage(image.facts) : undefined;
    const board = l4tOfHost(facts.host);
    return {
      made: known(made, 'image reference'),
      board:
        made !== undefined && board === undefined
          ? unknown("the L4T release of the Jetson is not known (the host's os names none)")
          : known(board, 'host'),
    };
  },
  test: ({ made, board }, { seen, facts }) => {
    if (made === undefined || board === undefined || !l4tDiffers(board, made)) return undefined;
    return {
      // A tag like `r32.1` may number the image's own releases.
      warning: !namesJetson(facts.image),
      overruledBy:
        seen.initialised || seen.runtimeWorks ? 'CUDA started in the container' : undefined,
      details: () => ({
        data: { platform: `L4T R${made}`, hostPlatform: `L4T R${board}` },
        evidence: [
          { what: 'L4T release of the image', value: `R${made}`, from: 'image reference' },
          { what: 'L4T release of the host', value: `R${board}`, from: 'host' },
        ],
      }),
    };
  },
});
