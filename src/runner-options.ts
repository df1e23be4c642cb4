import { HOST_OPTIONS } from './host-options.js';

/** The options by which a prediction is told what an image is to run on: one runner that is described, or a fleet file. */
export const RUNNER_OPTIONS = [...HOST_OPTIONS, 'platform', 'fleet', 'profile'] as const;
export type RunnerOption = (typeof RUNNER_OPTIONS)[number];

/** Where a repository keeps its fleet. */
export const FLEET_FILE = '.github/gpu-fleet.yml';
