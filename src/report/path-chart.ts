import { QUESTIONS, STAGES, type Step } from './path.js';
import type { StepState } from './readings.js';
import { fence, mermaid } from './untrusted.js';

/** Characters of what was seen that a node shows: the table has the rest. */
const NODE_TEXT = 56;

const MARKS: Readonly<Record<StepState, string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  'not-reached': '–',
  none: '–',
};

// Each names its own background and text, so that it can be read on a light and on a dark page. The mark says the same as the colour.
const CLASSES: Readonly<Record<StepState | 'cause', string>> = {
  passed: 'fill:#dafbe1,stroke:#1a7f37,color:#0f3d1c',
  failed: 'fill:#ffebe9,stroke:#cf222e,color:#67060c',
  unknown: 'fill:#fff8c5,stroke:#9a6700,color:#4d2d00',
  'not-reached': 'fill:#eaeef2,stroke:#6e7781,color:#424a53,stroke-dasharray:4 3',
  none: 'fill:#eaeef2,stroke:#6e7781,color:#424a53,stroke-dasharray:4 3',
  cause: 'fill:#cf222e,stroke:#82071e,color:#ffffff,stroke-width:3px',
};

// The page's own ground: the title on it is in the colour of the page's theme.
const STAGE = 'fill:transparent,stroke:#818b98';

/**
 * The path as a Mermaid flow chart in a code block: a row for each stage, the way that was taken in thick lines. A chart is under
 * 10,000 characters (GitHub draws up to 50,000), and nothing from outside can be more than text in it.
 */
export function pathChart(path: readonly Step[]): string {
  const byId = new Map(path.map((step) => [step.id, step]));
  const stages = STAGES.map(({ title, steps }) => ({
    title,
    steps: steps.flatMap((id) => byId.get(id) ?? []),
  })).filter(({ steps }) => steps.length > 0);
  const rows = stages.flatMap(({ title, steps }, at) => [
    `  subgraph s${at}["${mermaid(title)}"]`,
    '    direction LR',
    ...steps.map(node),
    ...steps.slice(1).map((step, before) => {
      const from = steps[before];
      return `    ${from?.id} ${arrow(step)} ${step.id}`;
    }),
    '  end',
  ]);
  const links = stages
    .slice(1)
    .map(({ steps }, at) => `  s${at} ${steps[0] ? arrow(steps[0]) : '-.->'} s${at + 1}`);
  const styles = [
    ...Object.entries(CLASSES).map(([name, style]) => `  classDef ${name} ${style}`),
    ...stages.map((_, at) => `  style s${at} ${STAGE}`),
  ];
  return fence(['flowchart TB', ...rows, ...links, ...styles].join('\n'), 'mermaid');
}

const arrow = ({ taken }: Step): string => (taken ? '==>' : '-.->');

function node({ id, state, text, cause }: Step): string {
  const seen = text === '' ? '' : `<br/>${mermaid(text, NODE_TEXT)}`;
  const label = `${MARKS[state]} ${mermaid(QUESTIONS[id])}${seen}`;
  return `    ${id}["${label}"]:::${cause ? 'cause' : state}`;
}
