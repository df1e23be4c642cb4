import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { driverDescription } from '../host.js';
import type { Fault, Host } from '../scenario.js';

const MULTIARCH =
  process.arch === 'arm64' ? '/usr/lib/aarch64-linux-gnu' : '/usr/lib/x86_64-linux-gnu';

/** Where the simulated driver of the lab is, and where descriptions of GPUs may be written; both are seen by the engine. */
export interface CdiPlace {
  readonly driver: string;
  readonly descriptions: string;
}

/**
 * A CDI specification as `nvidia-ctk cdi generate` writes it, as far as a simulated driver has it: libraries and programs, no device
 * files; each GPU by its index, and all of them. The version is one that every engine since Podman 4 reads.
 * @param description writes what a container that has these GPUs sees of them; gives its path
 */
export const cdiSpecification = async (
  gpus: Host['gpus'],
  { driver }: Pick<CdiPlace, 'driver'>,
  description: (name: string, gpus: Host['gpus']) => Promise<string>,
): Promise<string> => {
  const mount = (hostPath: string, containerPath: string) => ({
    hostPath,
    containerPath,
    options: ['ro', 'nosuid', 'nodev', 'bind'],
  });
  const device = async (name: string, seen: Host['gpus']) => ({
    name,
    containerEdits: {
      mounts: [mount(await description(name, seen), '/etc/simulated-nvidia.conf')],
    },
  });
  const library = (name: string) => mount(join(driver, name), `${MULTIARCH}/${name}`);
  return JSON.stringify({
    cdiVersion: '0.5.0',
    kind: 'nvidia.com/gpu',
    devices: await Promise.all([
      ...gpus.map((gpu, index) => device(String(index), [gpu])),
      device('all', gpus),
    ]),
    containerEdits: {
      env: ['NVIDIA_VISIBLE_DEVICES=void'],
      mounts: [
        library('libcuda.so.1'),
        library('libnvidia-ml.so.1'),
        mount(join(driver, 'nvidia-smi'), '/usr/bin/nvidia-smi'),
      ],
    },
  });
};

/** Puts the specification of a simulated host, or none, where the engine looks for it. */
export const writeSpecification = async (
  folder: string,
  host: Host | undefined,
  faults: readonly Fault[],
  place: CdiPlace,
): Promise<void> => {
  const file = join(folder, 'nvidia.json');
  const driver = host?.driver;
  if (host === undefined || driver === undefined || driver === null) {
    await rm(file, { force: true });
    return;
  }
  const text = await cdiSpecification(host.gpus, place, async (name, gpus) => {
    const path = join(place.descriptions, `gpu-${name}.conf`);
    await writeFile(path, driverDescription(driver, gpus, faults));
    return path;
  });
  // Docker's watch of the folder hears of a name that goes away or is written to, not of one that comes in from elsewhere.
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
};
