import { z } from 'zod';
import { FINDING_IDS, type FindingId } from '../core/catalogue.js';
import { nearest } from '../core/near.js';

export const WAIVERS_SCHEMA = 'cuda-image-check/gpu-waivers@1';

/** Why no image can be of a pattern, as a clause, or undefined. */
export type PatternProblem = (pattern: string) => string | undefined;

const optional = z.exactOptional;

/** A waiver that has expired is itself a finding; renewing it is how that is accepted. */
const WAIVABLE = FINDING_IDS.filter((id) => id !== 'waiver-expired') as [FindingId, ...FindingId[]];

function wantedId(given: unknown): string {
  const wanted = 'the id of a finding (docs/findings)';
  if (given === undefined) return `${wanted}. Add it: the report names it`;
  if (given === 'waiver-expired') return `${wanted} that is waived. Renew that waiver instead`;
  const near = typeof given === 'string' ? nearest(given, WAIVABLE) : [];
  return near.length === 0
    ? `${wanted}. Copy it from the report`
    : `${wanted}. Did you mean ${near.join(' or ')}?`;
}

/**
 * The validating schema of a waiver file, from which `schema/gpu-waivers@1.json` is generated for editors. Finding ids are added with
 * releases, and never taken away.
 */
export const waiversSchema = (patternProblem: PatternProblem = () => undefined) =>
  z.strictObject({
    schema: optional(z.literal(WAIVERS_SCHEMA)),
    waivers: z
      .array(
        z.strictObject({
          finding: z
            .enum(WAIVABLE, { error: ({ input }) => wantedId(input) })
            .describe('Id of the finding that is accepted'),
          image: z
            .string()
            .min(1)
            .max(1024)
            .check((ctx) => {
              const why = ctx.value === '' ? undefined : patternProblem(ctx.value);
              if (why === undefined) return;
              ctx.issues.push({
                code: 'custom',
                input: ctx.value,
                message: `a pattern of image references: ${why}. Write it as ghcr.io/team/train:v1.*, where * stands for any text without a slash and ** for any text`,
              });
            })
            .describe(
              'Pattern of image references: * is any text without a slash, ** any text; without a tag it names every tag',
            ),
          profile: optional(
            z
              .string()
              .regex(
                /^[\w*?][\w.*?-]{0,62}$/,
                'the name of a profile of the fleet file, or a pattern of such names. Copy it from .github/gpu-fleet.yml',
              )
              .describe('Only on runners of this profile of the fleet file'),
          ),
          reason: z
            .string()
            .max(500)
            .regex(/\S/, 'a reason. Say why it is accepted, and who takes care of it')
            .describe('Why it is accepted; every page shows it'),
          until: z.iso
            .date(
              'a day as YYYY-MM-DD, such as 2027-01-31. It is the last one on which the waiver holds',
            )
            .describe('The last day on which it holds, in UTC: 2027-01-31'),
        }),
      )
      .max(1000)
      .check((ctx) => {
        const first = new Map<string, number>();
        for (const [at, { finding, image, profile }] of ctx.value.entries()) {
          const key = JSON.stringify([finding, image, profile]);
          const earlier = first.get(key);
          if (earlier === undefined) first.set(key, at);
          else
            ctx.issues.push({
              code: 'custom',
              input: ctx.value[at],
              path: [at],
              message: `another finding, image or profile than waivers[${earlier}] has. Take one of them out`,
            });
        }
      }),
  });
