import { describe, expect, it } from '@jest/globals';
import { kindOf } from '../../src/discover/kinds.js';
import { cutOut, listing, read } from './listing.js';

describe('the kinds of files', () => {
  it.each([
    ['Dockerfile', 'dockerfile'],
    ['docker/Dockerfile.gpu', 'dockerfile'],
    ['docker/gpu.Dockerfile', 'dockerfile'],
    ['Containerfile', 'dockerfile'],
    ['Dockerfile.dockerignore', undefined],
    ['src/Dockerfile.ts', undefined],
    ['docs/dockerfile.md', undefined],
    ['.github/workflows/ci.yml', 'workflow'],
    ['.github/workflows/sub/ci.yml', 'yaml'],
    ['action.yml', 'action'],
    ['actions/x/action.yaml', 'action'],
    ['compose.yaml', 'compose'],
    ['docker-compose.prod.yml', 'compose'],
    ['.devcontainer/devcontainer.json', 'devcontainer'],
    ['.devcontainer.json', 'devcontainer'],
    ['package.json', undefined],
    ['deploy/pod.yaml', 'yaml'],
    ['main.go', undefined],
    ['vendor/github.com/x/Dockerfile', undefined],
    ['a/node_modules/x/compose.yaml', undefined],
  ])('%s is %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});

describe('Compose', () => {
  const text = [
    'x-base: &base',
    '  image: "a:1"',
    'services:',
    '  one:',
    '    <<: *base',
    '  two: {<<: *base, image: "b:${TAG:-2}"}',
    '  three: {image: "c:${NAME}$$"}',
    '  four: {image: "d:${NAME}"}',
    '  five: {image: "e:${NONE}"}',
    '  six: {image: me/built, build: .}',
    '  seven: {image: "f:${COMPOSED}"}',
    '  eight: {image: "${REGISTRY:-ghcr.io}/g:${NAME:?}"}',
  ].join('\n');

  it('has the images of services, with variables from .env and their fallbacks', () => {
    expect(listing('compose.yaml', text, "# x\nexport NAME='n-1' # y\nCOMPOSED=$NAME\n")).toEqual([
      '2:11 services.one.image = docker.io/library/a:1',
      '6:28 services.two.image = docker.io/library/b:2',
      '7:19 services.three.image = ? a variable in it is filled in by another program',
      '8:18 services.four.image = docker.io/library/d:n-1',
      '9:18 services.five.image = ? NONE has no fallback and no line in .env',
      '11:19 services.seven.image = ? COMPOSED in .env is made of other variables',
      '12:19 services.eight.image = ghcr.io/g:n-1',
    ]);
    expect(read('compose.yaml', text, 'NAME=n\n').references[3]?.origins).toEqual([
      { file: '.env', range: { line: 1, column: 1, endLine: 1, endColumn: 7 }, text: 'n' },
    ]);
  });

  it('is told by its content as well', () => {
    expect(listing('stack.yml', 'services:\n  a:\n    image: a:1\n')).toHaveLength(1);
    expect(listing('other.yml', 'services:\n  - image: a:1\n')).toEqual([]);
    expect(listing('other.yml', 'thing:\n  image: a.png\n')).toEqual([]);
  });
});

describe('Kubernetes', () => {
  it('has the containers of any kind, in several documents', () => {
    const text = [
      'apiVersion: batch/v1',
      'kind: CronJob',
      'metadata: {name: nightly}',
      'spec:',
      '  jobTemplate:',
      '    spec:',
      '      template:',
      '        spec:',
      '          initContainers: [{name: i, image: init:1}]',
      '          containers:',
      '            - name: main',
      '              image: nvcr.io/nvidia/pytorch:25.03-py3',
      '            - image: side:2',
      '          volumes: [{name: v, image: {reference: "model:3", pullPolicy: Always}}]',
      '---',
      'apiVersion: v1',
      'kind: List',
      'items:',
      '  - apiVersion: v1',
      '    kind: Pod',
      '    metadata: {name: p}',
      '    spec:',
      '      ephemeralContainers: [{name: e, image: "{{ .Values.image }}"}]',
      '      containers: [{name: c, image: "$(IMAGE)"}]',
      '---',
      'image: not-kubernetes:1',
    ].join('\n');
    expect(listing('deploy/all.yaml', text)).toEqual([
      '9:45 CronJob/nightly.spec.jobTemplate.spec.template.spec.initContainers.i = docker.io/library/init:1',
      '12:22 CronJob/nightly.spec.jobTemplate.spec.template.spec.containers.main = nvcr.io/nvidia/pytorch:25.03-py3',
      '13:22 CronJob/nightly.spec.jobTemplate.spec.template.spec.containers.#1 = docker.io/library/side:2',
      '14:51 CronJob/nightly.spec.jobTemplate.spec.template.spec.volumes.v = docker.io/library/model:3',
      '23:47 List/#1.items.p.spec.ephemeralContainers.e = ? a template fills it in',
      '24:38 List/#1.items.p.spec.containers.c = ? a variable in it is filled in by another program',
    ]);
    expect(cutOut('deploy/all.yaml', text)[3]).toBe('model:3');
  });

  it('has what a kustomization puts in the place of an image', () => {
    const images = [
      'images:',
      '  - {name: app, newName: ghcr.io/x/app, newTag: v2}',
      '  - {name: tag, newTag: "12.10"}',
      '  - {name: number, newTag: 12.10}',
      `  - {name: sum, digest: "sha256:${'a'.repeat(64)}"}`,
      '  - {name: nothing}',
    ].join('\n');
    const expected = [
      '2:49 images.app = ghcr.io/x/app:v2',
      '3:26 images.tag = docker.io/library/tag:12.10',
      '4:28 images.number = ? its tag 12.10 is a number in YAML, which is not kept as written; put it in quotes',
      `5:26 images.sum = docker.io/library/sum@sha256:${'a'.repeat(64)}`,
    ];
    expect(listing('k/kustomization.yaml', images)).toEqual(expected);
    expect(
      listing(
        'x.yaml',
        `${images}\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n`,
      ),
    ).toEqual(expected);
  });

  it('reads the image lines of a template that is no YAML yet', () => {
    expect(
      listing(
        'chart/templates/deployment.yaml',
        [
          'spec:',
          '  {{- with .Values.x }}',
          '  containers:',
          '    - name: a',
          '      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
          '    - image: busybox:1 # pinned',
          '  {{- end }}',
        ].join('\n'),
      ),
    ).toEqual([
      '5:15 image #0 = ? a template fills it in',
      '6:14 image #1 = docker.io/library/busybox:1',
    ]);
  });
});

describe('Helm values', () => {
  it('have images as maps and as texts', () => {
    expect(
      listing(
        'chart/values-gpu.yaml',
        [
          'image:',
          '  registry: nvcr.io',
          '  repository: nvidia/tritonserver',
          '  tag: 25.01-py3',
          'sidecar: {image: {repository: a, tag: ""}}',
          'initImage: busybox:1',
          'images: [x:1]',
          'worker:',
          `  image: {repository: w, digest: "sha256:${'b'.repeat(64)}"}`,
          'other: {repository: https://charts.example, name: x}',
          'number: {image: {repository: n, tag: 12.10}}',
          'empty: {image: ""}',
          'triton: {image: {imageName: "tritonserver:1", pullPolicy: Always}}',
          'pullPolicy: Always',
        ].join('\n'),
      ),
    ).toEqual([
      '4:8 image = nvcr.io/nvidia/tritonserver:25.01-py3',
      '5:31 sidecar.image = ? it has no tag here: the chart fills one in, most often its appVersion',
      '6:12 initImage = docker.io/library/busybox:1',
      '7:10 images.#0 = docker.io/library/x:1',
      `9:35 worker.image = docker.io/library/w@sha256:${'b'.repeat(64)}`,
      '11:38 number.image = ? its tag 12.10 is a number in YAML, which is not kept as written; put it in quotes',
      '13:30 triton.image.imageName = docker.io/library/tritonserver:1',
    ]);
  });
});

describe('Helm values that are no images', () => {
  it('are switches, numbers, pictures and addresses of sources', () => {
    expect(
      listing(
        'values.yaml',
        [
          'useImage: false',
          'image: true',
          'numberImage: 3',
          'backgroundImage: "assets/bg.png"',
          'source: {repository: "https://github.com/acme/x", tag: v1}',
          'chart: {repository: "oci://ghcr.io/acme/charts", tag: v1}',
          'quotedImage: "3"',
        ].join('\n'),
      ),
    ).toEqual(['7:15 quotedImage = docker.io/library/3']);
  });
});

describe('Helm values in the way of NVIDIA’s charts', () => {
  it('are repository, image and version, with others inside', () => {
    expect(
      listing(
        'values.yaml',
        [
          'driver:',
          '  repository: nvcr.io/nvidia',
          '  image: driver',
          '  version: "595.91.07"',
          '  manager: {repository: nvcr.io/nvidia/cloud-native, image: k8s-driver-manager, version: v0.12.0}',
          'validator: {repository: nvcr.io/nvidia, image: gpu-operator}',
          'web: {image: nginx, tag: "1.27"}',
          `pinned: {repository: a, image: b, version: "sha256:${'c'.repeat(64)}"}`,
          'plain: {image: busybox, pullPolicy: Always}',
        ].join('\n'),
      ),
    ).toEqual([
      '4:13 driver = nvcr.io/nvidia/driver:595.91.07',
      '5:90 driver.manager = nvcr.io/nvidia/cloud-native/k8s-driver-manager:v0.12.0',
      '6:48 validator = ? it has no tag here: the chart fills one in, most often its appVersion',
      '7:27 web = docker.io/library/nginx:1.27',
      `8:45 pinned = docker.io/a/b@sha256:${'c'.repeat(64)}`,
      '9:16 plain.image = docker.io/library/busybox',
    ]);
  });
});

describe('a development container', () => {
  it('is JSON with comments and trailing commas', () => {
    expect(
      listing(
        '.devcontainer/devcontainer.json',
        '// "image": "no:1"\n{\n\t/* "image": "no:2" */\n\t"name": "http://x",\n\t"image": "mcr.microsoft.com/devcontainers/base:1", // y\n}\n',
      ),
    ).toEqual(['5:12 image = mcr.microsoft.com/devcontainers/base:1']);
    expect(listing('.devcontainer.json', '{"image": "${localEnv:X}"}')).toEqual([
      '1:12 image = ? a variable in it is filled in where the container is opened',
    ]);
    expect(listing('.devcontainer.json', '{"image": "a:1"')[1]).toMatch(/^1:\d+ ! /);
  });
});
