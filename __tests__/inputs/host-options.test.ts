import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFacts } from '../../src/contract/facts.js';
import { capabilityOfName } from '../../src/core/gpu-names.js';
import { type HostOption, parseHostOptions } from '../../src/host-options.js';

const read = (given: Partial<Record<HostOption, string[]>>) =>
  parseHostOptions((name) => given[name], capabilityOfName);

describe('a runner described by options', () => {
  it('is not known where none is given', () => {
    expect(read({})).toEqual({ ok: true });
  });

  it('has the driver and the GPUs that are named', () => {
    expect(read({ driver: ['535.104.05'], gpu: ['NVIDIA L4', 'A100'] })).toEqual({
      ok: true,
      host: {
        driver: { version: '535.104.05' },
        gpus: [
          { index: 0, name: 'NVIDIA L4' },
          { index: 1, name: 'A100' },
        ],
      },
    });
    expect(read({ driver: ['535'] })).toEqual({ ok: true, host: { driver: { version: '535' } } });
    expect(read({ 'compute-capability': ['9.0'] })).toEqual({
      ok: true,
      host: { gpus: [{ index: 0, computeCapability: '9.0' }] },
    });
  });

  it('takes a name that no table has with its compute capability', () => {
    expect(read({ gpu: ['NVIDIA X9000'], 'compute-capability': ['14.0'] })).toEqual({
      ok: true,
      host: { gpus: [{ index: 0, name: 'NVIDIA X9000', computeCapability: '14.0' }] },
    });
  });

  it.each<[Partial<Record<HostOption, string[]>>, string, RegExp]>([
    [{ driver: ['latest'] }, '--driver', /no driver version/],
    [{ driver: ['12.8'] }, '--driver', /no driver version/],
    [{ driver: ['535', '570'] }, '--driver', /one driver/],
    [{ gpu: ['NVIDIA X9000'] }, '--gpu', /no table/],
    [{ gpu: [''] }, '--gpu', /no name/],
    [{ gpu: ['A100\u001b[2J'] }, '--gpu', /no name/],
    [{ gpu: Array.from({ length: 65 }, () => 'L4') }, '--gpu', /too many/],
    [{ 'compute-capability': ['80'] }, '--compute-capability', /no compute capability/],
    [{ gpu: ['L4', 'A100'], 'compute-capability': ['8.9'] }, '--compute-capability', /2 --gpu/],
  ])('%j is a mistake', (given, input, why) => {
    const parsed = read(given);
    expect(parsed.ok ? [] : parsed.mistakes).toEqual([
      expect.objectContaining({ input, why: expect.stringMatching(why) }),
    ]);
  });

  it('tells all mistakes at once', () => {
    const parsed = read({ driver: ['x'], gpu: ['y'], 'compute-capability': ['z', '9'] });
    expect(parsed.ok ? [] : parsed.mistakes.map(({ value }) => value)).toEqual([
      'x',
      'z',
      '9',
      'z 9',
    ]);
  });

  it('is either a mistake or facts that can be read again', () => {
    const words = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('535.104.05', '535', 'A100', '8.0')),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(words, words, words, (driver, gpu, capability) => {
        const parsed = read({ driver, gpu, 'compute-capability': capability });
        if (!parsed.ok || parsed.host === undefined) return;
        const document = { schema: 'cuda-image-check/facts@1', host: parsed.host };
        expect(parseFacts(JSON.stringify(document), 'facts')).toEqual({
          ok: true,
          facts: [document],
        });
      }),
    );
  });
});
