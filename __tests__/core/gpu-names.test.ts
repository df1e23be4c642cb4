import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createGpuNames, plainName } from '../../src/core/gpu-names.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const { gpuNames } = createKnowledge();
const byName = createGpuNames(gpuNames.rows);
const told = (name: string) => {
  const { capability, segment } = byName(name);
  return `${capability?.raw ?? '-'} ${segment ?? '-'}`;
};

describe('names as NVML prints them', () => {
  it('are all found, apart from those that two boards share', () => {
    const wrong = gpuNames.rows.filter((row) => byName(row.name).capability?.raw !== row.cc);
    expect(wrong.map((row) => row.name)).toEqual([]);
  });
  it.each([
    ['NVIDIA A100-SXM4-80GB', '8.0 data-center'],
    ['NVIDIA A100-SXM4-80GB (simulated)', '8.0 data-center'],
    ['NVIDIA A100-SXM4-80GB MIG 3g.40gb', '8.0 data-center'],
    ['A100-SXM4-40GB', '8.0 data-center'],
    ['GeForce RTX 3090', '8.6 geforce'],
    ['NVIDIA Tesla T4', '7.5 data-center'],
    ['GRID A100-10C', '8.0 data-center'],
    ['NVIDIA L40-8Q', '8.9 data-center'],
    ['NVIDIA GeForce GTX 1060 6GB', '6.1 geforce'],
    ['NVIDIA H100 80GB HBM3e', '9.0 data-center'],
    ['Quadro RTX 6000', '7.5 workstation'],
    ['NVIDIA RTX 6000 Ada Generation', '8.9 workstation'],
    ['NVIDIA RTX A6000', '8.6 workstation'],
    ['GeForce GTX TITAN X', '5.2 geforce'],
    ['NVIDIA TITAN X (Pascal)', '6.1 geforce'],
    ['NVIDIA GeForce RTX 3050 A Laptop GPU', '8.9 geforce'],
    ['NVIDIA GeForce RTX 3050', '8.6 geforce'],
    ['Orin (nvgpu)', '8.7 jetson'],
    ['NVIDIA Thor', '11.0 jetson'],
  ])('%s: %s', (name, expected) => {
    expect(told(name)).toBe(expected);
  });
});

describe('names as people shorten them', () => {
  it.each([
    ['A100', '8.0 data-center'],
    ['H100', '9.0 data-center'],
    ['H200', '9.0 data-center'],
    ['B200', '10.0 data-center'],
    ['B300', '10.3 data-center'],
    ['GH200', '9.0 data-center'],
    ['V100', '7.0 data-center'],
    ['Tesla V100', '7.0 data-center'],
    ['T4', '7.5 data-center'],
    ['P100', '6.0 data-center'],
    ['K80', '3.7 data-center'],
    ['L40S', '8.9 data-center'],
    ['A10G', '8.6 data-center'],
    ['RTX 4090', '8.9 geforce'],
    ['4090', '8.9 geforce'],
    ['RTX 5090', '12.0 geforce'],
    ['GTX 1080 Ti', '6.1 geforce'],
    ['RTX 2080 Ti', '7.5 geforce'],
    ['TITAN X', '6.1 geforce'],
    ['RTX3090', '8.6 geforce'],
    ['T4G', '7.5 data-center'],
    ['K40', '3.5 data-center'],
    ['GRID V100D-8Q', '7.0 data-center'],
    ['GRID V100DX-16C', '7.0 data-center'],
    ['DGX Spark', '12.1 data-center'],
    ['Jetson AGX Orin', '8.7 jetson'],
    ['RTX PRO 6000 Blackwell', '12.0 -'],
    ['RTX 6000', '- -'],
    ['nonsense', '- -'],
    ['', '- -'],
    ['NVIDIA', '- -'],
    ['GeForce', '- -'],
  ])('%s: %s', (name, expected) => {
    expect(told(name)).toBe(expected);
  });
  it('say nothing where boards of several generations share them', () => {
    expect(told('RTX')).toBe('- -');
    expect(told('RTX 4000 Generation')).toBe('- workstation');
  });
  it('never fail on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(() => byName(text)).not.toThrow()));
  });
});

describe('what is not part of a name', () => {
  it.each([
    ['NVIDIA A100-SXM4-80GB (simulated)', 'NVIDIA A100-SXM4-80GB'],
    ['NVIDIA H100 MIG 1g.10gb', 'NVIDIA H100'],
    ['GRID T4-16Q', 'T4'],
    ['NVIDIA A40-48Q', 'NVIDIA A40'],
    ['NVIDIA A100-PCIE-40GB', 'NVIDIA A100-PCIE-40GB'],
  ])('%s', (name, plain) => {
    expect(plainName(name)).toBe(plain);
  });
});
