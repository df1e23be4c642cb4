import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findLogin } from '../../src/registry/credentials.js';
import { createFakeFiles } from '../fakes/files.js';
import { createFakeShell, type FakeProgram } from '../fakes/shell.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function find(
  domain: string,
  files: Record<string, string | object>,
  options: {
    path?: string;
    env?: Record<string, string>;
    programs?: Record<string, FakeProgram>;
  } = {},
) {
  return findLogin(domain, options.path ?? 'team/image', {
    files: createFakeFiles(
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [
          path,
          typeof text === 'string' ? text : JSON.stringify(text),
        ]),
      ),
    ),
    shell: createFakeShell(options.programs ?? {}),
    env: { HOME: '/home/u', ...options.env },
    signal: new AbortController().signal,
  });
}

const DOCKER = '/home/u/.docker/config.json';
const login = (user: string, password: string) => ({
  credentials: { kind: 'password', user, password },
});

describe('Docker’s file', () => {
  it.each([
    ['ghcr.io', { 'ghcr.io': { auth: base64('u:p') } }, login('u', 'p')],
    ['ghcr.io', { 'https://ghcr.io': { auth: base64('u:p') } }, login('u', 'p')],
    ['docker.io', { 'https://index.docker.io/v1/': { auth: base64('u:a:b') } }, login('u', 'a:b')],
    ['docker.io', { 'docker.io': { username: 'u', password: 'p' } }, login('u', 'p')],
    ['nvcr.io', { 'nvcr.io': { auth: base64('$oauthtoken:key') } }, login('$oauthtoken', 'key')],
    [
      'x.azurecr.io',
      {
        'x.azurecr.io': {
          auth: base64('00000000-0000-0000-0000-000000000000:'),
          identitytoken: 't',
        },
      },
      { credentials: { kind: 'identity', token: 't' } },
    ],
    [
      'r.example',
      { 'r.example': { registrytoken: 't' } },
      { credentials: { kind: 'registry', token: 't' } },
    ],
    ['r.example', { 'other.example': { auth: base64('u:p') } }, {}],
    ['r.example', { 'r.example': { auth: '***' } }, {}],
    ['r.example', { 'r.example': {} }, {}],
    ['example', { 'r.example': { auth: base64('u:p') } }, {}],
  ])('%s in %j', async (domain, auths, expected) => {
    expect(await find(domain, { [DOCKER]: { auths } })).toEqual(expected);
  });

  it('is that of DOCKER_CONFIG', async () => {
    const files = {
      [DOCKER]: { auths: { r: { auth: base64('no:no') } } },
      '/cfg/config.json': { auths: { r: { auth: base64('u:p') } } },
    };
    expect(await find('r', files, { env: { DOCKER_CONFIG: '/cfg' } })).toEqual(login('u', 'p'));
  });

  it.each(['', '{', '[]', 'null', '{"auths":[]}', '{"auths":{"r":null}}', '{"credHelpers":7}'])(
    'that holds %j is no login',
    async (text) => {
      expect((await find('r', { [DOCKER]: text })).credentials).toBeUndefined();
    },
  );

  it('of any text never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), async (auths, helpers) => {
        await find('r.example', {
          [DOCKER]: `{"auths":{"r.example":${auths}},"credHelpers":{"r.example":${helpers}}}`,
        });
      }),
    );
  });
});

describe('Podman’s file', () => {
  const FILE = '/run/user/1/containers/auth.json';
  const env = { XDG_RUNTIME_DIR: '/run/user/1' };

  it('has logins for a repository, the most specific first', async () => {
    const files = {
      [FILE]: {
        auths: {
          'r.example': { auth: base64('host:p') },
          'r.example/team': { auth: base64('team:p') },
          'r.example/team/image': { auth: base64('image:p') },
        },
      },
    };
    expect(await find('r.example', files, { env })).toEqual(login('image', 'p'));
    expect(await find('r.example', files, { env, path: 'team/x' })).toEqual(login('team', 'p'));
    expect(await find('r.example', files, { env, path: 'x/y' })).toEqual(login('host', 'p'));
  });

  it('comes after Docker’s', async () => {
    const files = {
      [DOCKER]: { auths: { r: { auth: base64('docker:p') } } },
      [FILE]: { auths: { r: { auth: base64('podman:p') } } },
    };
    expect(await find('r', files, { env })).toEqual(login('docker', 'p'));
    expect(await find('r', { [FILE]: files[FILE] }, { env })).toEqual(login('podman', 'p'));
  });
});

describe('credential helpers', () => {
  const answering =
    (document: object | string, code = 0): FakeProgram =>
    (_args, { input }) => ({
      code,
      stdout:
        typeof document === 'string'
          ? document
          : JSON.stringify({ ServerURL: Buffer.from(input ?? []).toString(), ...document }),
    });

  it('credHelpers outweigh credsStore, and both outweigh auths', async () => {
    const config = {
      auths: { a: { auth: base64('file:p') }, b: { auth: base64('file:p') } },
      credHelpers: { a: 'one' },
      credsStore: 'two',
    };
    const programs = {
      'docker-credential-one': answering({ Username: 'one', Secret: 'p' }),
      'docker-credential-two': answering({ Username: 'two', Secret: 'p' }),
    };
    expect(await find('a', { [DOCKER]: config }, { programs })).toEqual(login('one', 'p'));
    expect(await find('b', { [DOCKER]: config }, { programs })).toEqual(login('two', 'p'));
  });

  it('are asked for Docker Hub by its old address', async () => {
    const asked: string[] = [];
    const programs: Record<string, FakeProgram> = {
      'docker-credential-desktop': (args, { input }) => {
        asked.push(`${args.join(' ')} ${Buffer.from(input ?? []).toString()}`);
        return { stdout: '{"Username":"u","Secret":"p"}' };
      },
    };
    const files = { [DOCKER]: { credsStore: 'desktop' } };
    expect(await find('docker.io', files, { programs })).toEqual(login('u', 'p'));
    expect(asked).toEqual(['get https://index.docker.io/v1/']);
  });

  it.each<[string, FakeProgram, RegExp | undefined]>([
    ['has none', answering('credentials not found in native keychain', 1), undefined],
    ['fails', answering('s3cret stack trace', 1), /exit code 1/],
    ['hangs', () => ({ hangs: true }), /timed-out/],
    ['answers nonsense', answering('nonsense'), /no credentials in its answer/],
  ])('one that %s', async (_name, program, problem) => {
    const found = await find(
      'r',
      { [DOCKER]: { credsStore: 'x' } },
      { programs: { 'docker-credential-x': program } },
    );
    expect(found.credentials).toBeUndefined();
    if (problem === undefined) expect(found.problem).toBeUndefined();
    else expect(found.problem).toMatch(problem);
    expect(found.problem ?? '').not.toContain('s3cret');
  });

  it('that are missing or no names', async () => {
    const missing = await find('r', { [DOCKER]: { credsStore: 'x' } });
    expect(missing.problem).toContain('docker-credential-x: executable file not found in $PATH');
    const path = await find('r', { [DOCKER]: { credHelpers: { r: '../../bin/sh' } } });
    expect(path).toEqual({ problem: 'the name of a credential helper is none' });
  });
});
