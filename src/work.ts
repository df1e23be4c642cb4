/**
 * Everything that weighs and that nobody needs at start: rules, tables, words, pages, validation. The build makes it a file of its
 * own beside the entries, which load it while the container engine is at work; `--help` never does.
 */
export { assess } from './assess.js';
export { parseFacts } from './contract/facts.js';
export { parseFleet, withProfile } from './contract/fleet.js';
export { isCertainFailure } from './core/certain.js';
export { diagnose } from './core/diagnose.js';
export { capabilityOfName } from './core/gpu-names.js';
export { explainText } from './explain.js';
export { giveFeedback } from './feedback.js';
export { writeFormats } from './formats.js';
export { annotations } from './report/annotations.js';
export { outputs } from './report/outputs.js';
export { summary } from './report/summary.js';
export { explanationText, terminal } from './report/terminal.js';
export { gpuProblem, parseRunners } from './runners.js';
export { parseWaiverFile, waive } from './waive.js';
