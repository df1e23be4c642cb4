import { z } from 'zod';
import { FACTS_SCHEMA } from '../core/facts.js';

/** A process can be given no longer variable (Linux MAX_ARG_STRLEN) and no larger environment (ARG_MAX at the usual 8 MiB stack). */
const MAX_VARIABLE_BYTES = 131_072;
const MAX_ENVIRONMENT_BYTES = 2_097_152;
/** An image manifest or configuration larger than this is refused by registries (OCI distribution specification). */
const MAX_LABELS_BYTES = 4_194_304;
const MAX_GPUS = 1024;
/** In characters. An engine takes less than a thousand; room for whatever else somebody names an image by, such as a path. */
const MAX_REFERENCE = 4_096;

const optional = z.exactOptional;
const text = z.string();
const texts = z.array(text);
const reference = text.max(MAX_REFERENCE);
const flag = z.boolean();
const code = z.int();
const count = z.int().min(0);
const bytes = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const memoryMiB = z.number().min(0).max(16_777_216);

/**
 * The four versions that every rule depends on are refused when they cannot be versions; numbers newer than everything known are
 * fine. All other versions are the raw words of their source, and a rule that cannot read one says so.
 */
export const driverVersion = z
  .string()
  .regex(
    /^(?:1\d{3}|[1-9]\d{0,2})(?:\.\d{1,5}){0,3}$/,
    'a driver version as nvidia-smi prints it, such as "535.104.05". Leave the field out when it is not known',
  );

export const cudaVersion = z
  .string()
  .regex(
    /^(?:[1-9]\d?(?:\.\d{1,4}){0,3}|[1-9]\d{3,4})$/,
    'a CUDA version such as "12.8" or "12.8.1". Leave the field out when it is not known',
  );

export const computeCapability = z
  .string()
  .regex(
    /^[1-9]\d?\.\d$/,
    'a compute capability such as "8.0". Leave the field out when it is not known',
  );

const utf8 = new TextEncoder();

function record(options: { what: string; total: number; each?: number }) {
  return z.record(text, text).check((ctx) => {
    let total = 0;
    for (const [key, value] of Object.entries(ctx.value)) {
      const size = utf8.encode(key).length + utf8.encode(value).length + 2;
      total += size;
      if (options.each !== undefined && size > options.each)
        ctx.issues.push({
          code: 'custom',
          input: value,
          path: [key],
          params: { found: sized(size) },
          message: `at most ${sized(options.each)} for one variable, which is all that Linux passes on. Shorten it or leave it out`,
        });
    }
    if (total > options.total)
      ctx.issues.push({
        code: 'custom',
        input: ctx.value,
        path: [],
        params: { found: `${sized(total)} of ${options.what}` },
        message: `at most ${sized(options.total)} in all. Keep only the variables that the image sets`,
      });
  });
}

const sized = (n: number): string => `${n.toLocaleString('en-US')} bytes`;

const environment = record({
  what: 'environment',
  total: MAX_ENVIRONMENT_BYTES,
  each: MAX_VARIABLE_BYTES,
});

/** Two entries for one GPU would be judged twice, so each index and each UUID may stand once. */
function gpuList<T extends z.ZodType<{ index?: number; uuid?: string }>>(gpu: T) {
  return z
    .array(gpu)
    .max(MAX_GPUS)
    .check((ctx) => {
      for (const key of ['index', 'uuid'] as const) {
        const first = new Map<number | string, number>();
        for (const [position, entry] of ctx.value.entries()) {
          const value = entry[key];
          if (value === undefined) continue;
          const earlier = first.get(value);
          if (earlier === undefined) first.set(value, position);
          else
            ctx.issues.push({
              code: 'custom',
              input: value,
              path: [position, key],
              message: `another ${key} than entry [${earlier}] of the same list has: each GPU stands once. Remove the duplicate`,
            });
        }
      }
    });
}

const step = {
  code: optional(code),
  timedOut: optional(flag),
  signal: optional(text),
  error: optional(text),
};

const libc = z.object({ family: optional(text), version: optional(text) });

const host = z.object({
  platform: optional(text),
  os: optional(text),
  driver: optional(
    z.object({
      version: optional(driverVersion),
      cuda: optional(cudaVersion),
      kernelModule: optional(text),
    }),
  ),
  gpus: optional(
    gpuList(
      z.object({
        index: optional(count),
        name: optional(text),
        computeCapability: optional(computeCapability),
        uuid: optional(text),
        memoryMiB: optional(memoryMiB),
        mig: optional(flag),
      }),
    ),
  ),
  engine: optional(
    z.object({
      name: optional(text),
      version: optional(text),
      gpuMode: optional(text),
      rootless: optional(flag),
      remote: optional(flag),
    }),
  ),
  containerToolkit: optional(z.object({ version: optional(text), disableRequire: optional(flag) })),
  cdiDevices: optional(texts),
});

const image = z.object({
  reference: optional(reference),
  digest: optional(text),
  platform: optional(text),
  compressedBytes: optional(bytes),
  registryLimit: optional(
    z.object({
      limit: optional(count),
      remaining: optional(count),
      windowSeconds: optional(count),
    }),
  ),
  sizeBytes: optional(bytes),
  env: optional(environment),
  labels: optional(record({ what: 'labels', total: MAX_LABELS_BYTES })),
  user: optional(text),
  entrypoint: optional(texts),
  cuda: optional(cudaVersion),
  compatDriver: optional(z.object({ version: optional(driverVersion), path: optional(text) })),
  libraries: optional(
    z.array(
      z.object({
        name: text,
        version: optional(text),
        path: optional(text),
        soname: optional(text),
        loaded: optional(flag),
        via: optional(text),
        kind: optional(text),
        versionFrom: optional(text),
      }),
    ),
  ),
  missingLibraries: optional(
    z.array(z.object({ soname: text, neededBy: optional(text), elsewhere: optional(text) })),
  ),
  driverFiles: optional(
    z.array(z.object({ path: text, bytes: optional(bytes), version: optional(text) })),
  ),
  deviceCode: optional(
    z.array(
      z.object({
        path: optional(text),
        kind: optional(text),
        cubins: optional(texts),
        ptx: optional(z.array(z.object({ target: text, isa: optional(text) }))),
        malformed: optional(text),
      }),
    ),
  ),
  frameworks: optional(
    z.array(
      z.object({
        name: text,
        version: optional(text),
        cuda: optional(text.nullable()),
        cudnn: optional(text),
        targets: optional(texts),
        path: optional(text),
        onPath: optional(flag),
      }),
    ),
  ),
  interpreters: optional(
    z.array(z.object({ path: text, version: optional(text), onPath: optional(flag) })),
  ),
  caches: optional(z.array(z.object({ path: text, what: text }))),
  files: optional(
    z.object({
      files: optional(count),
      folders: optional(count),
      complete: optional(flag),
      skipped: optional(z.array(z.object({ path: text, why: text }))),
      unreadable: optional(texts),
    }),
  ),
  libc: optional(libc),
});

const probe = z.object({
  started: optional(flag),
  containerStarted: optional(flag),
  requestedGpus: optional(
    z.union(
      [z.literal('all'), count, texts],
      '"all", a number of GPUs, or a list of their indexes or UUIDs. Correct it or leave the field out',
    ),
  ),
  libcuda: optional(
    z.object({
      path: optional(text),
      origin: optional(text),
      cuda: optional(text),
      error: optional(text),
    }),
  ),
  init: optional(z.object(step)),
  runtime: optional(
    z.object({
      ...step,
      path: optional(text),
      version: optional(text),
      deviceCount: optional(count),
    }),
  ),
  gpus: optional(
    gpuList(
      z.object({
        index: count,
        uuid: optional(text),
        name: optional(text),
        computeCapability: optional(computeCapability),
        memoryMiB: optional(memoryMiB),
        mig: optional(flag),
        kernel: optional(
          z.object({
            ...step,
            call: optional(text),
            correct: optional(flag),
            wrongElements: optional(count),
            ms: optional(z.number().min(0)),
          }),
        ),
      }),
    ),
  ),
  nvml: optional(
    z.object({
      path: optional(text),
      code: optional(code),
      driver: optional(text),
      cuda: optional(text),
      gpuCount: optional(count),
      error: optional(text),
      timedOut: optional(flag),
    }),
  ),
  frameworks: optional(
    z.array(
      z.object({
        name: text,
        version: optional(text),
        interpreter: optional(text),
        onPath: optional(flag),
        path: optional(text),
        cuda: optional(text.nullable()),
        cudnn: optional(text),
        targets: optional(texts),
        available: optional(flag),
        devices: optional(
          z.array(
            z.object({
              index: count,
              name: optional(text),
              correct: optional(flag),
              operations: optional(texts),
              error: optional(text.nullable()),
            }),
          ),
        ),
        nccl: optional(z.object({ correct: optional(flag), error: optional(text.nullable()) })),
        warnings: optional(texts),
        error: optional(text.nullable()),
        stage: optional(text),
        timedOut: optional(flag),
        signal: optional(text),
        untested: optional(flag),
        packages: optional(texts),
      }),
    ),
  ),
  limits: optional(
    z.object({ shmBytes: optional(bytes), memlockBytes: optional(bytes.nullable()) }),
  ),
  libc: optional(libc),
  user: optional(z.object({ uid: optional(count), gid: optional(count) })),
  deviceNodes: optional(z.array(z.object({ path: text, access: text, error: optional(text) }))),
  unreadable: optional(texts),
  env: optional(environment),
  timedOut: optional(flag),
  lastStep: optional(text),
  killedBy: optional(text),
  outOfMemory: optional(flag),
  complete: optional(flag),
});

const failure = z.object({
  stage: optional(z.enum(['pull', 'create', 'start', 'run'])),
  command: optional(text),
  exitCode: optional(code),
  text,
  cancelled: optional(flag),
});

/**
 * The validating schema of a facts document, from which `schema/facts@1.json` is generated. Unknown keys are allowed and left
 * out of the result, and names such as the GPU mode are open texts, so that facts of a newer release can be read.
 */
export const factsSchema = z.object({
  schema: z.literal(FACTS_SCHEMA),
  host: optional(host),
  image: optional(image),
  probe: optional(probe),
  failure: optional(failure),
});
