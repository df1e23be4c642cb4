import { z } from 'zod';
import { factsSchema } from './facts-schema.js';

export const REPORT_SCHEMA = 'cuda-image-check/report@1';
export const EXPLANATION_SCHEMA = 'cuda-image-check/explanation@1';

const optional = z.exactOptional;
const text = z.string();
const texts = z.array(text);

/** Ids are added in later releases of the same schema, so a reader must be ready for one that it does not know. */
const findingId = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);

const blame = z.enum(['image', 'runner', 'pair', 'registry', 'workflow', 'none']);

const data = z.object({
  driver: optional(text),
  driverCuda: optional(text),
  cuda: optional(text),
  needsDriver: optional(text),
  needsDriverMinor: optional(text),
  newestCuda: optional(text),
  gpus: optional(texts),
  computeCapability: optional(text),
  targets: optional(texts),
  ptxIsa: optional(text),
  driverPtxIsa: optional(text),
  library: optional(text),
  path: optional(text),
  files: optional(texts),
  variable: optional(text),
  clause: optional(text),
  framework: optional(text),
  frameworkVersion: optional(text),
  frameworkCuda: optional(text),
  compatDriver: optional(text),
  platform: optional(text),
  hostPlatform: optional(text),
  image: optional(text),
  registry: optional(text),
  code: optional(z.number()),
  expected: optional(z.number()),
  seen: optional(z.number()),
  bytes: optional(z.number()),
  limit: optional(text),
  toolkit: optional(text),
  engine: optional(text),
  device: optional(text),
  step: optional(text),
  text: optional(text),
  variants: optional(texts),
  notes: optional(texts),
  newestCudaFull: optional(text),
  compatPackage: optional(text),
  compatBranches: optional(texts),
  architecture: optional(text),
  firstDriver: optional(text),
  lastDriver: optional(text),
  firstCuda: optional(text),
  lastCuda: optional(text),
  owner: optional(text),
  derivedFrom: optional(text),
  overruledBy: optional(text),
  enforcement: optional(text),
  enforcementWhy: optional(text),
  invalid: optional(z.boolean()),
  beyondTables: optional(z.boolean()),
  hostServes: optional(z.boolean()),
  driverOf: optional(z.enum(['windows', 'jetson'])),
  nothingInjected: optional(z.boolean()),
  cudaNeedsDriver: optional(text),
  noDriver: optional(z.boolean()),
  kernelModule: optional(text),
});

/** A day, `2027-01-31`. */
const day = z.iso.date();

const waived = z.object({ reason: text, until: day, file: text, line: z.int().min(1) });

const finding = z.object({
  id: findingId,
  severity: z.enum(['error', 'warning', 'notice']),
  blame,
  title: text.min(1),
  why: text,
  fixes: texts,
  evidence: z.array(z.object({ what: text, value: text, from: text })),
  data,
  docs: text,
  waived: optional(waived),
});

const source = z.object({
  file: text,
  line: z.int().min(1),
  column: z.int().min(1),
  endLine: z.int().min(1),
  endColumn: z.int().min(1),
  kind: text,
});

const verdict = z.enum(['works', 'fails', 'unknown']);

const changes = z.object({
  base: text.nullable(),
  because: text,
  files: z.int(),
  images: z.array(
    z.object({
      source,
      before: optional(text),
      after: optional(text),
      profiles: z.array(
        z.object({
          profile: text,
          before: optional(verdict),
          after: verdict,
          outcome: z.enum(['worse', 'new', 'same', 'better']),
          note: optional(z.enum(['other-cause', 'new-warning', 'no-cuda'])),
          cause: findingId.nullable(),
          countsAs: optional(verdict),
        }),
      ),
    }),
  ),
  unresolved: z.array(z.object({ source, text, why: text })),
  problems: z.array(z.object({ file: text, line: z.int(), column: z.int(), why: text })),
});

/** What the image needs, what the driver gives, what would do. */
const versions = data.pick({
  driver: true,
  driverCuda: true,
  cuda: true,
  needsDriver: true,
  needsDriverMinor: true,
  newestCuda: true,
  newestCudaFull: true,
  noDriver: true,
});

const BASIS = [
  'What the verdict rests on.',
  'probe: a container of the image ran on this machine. All of facts.probe, and of facts.image what was read of its files, is what processes inside that container said:',
  'an image that controls its own entry point, dynamic linker, libc or preloaded libraries can make them say anything about itself.',
  'What stands beside it and cannot be said from inside: facts.host (driver, GPUs, engine, container toolkit), facts.image.digest, env and labels as the engine has them,',
  'that the container toolkit let the container start, and facts.failure with its exit code.',
  "scan: the image's files were read, by a process in a container of it without GPUs; nothing ran on a GPU.",
  'prediction: the registry’s manifest and configuration, or given facts, against the tables; nothing ran.',
  'text: a log that somebody pasted.',
].join(' ');

const image = z.object({
  reference: text,
  source: optional(source),
  digest: optional(text),
  profile: optional(text),
  verdict,
  basis: z.enum(['probe', 'scan', 'prediction', 'text']).describe(BASIS),
  countsAs: optional(verdict),
  primary: findingId.nullable(),
  blame: blame.nullable(),
  findings: z.array(finding),
  versions: optional(versions),
  unchecked: z.array(z.object({ what: text, why: text })),
  facts: factsSchema,
});

const waivers = z.object({
  file: text,
  on: day,
  idle: z.array(
    z.object({
      finding: findingId,
      image: text,
      profile: optional(text),
      reason: text,
      until: day,
      line: z.int().min(1),
      column: z.int().min(1),
      because: z.enum(['image', 'profile', 'finding', 'other-waiver']),
    }),
  ),
});

/** The report of `check`, `scan` and `predict`: `schema/report@1.json` is generated from it. */
export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  passed: z.boolean(),
  images: z.array(image),
  changes: optional(changes),
  waivers: optional(waivers),
});

/** What `explain --json` prints: `schema/explanation@1.json` is generated from it. */
export const explanationSchema = z.object({
  schema: z.literal(EXPLANATION_SCHEMA),
  findings: z.array(finding),
});
