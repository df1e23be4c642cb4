/** A repository with every kind of file that names images. */
export const FILES: Readonly<Record<string, string>> = {
  Dockerfile: [
    '# syntax=docker/dockerfile:1',
    'ARG CUDA=12.4.1',
    'FROM nvidia/cuda:${CUDA}-devel-ubuntu22.04 AS build',
    'RUN make',
    'FROM nvidia/cuda:${CUDA}-base-ubuntu22.04',
    'COPY --from=build /app /app',
    'COPY --from=ghcr.io/acme/assets:1 /a /a',
    '',
  ].join('\n'),
  'docker/Dockerfile.tools': 'ARG BASE\nFROM ${BASE}\n',
  '.github/workflows/ci.yml': [
    'on: pull_request',
    'jobs:',
    '  test:',
    '    runs-on: gpu',
    '    strategy:',
    '      matrix:',
    '        image:',
    '          - nvcr.io/nvidia/pytorch:24.05-py3',
    '          - nvcr.io/nvidia/pytorch:24.10-py3',
    '    container: ${{ matrix.image }}',
    '    services:',
    '      db:',
    '        image: postgres:16',
    '    steps:',
    '      - uses: docker://alpine:3.20',
    '      - run: |',
    '          docker run --rm --gpus all \\',
    '            -e A=1 \\',
    '            nvidia/cuda:12.2.0-base-ubuntu22.04 nvidia-smi',
    '',
  ].join('\n'),
  'action.yml': 'runs:\n  using: docker\n  image: docker://ghcr.io/acme/action:1\n',
  'compose.yaml': [
    'services:',
    '  web:',
    '    image: "nginx:${NGINX:-1.27}"',
    '  train:',
    '    image: nvidia/cuda:${CUDA_TAG}',
    '',
  ].join('\n'),
  '.env': 'CUDA_TAG=12.1.0-base-ubuntu22.04\n',
  'deploy/job.yaml': [
    'apiVersion: batch/v1',
    'kind: Job',
    'metadata: {name: train}',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: main',
    '          image: nvcr.io/nvidia/tritonserver:24.05-py3',
    '',
  ].join('\n'),
  'deploy/kustomization.yaml': 'images:\n  - name: app\n    newTag: v1\n',
  'chart/values.yaml': 'image:\n  repository: ghcr.io/acme/app\n  tag: "1.0"\n',
  '.devcontainer/devcontainer.json':
    '{\n  // the base\n  "image": "mcr.microsoft.com/devcontainers/base:1"\n}\n',
  'README.md': 'FROM nothing:1\n',
  'main.py': 'image = "docker run x:1"\n',
};

/** What a pull request does to it: three images, among changes that touch none. */
export const CHANGED: Readonly<Record<string, string>> = {
  // The default of an ARG: two of its images.
  Dockerfile: (FILES['Dockerfile'] ?? '').replace('ARG CUDA=12.4.1', '# newer\nARG CUDA=13.0.0'),
  // One value of a matrix.
  '.github/workflows/ci.yml': (FILES['.github/workflows/ci.yml'] ?? '').replace('24.10', '25.03'),
  // Moved lines only.
  'deploy/job.yaml': `# moved\n\n${FILES['deploy/job.yaml']}`,
  'main.py': 'image = "docker run x:2"\n',
};
