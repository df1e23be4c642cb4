import type { FindingId } from '../catalogue.js';
import type { Rule } from '../rule.js';
import { binaryCompatibleKernels } from './binary-compatible-kernels.js';
import { compatLibraryNotUsed } from './compat-library-not-used.js';
import { compatLibraryShadowsDriver } from './compat-library-shadows-driver.js';
import { cudaLibraryConflict } from './cuda-library-conflict.js';
import { cudaLibraryMissing } from './cuda-library-missing.js';
import { cudnnMismatch } from './cudnn-mismatch.js';
import { driverCapabilitiesMissing } from './driver-capabilities-missing.js';
import { driverFilesInImage } from './driver-files-in-image.js';
import { driverTooOld } from './driver-too-old.js';
import { forwardCompatibilityInUse } from './forward-compatibility-in-use.js';
import { forwardCompatibilityUnsupported } from './forward-compatibility-unsupported.js';
import { frameworkCpuOnly } from './framework-cpu-only.js';
import { frameworkCudaMismatch } from './framework-cuda-mismatch.js';
import { gpuArchitectureDropped } from './gpu-architecture-dropped.js';
import { gpuUnsupportedByDriver } from './gpu-unsupported-by-driver.js';
import { imageTagMisleading } from './image-tag-misleading.js';
import { jetsonL4tMismatch } from './jetson-l4t-mismatch.js';
import { libcIncompatible } from './libc-incompatible.js';
import { minorVersionCompatibility } from './minor-version-compatibility.js';
import { noKernelForGpu } from './no-kernel-for-gpu.js';
import { openKernelModuleRequired } from './open-kernel-module-required.js';
import { platformMismatch } from './platform-mismatch.js';
import { ptxCompiledAtFirstUse } from './ptx-compiled-at-first-use.js';
import { ptxTooNew } from './ptx-too-new.js';
import { requirementTooStrict } from './requirement-too-strict.js';
import { requirementUnmet } from './requirement-unmet.js';
import { runtimeCompilerTooOld } from './runtime-compiler-too-old.js';
import { stubDriverLibraryLoaded } from './stub-driver-library-loaded.js';
import { visibleDevicesMismatch } from './visible-devices-mismatch.js';

/**
 * All rules on facts, root causes first: what has to be mended before the next one can matter. Among the notes, the first that
 * applies leads.
 */
export const RULES: readonly Rule[] = [
  platformMismatch,
  jetsonL4tMismatch,
  gpuUnsupportedByDriver,
  openKernelModuleRequired,
  requirementUnmet,
  libcIncompatible,
  driverCapabilitiesMissing,
  visibleDevicesMismatch,
  stubDriverLibraryLoaded,
  driverFilesInImage,
  frameworkCpuOnly,
  gpuArchitectureDropped,
  compatLibraryShadowsDriver,
  forwardCompatibilityUnsupported,
  compatLibraryNotUsed,
  driverTooOld,
  frameworkCudaMismatch,
  cudaLibraryMissing,
  cudaLibraryConflict,
  cudnnMismatch,
  noKernelForGpu,
  ptxTooNew,
  runtimeCompilerTooOld,
  forwardCompatibilityInUse,
  requirementTooStrict,
  minorVersionCompatibility,
  ptxCompiledAtFirstUse,
  binaryCompatibleKernels,
  imageTagMisleading,
];

/** A finding explains others: beside it they say nothing new, and fold under it. */
export const EXPLAINS: Partial<Record<FindingId, readonly FindingId[]>> = {
  'jetson-l4t-mismatch': ['driver-too-old', 'compat-library-not-used', 'no-kernel-for-gpu'],
  'gpu-architecture-dropped': ['no-kernel-for-gpu', 'driver-too-old', 'compat-library-not-used'],
  'compat-library-not-used': ['driver-too-old', 'ptx-too-new'],
  'forward-compatibility-unsupported': ['ptx-too-new'],
  'compat-library-shadows-driver': ['ptx-too-new', 'driver-library-mismatch'],
  'driver-too-old': ['ptx-too-new'],
  'gpu-unsupported-by-driver': ['gpu-not-requested', 'driver-too-old'],
  'open-kernel-module-required': ['gpu-not-requested'],
  'driver-not-installed': ['gpu-not-requested'],
  'driver-capabilities-missing': ['gpu-not-requested'],
  'visible-devices-mismatch': ['gpu-not-requested', 'gpu-count-mismatch'],
  'gpu-device-access-lost': ['uvm-unavailable'],
  'framework-cpu-only': ['framework-cpu-fallback'],
  'framework-cuda-mismatch': ['cuda-library-missing'],
  'cuda-library-missing': ['framework-cpu-fallback'],
  'cuda-library-conflict': ['framework-cpu-fallback'],
  'stub-driver-library-loaded': ['gpu-not-requested', 'framework-cpu-fallback'],
};
