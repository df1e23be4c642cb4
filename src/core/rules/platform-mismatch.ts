import { defineRule } from '../rule.js';

/**
 * The image has no variant for the machine's architecture: its first program ends in `exec format error`.
 * Source: https://github.com/opencontainers/image-spec/blob/main/image-index.md (platform); a container that ran although the
 * platforms differ (emulation) overrules this.
 */
export const platformMismatch = defineRule({
  id: 'platform-mismatch',
  severity: 'error',
  checks: 'platform of image and host',
  needs: ({ host, image }) => ({ host: host.platform, image: image.platform }),
  test: ({ host, image }, { seen }) => {
    if (image === host) return undefined;
    // Windows runs Linux images in WSL 2, on the same architecture.
    const machine = image.startsWith('linux/') ? host.replace(/^windows\//, 'linux/') : host;
    // 32-bit x86 programs run on 64-bit x86 kernels.
    if (machine === image || (machine === 'linux/amd64' && image === 'linux/386')) return undefined;
    return {
      overruledBy: seen.started ? 'the container started' : undefined,
      details: () => ({
        data: { platform: image, hostPlatform: host },
        evidence: [
          { what: 'platform of the image', value: image, from: 'image' },
          { what: 'platform of the host', value: host, from: 'host' },
        ],
      }),
    };
  },
});
