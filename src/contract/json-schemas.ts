import { z } from 'zod';
import { factsSchema } from './facts-schema.js';
import { fleetSchema } from './fleet-schema.js';
import { explanationSchema, reportSchema } from './report.js';
import { waiversSchema } from './waivers-schema.js';

/**
 * The JSON Schemas (draft 2020-12) that `schema/` holds, by file name. They describe what is read: keys that they do not name are
 * allowed, as the reader ignores them. Checks that no JSON Schema can express (sizes in bytes, duplicate GPUs) are not in them.
 */
export function jsonSchemas(): Record<string, object> {
  return {
    'facts@1.json': derive(factsSchema, 'Facts about a runner and an image'),
    'report@1.json': derive(reportSchema, 'Report of cuda-image-check'),
    'explanation@1.json': derive(explanationSchema, 'Explanation of a failed run'),
    'gpu-fleet@1.json': derive(fleetSchema, 'GPU runners that images are judged against'),
    'gpu-waivers@1.json': derive(waiversSchema(), 'Findings that are accepted until a day'),
  };
}

function derive(schema: z.ZodType, title: string): object {
  return { title, ...z.toJSONSchema(schema, { io: 'input' }) };
}
