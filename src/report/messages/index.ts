import type { FindingId } from '../../core/catalogue.js';
import { unlessOverruled } from '../phrases.js';
import type { Words } from '../words.js';
import { words as binaryCompatibleKernels } from './binary-compatible-kernels.js';
import { words as cdiDeviceUnresolved } from './cdi-device-unresolved.js';
import { words as cdiSpecStale } from './cdi-spec-stale.js';
import { words as cdiSpecUnsupported } from './cdi-spec-unsupported.js';
import { words as cgroupDeviceRules } from './cgroup-device-rules.js';
import { words as compatLibraryNotUsed } from './compat-library-not-used.js';
import { words as compatLibraryShadowsDriver } from './compat-library-shadows-driver.js';
import { words as containerStartTimedOut } from './container-start-timed-out.js';
import { words as containerToolkitMisconfigured } from './container-toolkit-misconfigured.js';
import { words as containerToolkitMissing } from './container-toolkit-missing.js';
import { words as containerToolkitOutdated } from './container-toolkit-outdated.js';
import { words as cudaLibraryConflict } from './cuda-library-conflict.js';
import { words as cudaLibraryMissing } from './cuda-library-missing.js';
import { words as cudnnMismatch } from './cudnn-mismatch.js';
import { words as diskFull } from './disk-full.js';
import { words as driverCapabilitiesMissing } from './driver-capabilities-missing.js';
import { words as driverFilesInImage } from './driver-files-in-image.js';
import { words as driverLibraryMismatch } from './driver-library-mismatch.js';
import { words as driverNotInstalled } from './driver-not-installed.js';
import { words as driverNotLoaded } from './driver-not-loaded.js';
import { words as driverProcEntriesMissing } from './driver-proc-entries-missing.js';
import { words as driverTooOld } from './driver-too-old.js';
import { words as engineBuildUnsupported } from './engine-build-unsupported.js';
import { words as engineConfined } from './engine-confined.js';
import { words as engineUnreachable } from './engine-unreachable.js';
import { words as fabricManagerNotNeeded } from './fabric-manager-not-needed.js';
import { words as fabricManagerNotRunning } from './fabric-manager-not-running.js';
import { words as forwardCompatibilityInUse } from './forward-compatibility-in-use.js';
import { words as forwardCompatibilityUnsupported } from './forward-compatibility-unsupported.js';
import { words as frameworkCpuFallback } from './framework-cpu-fallback.js';
import { words as frameworkCpuOnly } from './framework-cpu-only.js';
import { words as frameworkCudaMismatch } from './framework-cuda-mismatch.js';
import { words as gpuArchitectureDropped } from './gpu-architecture-dropped.js';
import { words as gpuBusy } from './gpu-busy.js';
import { words as gpuCountMismatch } from './gpu-count-mismatch.js';
import { words as gpuDeviceAccessLost } from './gpu-device-access-lost.js';
import { words as gpuDevicePermissionDenied } from './gpu-device-permission-denied.js';
import { words as gpuLost } from './gpu-lost.js';
import { words as gpuNotRequested } from './gpu-not-requested.js';
import { words as gpuPartlyCovered } from './gpu-partly-covered.js';
import { words as gpuResultWrong } from './gpu-result-wrong.js';
import { words as gpuUnsupportedByDriver } from './gpu-unsupported-by-driver.js';
import { words as hostLibcUnsupported } from './host-libc-unsupported.js';
import { words as imageManifestInvalid } from './image-manifest-invalid.js';
import { words as imageNotFound } from './image-not-found.js';
import { words as imageReferenceInvalid } from './image-reference-invalid.js';
import { words as imageTagMisleading } from './image-tag-misleading.js';
import { words as jetsonL4tMismatch } from './jetson-l4t-mismatch.js';
import { words as kernelFeatureMissing } from './kernel-feature-missing.js';
import { words as libcIncompatible } from './libc-incompatible.js';
import { words as lockedMemoryLimit } from './locked-memory-limit.js';
import { words as migDeviceInvalid } from './mig-device-invalid.js';
import { words as minorVersionCompatibility } from './minor-version-compatibility.js';
import { words as nestedEngineWithoutGpu } from './nested-engine-without-gpu.js';
import { words as noKernelForGpu } from './no-kernel-for-gpu.js';
import { words as nvidiaRuntimeNotRegistered } from './nvidia-runtime-not-registered.js';
import { words as nvlinkNotExposed } from './nvlink-not-exposed.js';
import { words as nvlsUnavailable } from './nvls-unavailable.js';
import { words as openKernelModuleRequired } from './open-kernel-module-required.js';
import { words as packageRepositoryKeyRotated } from './package-repository-key-rotated.js';
import { words as peerToPeerBroken } from './peer-to-peer-broken.js';
import { words as platformMismatch } from './platform-mismatch.js';
import { words as probeKilled } from './probe-killed.js';
import { words as probeNotReached } from './probe-not-reached.js';
import { words as probeTimedOut } from './probe-timed-out.js';
import { words as ptxCompiledAtFirstUse } from './ptx-compiled-at-first-use.js';
import { words as ptxTooNew } from './ptx-too-new.js';
import { words as registryAccessDenied } from './registry-access-denied.js';
import { words as registryAnswerInvalid } from './registry-answer-invalid.js';
import { words as registryLoginRequired } from './registry-login-required.js';
import { words as registryRateLimited } from './registry-rate-limited.js';
import { words as registryUnreachable } from './registry-unreachable.js';
import { words as requirementTooStrict } from './requirement-too-strict.js';
import { words as requirementUnmet } from './requirement-unmet.js';
import { words as runtimeCompilerTooOld } from './runtime-compiler-too-old.js';
import { words as sharedMemoryTooSmall } from './shared-memory-too-small.js';
import { words as stubDriverLibraryLoaded } from './stub-driver-library-loaded.js';
import { words as ulimitRefused } from './ulimit-refused.js';
import { words as unrecognised } from './unrecognised.js';
import { words as uvmUnavailable } from './uvm-unavailable.js';
import { words as vgpuFeatureDisabled } from './vgpu-feature-disabled.js';
import { words as visibleDevicesMismatch } from './visible-devices-mismatch.js';
import { words as waiverExpired } from './waiver-expired.js';
import { words as wslUnsupported } from './wsl-unsupported.js';

/** One set of words per finding: the compiler refuses an id without words. */
const BY_ID: Readonly<Record<FindingId, Words>> = {
  'image-reference-invalid': imageReferenceInvalid,
  'image-not-found': imageNotFound,
  'registry-login-required': registryLoginRequired,
  'registry-access-denied': registryAccessDenied,
  'registry-rate-limited': registryRateLimited,
  'registry-unreachable': registryUnreachable,
  'registry-answer-invalid': registryAnswerInvalid,
  'image-manifest-invalid': imageManifestInvalid,
  'disk-full': diskFull,
  'platform-mismatch': platformMismatch,
  'package-repository-key-rotated': packageRepositoryKeyRotated,
  'engine-unreachable': engineUnreachable,
  'engine-confined': engineConfined,
  'nested-engine-without-gpu': nestedEngineWithoutGpu,
  'container-toolkit-missing': containerToolkitMissing,
  'nvidia-runtime-not-registered': nvidiaRuntimeNotRegistered,
  'container-toolkit-misconfigured': containerToolkitMisconfigured,
  'container-toolkit-outdated': containerToolkitOutdated,
  'cgroup-device-rules': cgroupDeviceRules,
  'cdi-device-unresolved': cdiDeviceUnresolved,
  'cdi-spec-unsupported': cdiSpecUnsupported,
  'cdi-spec-stale': cdiSpecStale,
  'driver-not-installed': driverNotInstalled,
  'driver-not-loaded': driverNotLoaded,
  'driver-library-mismatch': driverLibraryMismatch,
  'open-kernel-module-required': openKernelModuleRequired,
  'gpu-lost': gpuLost,
  'gpu-device-access-lost': gpuDeviceAccessLost,
  'gpu-device-permission-denied': gpuDevicePermissionDenied,
  'uvm-unavailable': uvmUnavailable,
  'fabric-manager-not-running': fabricManagerNotRunning,
  'mig-device-invalid': migDeviceInvalid,
  'wsl-unsupported': wslUnsupported,
  'jetson-l4t-mismatch': jetsonL4tMismatch,
  'gpu-not-requested': gpuNotRequested,
  'driver-capabilities-missing': driverCapabilitiesMissing,
  'visible-devices-mismatch': visibleDevicesMismatch,
  'driver-too-old': driverTooOld,
  'requirement-unmet': requirementUnmet,
  'requirement-too-strict': requirementTooStrict,
  'minor-version-compatibility': minorVersionCompatibility,
  'forward-compatibility-unsupported': forwardCompatibilityUnsupported,
  'compat-library-shadows-driver': compatLibraryShadowsDriver,
  'compat-library-not-used': compatLibraryNotUsed,
  'forward-compatibility-in-use': forwardCompatibilityInUse,
  'no-kernel-for-gpu': noKernelForGpu,
  'ptx-too-new': ptxTooNew,
  'ptx-compiled-at-first-use': ptxCompiledAtFirstUse,
  'gpu-architecture-dropped': gpuArchitectureDropped,
  'gpu-unsupported-by-driver': gpuUnsupportedByDriver,
  'runtime-compiler-too-old': runtimeCompilerTooOld,
  'stub-driver-library-loaded': stubDriverLibraryLoaded,
  'driver-files-in-image': driverFilesInImage,
  'cuda-library-missing': cudaLibraryMissing,
  'cuda-library-conflict': cudaLibraryConflict,
  'cudnn-mismatch': cudnnMismatch,
  'framework-cpu-only': frameworkCpuOnly,
  'framework-cuda-mismatch': frameworkCudaMismatch,
  'libc-incompatible': libcIncompatible,
  'gpu-count-mismatch': gpuCountMismatch,
  'gpu-partly-covered': gpuPartlyCovered,
  'shared-memory-too-small': sharedMemoryTooSmall,
  'locked-memory-limit': lockedMemoryLimit,
  'peer-to-peer-broken': peerToPeerBroken,
  'nvls-unavailable': nvlsUnavailable,
  'host-libc-unsupported': hostLibcUnsupported,
  'kernel-feature-missing': kernelFeatureMissing,
  'ulimit-refused': ulimitRefused,
  'driver-proc-entries-missing': driverProcEntriesMissing,
  'engine-build-unsupported': engineBuildUnsupported,
  'nvlink-not-exposed': nvlinkNotExposed,
  'vgpu-feature-disabled': vgpuFeatureDisabled,
  'fabric-manager-not-needed': fabricManagerNotNeeded,
  'image-tag-misleading': imageTagMisleading,
  'binary-compatible-kernels': binaryCompatibleKernels,
  'gpu-result-wrong': gpuResultWrong,
  'gpu-busy': gpuBusy,
  'framework-cpu-fallback': frameworkCpuFallback,
  'waiver-expired': waiverExpired,
  'container-start-timed-out': containerStartTimedOut,
  'probe-not-reached': probeNotReached,
  'probe-timed-out': probeTimedOut,
  'probe-killed': probeKilled,
  unrecognised: unrecognised,
};

/** The words of every finding. */
export const WORDS: Readonly<Record<FindingId, Words>> = mapWords(BY_ID, unlessOverruled);

function mapWords(
  words: Readonly<Record<FindingId, Words>>,
  change: (words: Words) => Words,
): Readonly<Record<FindingId, Words>> {
  const entries = Object.entries(words).map(([id, one]) => [id, change(one)]);
  return Object.fromEntries(entries) as Record<FindingId, Words>;
}
