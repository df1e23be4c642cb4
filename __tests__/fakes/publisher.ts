import type { PublishedAnnotation, Publisher } from '../../src/platform/ports.js';

export interface RecordingPublisher extends Publisher {
  readonly lines: string[];
  readonly annotations: PublishedAnnotation[];
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
  page: string;
}

/** Keeps what was published. */
export function createRecordingPublisher(): RecordingPublisher {
  const published: RecordingPublisher = {
    lines: [],
    annotations: [],
    outputs: new Map(),
    state: new Map(),
    page: '',
    progress: (line) => void published.lines.push(line),
    annotate: async (annotation) => void published.annotations.push(annotation),
    prepare: async () => {},
    summary: async (markdown) => {
      published.page += markdown;
    },
    output: async (name, value) => void published.outputs.set(name, value),
    saveState: async (name, value) => void published.state.set(name, value),
  };
  return published;
}
