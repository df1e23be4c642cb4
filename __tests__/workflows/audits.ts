/**
 * What can be abused in a workflow, by the names that zizmor's audits have (https://docs.zizmor.sh/audits/). zizmor itself runs in CI and is not
 * to be had from npm; these run in every test, over the snippets of the documentation, too. The audits that have to ask GitHub (whether a
 * commit is the action's own, whether it has advisories) are zizmor's alone.
 */
export interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly env?: unknown;
  readonly jobs?: unknown;
}

type Map_ = Readonly<Record<string, unknown>>;

interface Job {
  readonly name: string;
  readonly job: Map_;
  readonly steps: readonly Map_[];
}

const isMap = (value: unknown): value is Map_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf = (value: unknown): Map_ => (isMap(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const jobsOf = ({ jobs }: Workflow): Job[] =>
  Object.entries(mapOf(jobs)).map(([name, job]) => ({
    name,
    job: mapOf(job),
    steps: listOf(mapOf(job)['steps']).filter(isMap),
  }));

const eventsOf = ({ on }: Workflow): string[] =>
  isMap(on) ? Object.keys(on) : listOf(on).map(String);

/** What is wrong with each step of each job, with its place. */
const eachStep = (workflow: Workflow, why: (step: Map_) => string | undefined): string[] =>
  jobsOf(workflow).flatMap(({ name, steps }) =>
    steps.flatMap((step, at) => {
      const wrong = why(step);
      return wrong === undefined ? [] : [`jobs.${name}.steps[${at}]: ${wrong}`];
    }),
  );

const eachJob = (workflow: Workflow, why: (job: Job) => string | undefined): string[] =>
  jobsOf(workflow).flatMap((job) => {
    const wrong = why(job);
    return wrong === undefined ? [] : [`jobs.${job.name}: ${wrong}`];
  });

const usesOf = (step: Map_): string => String(step['uses'] ?? '');
const EXPRESSION = /\$\{\{/;
/** Whoever opens a pull request or writes a comment can start these with the repository's own token. */
const DANGEROUS = ['pull_request_target', 'workflow_run', 'issue_comment', 'discussion_comment'];

/** Of every workflow, also one that a reader pastes. */
export const AUDITS: Readonly<Record<string, (workflow: Workflow) => readonly string[]>> = {
  'dangerous-triggers': (workflow) =>
    eventsOf(workflow).filter((event) => DANGEROUS.includes(event)),

  /** Without a word the token may have the rights that the organisation gives, which can be all. */
  'excessive-permissions': (workflow) =>
    eachJob(workflow, ({ job }) => {
      const own = job['permissions'] ?? workflow.permissions;
      if (own === undefined) return 'no permissions, so that the token has the default ones';
      return isMap(own) ? undefined : `permissions: ${own}`;
    }),

  'template-injection': (workflow) =>
    eachStep(workflow, (step) => {
      const scripts = [step['run'], mapOf(step['with'])['script']].map(String);
      return scripts.some((script) => EXPRESSION.test(script))
        ? 'an expression in a script; give it by env'
        : undefined;
    }),

  artipacked: (workflow) =>
    eachStep(workflow, (step) =>
      /^actions\/checkout@/.test(usesOf(step)) &&
      mapOf(step['with'])['persist-credentials'] !== false
        ? 'the checkout keeps its token in .git/config: persist-credentials: false'
        : undefined,
    ),

  'secrets-inherit': (workflow) =>
    eachJob(workflow, ({ job }) => (job['secrets'] === 'inherit' ? 'all secrets' : undefined)),

  'overprovisioned-secrets': (workflow) =>
    /toJSON\(\s*secrets\s*\)|secrets\[/i.test(JSON.stringify(workflow)) ? ['all secrets'] : [],

  'unredacted-secrets': (workflow) =>
    /fromJSON\(\s*secrets\./i.test(JSON.stringify(workflow)) ? ['a part of a secret'] : [],

  'hardcoded-container-credentials': (workflow) =>
    eachJob(workflow, ({ job }) =>
      [job['container'], ...Object.values(mapOf(job['services']))].some((one) => {
        const { password } = mapOf(mapOf(one)['credentials']);
        return password !== undefined && !EXPRESSION.test(String(password));
      })
        ? 'a password'
        : undefined,
    ),

  'insecure-commands': (workflow) =>
    /ACTIONS_ALLOW_UNSECURE_COMMANDS/.test(JSON.stringify(workflow)) ? ['old commands'] : [],

  /** A checkout of a pull request that an actor check is to protect: anybody can push on. */
  'bot-conditions': (workflow) =>
    /github\.actor\s*[!=]=|github\.event\.\w+\.user\.login\s*[!=]=/.test(JSON.stringify(workflow))
      ? ['a condition on who acts']
      : [],

  /** A block scalar ends with a newline, and a text that is not empty is true. */
  'unsound-condition': (workflow) =>
    jobsOf(workflow).flatMap(({ name, job, steps }) =>
      [job, ...steps]
        .map((one) => one['if'])
        .filter((one) => typeof one === 'string' && /\}\}\s+$/.test(one))
        .map((one) => `jobs.${name}: if: ${JSON.stringify(one)}`),
    ),

  'unsound-contains': (workflow) =>
    /contains\(\s*'[^']*\s[^']*',\s*(?:github|env)\./.test(JSON.stringify(workflow))
      ? ['contains() of a text']
      : [],

  'adhoc-packages': (workflow) =>
    eachStep(workflow, (step) =>
      /\bnpm (?:i|install|add) [^-\s]|\b(?:pnpm|yarn) add\b|\bgem install\b/.test(
        String(step['run'] ?? ''),
      )
        ? 'a package outside the lock file'
        : undefined,
    ),
};

/** Of this repository's own workflows, beside those above. */
export const STRICT: Readonly<Record<string, (workflow: Workflow) => readonly string[]>> = {
  /** Whoever holds a tag can move it. */
  'unpinned-uses': (workflow) =>
    eachStep(workflow, (step) => {
      const uses = usesOf(step);
      return uses === '' || uses === './' || /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}$/.test(uses)
        ? undefined
        : `${uses} is no commit`;
    }),

  'unpinned-images': (workflow) =>
    eachJob(workflow, ({ job }) => {
      const images = [job['container'], ...Object.values(mapOf(job['services']))]
        .filter((one) => one !== undefined)
        .map((one) => String(isMap(one) ? one['image'] : one));
      const loose = images.find((image) => !/@sha256:[0-9a-f]{64}$/.test(image));
      return loose === undefined ? undefined : `${loose} has no digest`;
    }),

  'excessive-permissions': (workflow) => [
    ...(isMap(workflow.permissions) && Object.keys(workflow.permissions).length === 0
      ? []
      : ['the workflow: permissions are {}, and each job says its own']),
    ...eachJob(workflow, ({ job }) =>
      isMap(job['permissions']) ? undefined : 'it says no permissions of its own',
    ),
  ],

  'github-env': (workflow) =>
    eachStep(workflow, (step) =>
      /GITHUB_(?:ENV|PATH)\b/.test(String(step['run'] ?? ''))
        ? 'what a script writes there, every later step gets'
        : undefined,
    ),

  /** What a pull request's run left in the cache must not enter what is published. */
  'cache-poisoning': (workflow) =>
    eachJob(workflow, ({ job, steps }) => {
      const publishes = Object.entries(mapOf(job['permissions'])).some(
        ([scope, level]) =>
          level === 'write' && ['contents', 'packages', 'id-token', 'attestations'].includes(scope),
      );
      const caches = steps.some(
        (step) =>
          /^actions\/cache[@/]/.test(usesOf(step)) ||
          (/^actions\/setup-/.test(usesOf(step)) && mapOf(step['with'])['cache'] !== undefined),
      );
      return publishes && caches ? 'it publishes, and restores a cache' : undefined;
    }),

  'secrets-outside-env': (workflow) =>
    eachJob(workflow, ({ job }) =>
      job['environment'] === undefined && /\bsecrets\.(?!GITHUB_TOKEN\b)/.test(JSON.stringify(job))
        ? 'a secret without an environment'
        : undefined,
    ),

  /** Nobody's pull request may run on a machine that somebody owns. */
  'self-hosted-runner': (workflow) =>
    eachJob(workflow, ({ job }) =>
      JSON.stringify(job['runs-on'] ?? '').includes('self-hosted') &&
      job['if'] !== "github.event_name == 'workflow_dispatch'"
        ? 'a runner of our own, started by more than a person'
        : undefined,
    ),
};
