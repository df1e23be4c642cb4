/** Folders where engines look for specifications of the Container Device Interface. */
export const CDI_FOLDERS = ['/etc/cdi', '/var/run/cdi'] as const;

/**
 * Whether an engine reads it: `.yml` is passed over.
 * https://github.com/cncf-tags/container-device-interface/blob/main/pkg/cdi/spec-dirs.go
 */
export const isCdiSpec = (file: string): boolean => /\.(?:json|yaml)$/.test(file);

/**
 * The devices that one CDI specification names, `nvidia.com/gpu=all`; empty when it cannot be read as one.
 * https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
 * @param read parser of the text, JSON or YAML
 */
export function cdiDeviceNames(text: string, read: (text: string) => unknown): string[] {
  let spec: unknown;
  try {
    spec = read(text);
  } catch {
    return [];
  }
  if (typeof spec !== 'object' || spec === null) return [];
  const { kind, devices } = spec as { kind?: unknown; devices?: unknown };
  if (typeof kind !== 'string' || !Array.isArray(devices)) return [];
  return devices.flatMap((device: unknown) => {
    const name =
      typeof device === 'object' && device !== null
        ? (device as { name?: unknown }).name
        : undefined;
    return typeof name === 'string' || typeof name === 'number' ? [`${kind}=${name}`] : [];
  });
}
