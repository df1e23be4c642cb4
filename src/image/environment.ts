/**
 * What may stand in a report of environment variables and labels, which can hold credentials. One policy, told in
 * docs/security.md: a value is recorded where its name is one that GPU programs read and does not look like a secret's.
 */

/** Variables that the rules, or a reader of a report about CUDA, look at. */
const READ =
  /^_?(?:CUDA|CUDNN|CUBLAS|NVIDIA|NV|NVTE|NCCL|LD|PYTORCH|TORCH|XLA|JAX|CUPY|NUMBA|TRITON|L4T|JETPACK)_|^(?:PATH|CUDA|LIBRARY_PATH)$/;

const LOOKS_SECRET =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH|(?:^|_)(?:(?:API|ACCESS|PRIVATE|SIGNING|SSH|LICENSE)_?)?KEY(?:_|$)|(?:^|_)PWD(?:_|$)/i;

/** An address with a password in it, whatever the variable is called. */
const ADDRESS_WITH_PASSWORD = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Whether the value of an environment variable may be recorded. */
export const isRecorded = (name: string, value: string): boolean =>
  READ.test(name) && !LOOKS_SECRET.test(name) && !ADDRESS_WITH_PASSWORD.test(value);

const LABELS = /^(?:com\.nvidia\.|org\.opencontainers\.image\.|maintainer$)/;
const MAX_LABEL = 300;

/** Whether a label may be recorded: NVIDIA's and the standard ones, of ordinary length. */
export const isRecordedLabel = (name: string, value: string): boolean =>
  LABELS.test(name) &&
  !LOOKS_SECRET.test(name) &&
  value.length <= MAX_LABEL &&
  !ADDRESS_WITH_PASSWORD.test(value);

/** What stands in place of a value that is not recorded. */
export const HIDDEN = '***';

/** A word `--env=NAME=VALUE` as a command line may show it; every other word as it is. */
export const shownOption = (word: string): string =>
  word.replace(/^(--env=[^=]*=)[\s\S]+$/, `$1${HIDDEN}`);

/** Shorter values are ordinary words, whose removal would make a text unreadable and hide nothing. */
const SHORTEST_SECRET = 6;

/**
 * A text of a program without the values that `--env=NAME=VALUE` gave to variables whose values are not recorded.
 * @param options words of `container-options`
 */
export function withoutValues(text: string, options: readonly string[]): string {
  const values = options.flatMap((word) => {
    const [, name = '', value = ''] = /^--env=([^=]*)=([\s\S]*)$/.exec(word) ?? [];
    return value.length < SHORTEST_SECRET || isRecorded(name, value) ? [] : [value];
  });
  return values
    .sort((a, b) => b.length - a.length)
    .reduce((shown, value) => shown.replaceAll(value, HIDDEN), text);
}
