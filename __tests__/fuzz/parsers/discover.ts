import { discover } from '../../../src/discover/discover.js';
import { parseDotenv } from '../../../src/discover/dotenv.js';
import { expand, type Variable } from '../../../src/discover/expand.js';
import { type FileKind, kindOf } from '../../../src/discover/kinds.js';
import { imagesOfScript } from '../../../src/discover/run-line.js';
import { commandsOf } from '../../../src/discover/shell-words.js';
import { canonical, parseReference } from '../../../src/image/reference.js';
import { holds, type Parser } from '../parser.js';

/** Reads a file of one kind, and holds every place that the answer tells against the text. */
function reader(path: string, kind: FileKind): Parser['read'] {
  return (text) => {
    const { references, problems } = discover({
      path,
      kind,
      text,
      dotenv: { path: '.env', text: text.slice(0, 400) },
    });
    const lines = text.split('\n');
    for (const { range, outcome } of references) {
      const [first = '', last = ''] = [lines[range.line - 1], lines[range.endLine - 1]];
      holds(range.line >= 1 && range.column >= 1, 'a range begins in the file');
      holds(range.endLine <= lines.length, 'a range ends in the file');
      holds(range.column <= first.length + 1, 'a range begins in its line');
      holds(range.endColumn <= last.length + 1, 'a range ends in its line');
      holds(
        range.line < range.endLine ||
          (range.line === range.endLine && range.column <= range.endColumn),
        'a range does not end before it begins',
      );
      if (outcome.ok) holds(parseReference(canonical(outcome.image)).ok, 'an image is a reference');
      else holds(outcome.why !== '', 'what is not told has a reason');
    }
    for (const { line, column, why } of problems) {
      holds(line >= 1 && line <= lines.length && column >= 1, 'a problem stands in the file');
      holds(why !== '', 'a problem has words');
    }
    return [references, problems];
  };
}

const YAML = [
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n      ',
    '- ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '|\n',
    '>-\n',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '? ',
    '!!str ',
    '---\n',
    '...\n',
    '#',
    '%YAML 1.2\n',
    '${{ ',
    ' }}',
    'image: ',
  ],
];

const FILES: readonly {
  readonly name: string;
  readonly path: string;
  readonly kind: FileKind;
  readonly files: readonly string[];
  readonly samples: readonly string[];
  readonly pieces: readonly string[];
}[] = [
  {
    name: 'Dockerfile',
    path: 'Dockerfile',
    kind: 'dockerfile',
    files: ['src/discover/dockerfile.ts', 'src/discover/dockerfile-text.ts'],
    samples: [
      '# syntax=docker/dockerfile:1\n# escape=\\\nARG CUDA=12.8.1 BASE=nvidia/cuda:${CUDA}-base\nFROM --platform=$BUILDPLATFORM ${BASE} AS build\nRUN --mount=type=bind,from=ghcr.io/a/b:1,target=/x <<EOF\nmake\nEOF\nFROM build-${TARGETARCH}\nCOPY --from=build --chown=1:1 /a /b\nONBUILD COPY --from=other:2 /a /b\nENV A=b \\\n    C=d\nHEALTHCHECK CMD ["x"]\n',
      'FROM a:1\r\nFROM scratch\r\nCOPY --from=0 / /\r\n',
      '# escape=`\nFROM a:1 `\n  AS b\nRUN echo ^\n',
    ],
    pieces: [
      ...[
        'FROM ',
        'ARG ',
        'COPY --from=',
        'RUN --mount=type=bind,from=',
        ' AS ',
        'ONBUILD ',
        'ENV ',
        'LABEL ',
      ],
      ...[
        '<<EOF',
        '<<-"E F"',
        'EOF',
        '\\\n',
        '`\n',
        '# escape=`\n',
        '# syntax=',
        '#\nFROM a\n',
        '#a=b ',
        '${',
        '}',
        ':-',
        ':+',
        ':?',
        '$A',
      ],
      ...[
        'a:1',
        '=',
        '"',
        "'",
        '[',
        ']',
        ',',
        '\n',
        '\r\n',
        '--platform=',
        '{{ x }}',
        '#',
        ' ',
        '\t',
        'HEALTHCHECK CMD ',
      ],
    ],
  },
  {
    name: 'workflow',
    path: '.github/workflows/a.yml',
    kind: 'workflow',
    files: ['src/discover/workflow.ts', 'src/discover/matrix.ts', 'src/discover/yaml.ts'],
    samples: [
      'on: push\nenv: { TAG: "12.8" }\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        cuda: ["12.8", 13.0]\n        include:\n          - cuda: 11.8\n            os: y\n        exclude: [{ cuda: "12.8" }]\n    container: { image: "nvidia/cuda:${{ matrix.cuda }}", env: { A: b } }\n    services:\n      s: { image: "redis:${{ env.TAG }}" }\n    steps:\n      - uses: docker://ghcr.io/a/b:1\n      - uses: cuda-image-check/cuda-image-check@v1\n        with: { images: "a:1, b:2" }\n      - run: |\n          docker run --rm --gpus all a:${TAG} python -c \'x\'\n          podman pull b:2\n',
    ],
    pieces: [
      ...YAML,
      'jobs:',
      'steps:',
      'run: |',
      'uses: docker://',
      'container:',
      'services:',
      'strategy:',
      'matrix:',
      'include:',
      'exclude:',
      'env:',
      'with:',
      'docker run ',
      'fromJSON(',
      'matrix.cuda',
      'env.TAG',
      "format('{0}', ",
      'a:1',
    ],
  },
  {
    name: 'action of a repository',
    path: 'action.yml',
    kind: 'action',
    files: ['src/discover/workflow.ts'],
    samples: [
      'name: x\ninputs: { tag: { default: "1" } }\nruns:\n  using: composite\n  steps:\n    - run: docker run -it a:${{ inputs.tag }}\n      shell: bash\n',
      'name: x\nruns:\n  using: docker\n  image: docker://a/b:1\n',
    ],
    pieces: [
      ...YAML,
      'runs:',
      'using: ',
      'docker',
      'composite',
      'steps:',
      'run: ',
      'docker://',
      'inputs.tag',
    ],
  },
  {
    name: 'Compose file',
    path: 'compose.yaml',
    kind: 'compose',
    files: ['src/discover/compose.ts'],
    samples: [
      'services:\n  a: &a\n    image: "nvidia/cuda:${CUDA:-12.8}"\n    deploy: { resources: { reservations: { devices: [{ driver: nvidia }] } } }\n  b:\n    <<: *a\n    build: .\n  c:\n    image: c:${TAG?no tag}\n    volumes: [{ type: image, source: "d:$$1" }]\n',
    ],
    pieces: [
      ...YAML,
      'services:',
      'build:',
      'volumes:',
      'type: image',
      'source: ',
      '${A:-',
      '${A?',
      '$$',
      '$A',
      '}',
      'x:1',
    ],
  },
  {
    name: 'development container',
    path: 'devcontainer.json',
    kind: 'devcontainer',
    files: ['src/discover/devcontainer.ts'],
    samples: [
      '// x\n{\n\t"image": "a/b:1", /* y */\n\t"runArgs": ["--gpus", "all"],\n\t"build": { "dockerfile": "Dockerfile" },\n}\n',
    ],
    pieces: [
      '{',
      '}',
      '"image":',
      '"a:1"',
      '//',
      '/*',
      '*/',
      ',',
      '\t',
      '"',
      '\\"',
      '\\',
      '${localEnv:A}',
      '[',
      ']',
      '\n',
    ],
  },
  {
    name: 'Kubernetes objects',
    path: 'pod.yaml',
    kind: 'yaml',
    files: ['src/discover/kubernetes.ts', 'src/discover/template.ts'],
    samples: [
      'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec:\n  initContainers: [{ name: i, image: a:1 }]\n  containers:\n    - name: c\n      image: "b@sha256:' +
        '0a'.repeat(32) +
        '"\n---\napiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: d:2 }] } } } } }\n',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {{ .Values.image }}:{{ .Values.tag }}\n    - image: "a:1"\n',
    ],
    pieces: [
      ...YAML,
      'apiVersion: v1',
      'kind: Pod',
      'spec:',
      'containers:',
      '{{',
      '}}',
      '{%',
      '%}',
      'image: {{ x }}',
      'volumes:',
    ],
  },
  {
    name: 'values of a Helm chart',
    path: 'values.yaml',
    kind: 'yaml',
    files: ['src/discover/helm.ts'],
    samples: [
      'global: { imageRegistry: nvcr.io }\nimage:\n  registry: ghcr.io\n  repository: a/b\n  tag: 12.10\n  digest: ""\nsidecar:\n  image: c:1\n  imageTag: 2\n',
    ],
    pieces: [
      ...YAML,
      'image:',
      'repository: ',
      'registry: ',
      'tag: ',
      'digest: ',
      'imageTag: ',
      'global:',
      '0x10',
      '1.10',
    ],
  },
  {
    name: 'kustomization',
    path: 'kustomization.yaml',
    kind: 'yaml',
    files: ['src/discover/kubernetes.ts'],
    samples: [
      'resources: [a.yaml]\nimages:\n  - name: nvidia/cuda\n    newName: ghcr.io/a/b\n    newTag: "12.8"\n  - name: c\n    digest: sha256:' +
        '0a'.repeat(32) +
        '\n',
    ],
    pieces: [...YAML, 'images:', 'name: ', 'newName: ', 'newTag: ', 'digest: ', 'a:1'],
  },
];

const files: readonly Parser[] = FILES.map(({ path, kind, ...row }) => ({
  ...row,
  files: [...row.files, 'src/discover/discover.ts'],
  read: reader(path, kind),
  // A shared default or anchor stands in the answer once for each image that it is used by.
  growth: { factor: 600, beside: 100_000 },
  microseconds: kind === 'dockerfile' ? 50 : 200,
}));

const dotenv: Parser = {
  name: 'the .env file beside a Compose file',
  files: ['src/discover/dotenv.ts', 'src/discover/lines.ts'],
  samples: ['# x\nTAG=12.8 # y\nexport A=\'b $c\'\nB="d"\r\nC=${TAG}\nD=\n'],
  pieces: ['A', '=', '\n', '\r\n', ' #', '#', "'", '"', '$', 'export ', ' ', '\t', 'x'],
  read: (text) => parseDotenv(text, '.env'),
  growth: { factor: 60, beside: 500 },
};

const VARIABLES = new Map<string, Variable>([
  ['A', { value: 'a', origins: [] }],
  ['LONG', { value: 'x'.repeat(300), origins: [] }],
  ['EMPTY', { value: '', origins: [] }],
  ['DYNAMIC', { dynamic: 'only the builder knows' }],
]);

const variables: Parser = {
  name: 'variables in a text',
  files: ['src/discover/expand.ts'],
  samples: [
    'nvidia/cuda:${CUDA:-12.8}-base',
    '$A${LONG}${EMPTY:-x}${UNSET:?no}',
    '\'$A\'"$A"\\$A$$A',
  ],
  pieces: [
    '$',
    '${',
    '}',
    ':-',
    '-',
    ':+',
    '?',
    'A',
    'LONG',
    'EMPTY',
    'DYNAMIC',
    'UNSET',
    "'",
    '"',
    '\\',
    '$$',
    '#',
  ],
  read: (text) =>
    (['\\$', '$$'] as const).flatMap((literal) =>
      [true, false].map((quotes) => {
        const variable = (name: string): Variable => VARIABLES.get(name) ?? { unset: `no ${name}` };
        const expanded = expand(text, { literal, quotes, variable });
        holds(!expanded.ok || expanded.text.length <= 4096 + 300, 'an expanded text is bounded');
        holds(expanded.ok || expanded.why !== '', 'what is not told has a reason');
        return expanded;
      }),
    ),
  growth: { factor: 10, beside: 20_000 },
};

const script: Parser = {
  name: 'shell script of a step',
  files: [
    'src/discover/shell-words.ts',
    'src/discover/run-line.ts',
    'src/discover/engine-options.ts',
  ],
  samples: [
    'set -e\nsudo docker run --rm -it --gpus all -e A="b c" -v "$PWD:/x" nvidia/cuda:12.8.1 nvidia-smi 2>&1 | tee log\nif podman pull b:2; then :; fi\n',
    "cat <<-'EOF' > f\n\tdocker run no:1\n\tEOF\nx=$(docker create `echo c`:3) && nerdctl --namespace k run d:4\n",
    'docker \\\n  run \\\n  a:1 # b:2\n',
  ],
  pieces: [
    ...[
      'docker run ',
      'podman pull ',
      ' -it ',
      ' --name ',
      '--gpus=all ',
      'a:1',
      ';',
      '&&',
      '|',
      '\n',
      '\\\n',
    ],
    ...[
      '$(',
      ')',
      '`',
      '"',
      "'",
      '<<EOF\n',
      'EOF\n',
      '<<<',
      '>',
      '2>&1',
      '${{ x }}',
      '#',
      'sudo ',
      'A=b ',
      '(',
      '{ ',
    ],
  ],
  read: (text) => {
    const commands = commandsOf(text);
    for (const words of commands) {
      for (const { start, end } of words) {
        holds(start >= 0 && start <= end && end <= text.length, 'a word stands in the script');
      }
    }
    return [commands, imagesOfScript(text)];
  },
  growth: { factor: 80, beside: 500 },
};

const paths: Parser = {
  name: 'paths of files that may name images',
  files: ['src/discover/kinds.ts'],
  samples: [
    'docker/Dockerfile.gpu',
    '.github/workflows/a.yml',
    'deploy/compose.prod.yaml',
    'a/devcontainer.json',
    'values-x.yaml',
  ],
  pieces: [
    'Dockerfile',
    '.',
    '-',
    '_',
    '/',
    'compose',
    '.yml',
    '.yaml',
    'values',
    'vendor/',
    '.github/workflows/',
  ],
  read: kindOf,
  growth: { factor: 0, beside: 20 },
};

export const DISCOVER: readonly Parser[] = [...files, dotenv, variables, script, paths];
