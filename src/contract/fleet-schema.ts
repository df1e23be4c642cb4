import { z } from 'zod';
import { computeCapability, cudaVersion, driverVersion } from './facts-schema.js';

export const FLEET_SCHEMA = 'cuda-image-check/gpu-fleet@1';

const optional = z.exactOptional;
const name = z
  .string()
  .regex(
    /^[\w][\w.-]{0,62}$/,
    'a name of letters, digits, ".", "_" and "-", up to 63 of them. Rename it',
  );

const gpu = z
  .strictObject({
    name: optional(z.string().min(1).describe('As nvidia-smi -L prints it: NVIDIA L4')),
    computeCapability: optional(computeCapability.describe('In quotes: "9.0"')),
    count: optional(z.int().min(1).max(128).describe('How many of them; one unless told')),
    memoryMiB: optional(z.number().min(1).max(16_777_216)),
    mig: optional(z.boolean().describe('Multi-Instance GPU mode is on')),
  })
  .refine((one) => one.name !== undefined || one.computeCapability !== undefined, {
    message: 'a name or a computeCapability. Add name: as nvidia-smi -L prints it',
  });

const profile = z.strictObject({
  name: name.describe('What reports call this kind of runner'),
  labels: optional(z.array(z.string().min(1)).describe('As in runs-on')),
  platform: optional(
    z
      .string()
      .regex(
        /^[a-z0-9]+\/[a-z0-9_]+(?:\/v\d+)?$/,
        'a platform such as linux/amd64 or linux/arm64. Correct it or leave it out',
      )
      .describe('Not known unless told; images are then read for linux/amd64'),
  ),
  driver: driverVersion.describe('Version of the NVIDIA driver, in quotes: "535.104.05"'),
  driverCuda: optional(cudaVersion.describe('CUDA version that the driver reports: "12.2"')),
  kernelModule: optional(z.enum(['open', 'proprietary'])),
  gpus: optional(z.array(gpu).max(64)),
  engine: optional(
    z.strictObject({
      name: optional(z.enum(['docker', 'podman', 'nerdctl', 'containerd'])),
      version: optional(z.string()),
      gpuMode: optional(
        z.enum(['legacy', 'cdi', 'jit-cdi', 'csv']).describe('How GPUs are put into containers'),
      ),
      rootless: optional(z.boolean()),
    }),
  ),
  containerToolkit: optional(
    z.strictObject({
      version: optional(z.string().describe('Of the NVIDIA Container Toolkit: "1.17.8"')),
      disableRequire: optional(
        z
          .boolean()
          .describe(
            'disable-require = true in its config.toml: the hook of the legacy mode evaluates no NVIDIA_REQUIRE_*',
          ),
      ),
    }),
  ),
});

/** The validating schema of a fleet file, from which `schema/gpu-fleet@1.json` is generated for editors. */
export const fleetSchema = z.strictObject({
  schema: optional(z.literal(FLEET_SCHEMA)),
  profiles: z
    .array(profile)
    .min(1)
    .max(256)
    .check((ctx) => {
      const first = new Map<string, number>();
      for (const [at, { name: own }] of ctx.value.entries()) {
        const earlier = first.get(own);
        if (earlier === undefined) first.set(own, at);
        else
          ctx.issues.push({
            code: 'custom',
            input: own,
            path: [at, 'name'],
            message: `another name than profiles[${earlier}] has. Rename one of them`,
          });
      }
    }),
});
