/** Where a Jetson tells its L4T release. */
export const TEGRA_RELEASE = '/etc/nv_tegra_release';

/**
 * `L4T R36.4.0` of the first line, `# R36 (release), REVISION: 4.0, GCID: …`; undefined: another text.
 * Source: https://docs.nvidia.com/jetson/archives/r36.4/DeveloperGuide/ (nv_tegra_release)
 */
export function parseTegraRelease(text: string): string | undefined {
  const [, major, revision] = /^# R(\d{2}) \(\w+\), REVISION: (\d[\d.]{0,9})/.exec(text) ?? [];
  return major === undefined ? undefined : `L4T R${major}.${revision}`;
}
