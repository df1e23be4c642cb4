import { describe, expect, it } from '@jest/globals';
import { cdiSpecification } from '../../lab/engines/cdi.js';
import { GROUPS } from '../../lab/engines/groups.js';
import { HOST } from '../../lab/engines/rows.js';
import { groupsNamed } from '../../lab/engines/run.js';
import { engineVersions } from '../../lab/engines/suites.js';
import { tableOf } from '../../lab/engines/table.js';
import { cdiDeviceNames } from '../../src/host/cdi.js';

describe('the engines of the lab', () => {
  it('reads the versions of the engines from the names of their packages', () => {
    const files = [
      ...['docker.io_28.5.2+dfsg4-1_amd64.deb', 'podman_5.8.6+ds1-3_amd64.deb', 'lock'],
      ...['runc_1%3a1.3.6+ds1-1_amd64.deb', 'libc6_2.42-3_amd64.deb', 'crun_1.28-1+b1_amd64.deb'],
    ];
    expect(engineVersions(files)).toEqual({
      'docker.io': '28.5.2',
      podman: '5.8.6',
      runc: '1.3.6',
      crun: '1.28',
    });
  });

  it('writes a specification in which the product finds every GPU', async () => {
    const seen: Record<string, number> = {};
    const text = await cdiSpecification(HOST.gpus, { driver: '/driver' }, async (name, gpus) => {
      seen[name] = gpus.length;
      return `/gpu-${name}.conf`;
    });
    expect(cdiDeviceNames(text, JSON.parse)).toEqual([
      'nvidia.com/gpu=0',
      'nvidia.com/gpu=1',
      'nvidia.com/gpu=all',
    ]);
    expect(seen).toEqual({ 0: 1, 1: 1, all: 2 });
  });

  it('runs the engines that are named, all without a name, and tells which there are', () => {
    expect(groupsNamed([])).toBe(GROUPS);
    expect(groupsNamed(['podman-5.4']).map(({ name }) => name)).toEqual(['podman-5.4']);
    expect(() => groupsNamed(['podman-5.4', 'rkt'])).toThrow(
      /no engine rkt\. There are: docker-28/,
    );
  });

  it('has each engine once, with rows that tell what they are', () => {
    expect(new Set(GROUPS.map(({ name }) => name)).size).toBe(GROUPS.length);
    for (const { rows } of GROUPS) {
      const names = rows.map((row) => ('scenario' in row ? row.scenario : row.what));
      expect(new Set(names).size).toBe(rows.length);
    }
  });

  it('prints what came out, and loudly what did not come out as it must', () => {
    const row = { what: 'a | b', command: 'check', exitCode: 2, ms: 1, log: '' };
    const table = tableOf({
      name: 'docker-28-cdi',
      how: 'GPUs as CDI devices',
      suite: 'sid',
      versions: { 'docker.io': '28.5.2', runc: '1.3.6' },
      info: '',
      rows: [
        { ...row, verdict: 'unknown', primary: 'cdi-device-unresolved', problems: [] },
        { ...row, verdict: undefined, primary: null, problems: ['there is no report'] },
      ],
      failure: 'the machine went away',
    });
    expect(table).toContain('docker 28.5.2, runc 1.3.6; GPUs as CDI devices.');
    expect(table).toContain('| a \\| b | unknown, 2: `cdi-device-unresolved` |');
    expect(table).toContain('no report, 2 **NOT AS EXPECTED: there is no report**');
    expect(table).toContain('**Did not run to its end**: the machine went away');
  });
});
