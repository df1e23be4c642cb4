import type { HostFacts } from './core/facts.js';
import type { RunnerProfile } from './core/profile.js';
import { PROC_DRIVER } from './host/proc-driver.js';
import { HOST_OPTIONS, type HostOption, parseHostOptions } from './host-options.js';
import type { InputMistake, Inputs } from './inputs.js';
import type { Files, Shell } from './platform/ports.js';
import { FLEET_FILE, RUNNER_OPTIONS } from './runner-options.js';

/** What a run of the action does. */
export type Plan =
  | { readonly kind: 'check'; readonly said?: string }
  /** Against the runner that the inputs describe; without one only a certain failure is told. */
  | { readonly kind: 'scan'; readonly runner?: HostFacts; readonly said?: undefined }
  | {
      readonly kind: 'predict';
      readonly profiles: readonly RunnerProfile[];
      readonly named: boolean;
      /** Why, where the mode was left open. */
      readonly said?: string;
    }
  | { readonly kind: 'refused'; readonly mistakes: readonly InputMistake[] };

/**
 * Decides between a check on this machine, a scan of the images' files, and a prediction for described runners. `auto` checks where there is a driver, and
 * predicts where there is none and the runners are known.
 */
export async function chooseMode(
  inputs: Inputs,
  { shell, files }: { readonly shell: Shell; readonly files: Files },
): Promise<Plan> {
  const { mode } = inputs;
  const described = RUNNER_OPTIONS.filter((name) => inputs.runnerInputs[name].length > 0);
  if (mode === 'check') {
    return described.length === 0
      ? { kind: 'check' }
      : refused(
          described[0] ?? 'mode',
          'a check judges for this machine, and this describes another',
          'inputs of mode: predict, scan or auto',
          'set mode: predict, or leave it out',
        );
  }
  if (mode === 'scan') {
    const ofFleet = described.find((name) => !isHostOption(name));
    if (ofFleet !== undefined) {
      const value = inputs.runnerInputs[ofFleet].join(', ');
      return refused(
        ofFleet,
        'a scan reads an image once, for one runner',
        'driver, gpu and compute-capability',
        'describe the runner by driver and gpu, or set mode: predict for a fleet',
        value,
      );
    }
    const { capabilityOfName } = await import(/* webpackIgnore: true */ './work.js');
    const parsed = parseHostOptions((name) => inputs.runnerInputs[name], capabilityOfName);
    if (!parsed.ok) return { kind: 'refused', mistakes: parsed.mistakes };
    return { kind: 'scan', ...(parsed.host === undefined ? {} : { runner: parsed.host }) };
  }
  if (mode === 'auto' && (await hasDriver(shell, files))) {
    return { kind: 'check', said: 'Mode `auto`: checked, as this machine has an NVIDIA driver.' };
  }
  const { parseRunners } = await import(/* webpackIgnore: true */ './work.js');
  const hosts = await parseRunners((name) => inputs.runnerInputs[name], files);
  if (!hosts.ok) {
    if ('mistakes' in hosts) return { kind: 'refused', mistakes: hosts.mistakes };
    return {
      kind: 'refused',
      mistakes: hosts.problems.map((line) => ({
        input: 'fleet',
        value: inputs.runnerInputs.fleet[0] ?? FLEET_FILE,
        why: line,
        allowed: 'a fleet file, see docs/fleet.md',
        fix: 'mend the line',
      })),
    };
  }
  if (hosts.profiles.length === 0) {
    return refused(
      'mode',
      mode === 'auto'
        ? 'this machine has no NVIDIA driver, and nothing tells which runner the images are for'
        : 'nothing tells which runner the images are for',
      `a fleet file (${FLEET_FILE}, or the input fleet), or driver with gpu`,
      'check the repository out first where the fleet file is in it, or give driver and gpu',
      mode,
    );
  }
  const said =
    'Mode `auto`: predicted, as this machine has no NVIDIA driver. Nothing was pulled and nothing ran.';
  return {
    kind: 'predict',
    profiles: hosts.profiles,
    named: hosts.fleet !== undefined,
    ...(mode === 'auto' ? { said } : {}),
  };
}

const isHostOption = (name: string): name is HostOption =>
  (HOST_OPTIONS as readonly string[]).includes(name);

const refused = (input: string, why: string, allowed: string, fix: string, value = ''): Plan => ({
  kind: 'refused',
  mistakes: [{ input, value, why, allowed, fix }],
});

const hasDriver = async (shell: Shell, files: Files): Promise<boolean> =>
  (await files.readText(PROC_DRIVER)) !== undefined ||
  (await shell.find('nvidia-smi')) !== undefined;
