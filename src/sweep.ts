import { mapBounded } from './bounded.js';
import type { ContainerEngine, EngineResult, LabelledContainer } from './engine/engine.js';

/** Labels of every container that this program makes: the run's id, and the second since 1970 after which the run cannot be alive. */
const RUN_LABEL = 'cuda-image-check.run';
const DEADLINE_LABEL = 'cuda-image-check.deadline';

/** State that the action's main step keeps for its post step. */
export const RUN_STATE = 'run-id';
export const ENGINE_STATE = 'engine';

/**
 * Between the end of a run's whole time and the moment when others may take its containers for those of a dead one: more than clocks differ
 * that anybody sets, and than a clock jumps that is set right.
 */
const MARGIN_MS = 3_600_000;

/** For the list in which a run looks for its own containers, and for their removal: on a machine with much to do better late than never. */
const OWN_MS = 180_000;

/** Containers of dead runs that one run removes, and how many at once: whoever ends must not wait long for what others left. */
const MOST_DEAD = 32;
const DEAD_AT_ONCE = 8;
const DEAD_MS = 20_000;

/** The name that a container of a run has; one name is one container, and no image can give it. */
export const containerName = (runId: string, suffix: string): string =>
  `cuda-image-check-${runId}-${suffix}`;

/**
 * The labels that go with it.
 * @param now milliseconds since 1970
 * @param budgetMs how long the run can go on from now at most
 */
export const containerLabels = (runId: string, now: number, budgetMs: number): string[] => [
  `${RUN_LABEL}=${runId}`,
  `${DEADLINE_LABEL}=${Math.ceil((now + budgetMs + MARGIN_MS) / 1000)}`,
];

/**
 * Removes what a run left behind, after a cancel, a crash, or from the post step, and what runs left that are dead. Returns what went wrong.
 * @param now milliseconds since 1970
 */
export async function sweep(
  engine: ContainerEngine,
  runId: string,
  now: number,
): Promise<string[]> {
  const listed = await engine.listLabelled?.(RUN_LABEL, [DEADLINE_LABEL], { timeoutMs: OWN_MS });
  if (!listed?.ok) {
    // An engine that cannot tell labels, or refuses to, still knows what is this run's own.
    const own = await engine.listByLabel(`${RUN_LABEL}=${runId}`, { timeoutMs: OWN_MS });
    return own.ok ? removeAll(engine, own.value) : [wordsOf(own)];
  }
  const ours = listed.value.filter(isOurs);
  const own = ours.filter(({ labels }) => labels[RUN_LABEL] === runId).map(({ id }) => id);
  const others = ours.filter(({ labels }) => labels[RUN_LABEL] !== runId);
  return [...(await removeAll(engine, own)), ...(await removeDead(engine, others, now))];
}

/**
 * Removes what runs left that died without their clean-up. That they cannot be listed is no fault of the run that looks.
 * @param now milliseconds since 1970
 */
export async function sweepDead(engine: ContainerEngine, now: number): Promise<string[]> {
  const listed = await engine.listLabelled?.(RUN_LABEL, [DEADLINE_LABEL]);
  return listed?.ok ? removeDead(engine, listed.value.filter(isOurs), now) : [];
}

/**
 * Labels alone prove nothing: a container inherits those of its image, whoever made it. Its name comes from who made it, and ours is made of
 * the label's value.
 */
const isOurs = ({ name, labels }: LabelledContainer): boolean => {
  const start = containerName(labels[RUN_LABEL] ?? '', '');
  return name.startsWith(start) && /^\d+$/.test(name.slice(start.length));
};

const removeAll = async (engine: ContainerEngine, ids: readonly string[]): Promise<string[]> => {
  const removed = await Promise.all(ids.map((id) => engine.remove(id, { timeoutMs: OWN_MS })));
  return removed.flatMap((result) => (result.ok ? [] : [wordsOf(result)]));
};

/** Of those whose deadline has passed. One without a deadline is left alone, and so is one whose deadline cannot be read, which is said. */
async function removeDead(
  engine: ContainerEngine,
  others: readonly LabelledContainer[],
  now: number,
): Promise<string[]> {
  const deadline = ({ labels }: LabelledContainer): string => labels[DEADLINE_LABEL] ?? '';
  const dead = others.filter(
    (one) => isDeadline(deadline(one)) && Number(deadline(one)) * 1000 < now,
  );
  const unreadable = others.filter((one) => deadline(one) !== '' && !isDeadline(deadline(one)));
  // Another run begins elsewhere: some that would not go must not keep all later ones from being tried.
  const first = dead.length <= MOST_DEAD ? 0 : Math.floor(now / 1000) % dead.length;
  const tried = [...dead.slice(first), ...dead.slice(0, first)].slice(0, MOST_DEAD);
  const removed = await mapBounded(tried, DEAD_AT_ONCE, async ({ id, name }) => {
    const result = await engine.remove(id, { timeoutMs: DEAD_MS });
    return result.ok ? [] : [`${name}, which an earlier run left: ${wordsOf(result)}`];
  });
  return [
    ...removed.flat(),
    ...unreadable.map(
      ({ name }) =>
        `${name} is left alone, since its label ${DEADLINE_LABEL} is no time that a run can have. To fix: see whether a run still needs it, and remove it by hand.`,
    ),
  ];
}

/** A deadline before this program was there comes from a clock that was not set. */
const FIRST_DEADLINE = 1_700_000_000;

const isDeadline = (text: string): boolean =>
  /^\d{1,12}$/.test(text) && Number(text) >= FIRST_DEADLINE;

const wordsOf = ({ failure }: Extract<EngineResult<unknown>, { ok: false }>): string =>
  `${failure.command}: ${failure.text}`;
