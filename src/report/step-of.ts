import type { FindingId } from '../core/catalogue.js';
import type { ImageReport, ReportedFinding } from './report.js';

/** The steps of the diagnosis path, in the order in which a person would take them. */
export const STEP_IDS = [
  'engine',
  'image',
  'requested',
  'toolkit',
  'driver',
  'version',
  'started',
  'libcuda',
  'gpus',
  'build',
  'libraries',
  'conflict',
  'code',
  'compute',
] as const;

export type StepId = (typeof STEP_IDS)[number];

type Choice = (image: ImageReport, finding: ReportedFinding) => StepId;

/** The step at which each cause shows. The compiler keeps it complete; the few whose step depends on the facts say how. */
const STEP_OF: Readonly<Record<FindingId, StepId | Choice>> = {
  'engine-unreachable': 'engine',
  'engine-confined': 'engine',
  'engine-build-unsupported': 'engine',
  'nested-engine-without-gpu': 'engine',
  'host-libc-unsupported': 'engine',
  'kernel-feature-missing': 'engine',
  'ulimit-refused': 'engine',

  'image-reference-invalid': 'image',
  'image-not-found': 'image',
  'registry-login-required': 'image',
  'registry-access-denied': 'image',
  'registry-rate-limited': 'image',
  'registry-unreachable': 'image',
  'disk-full': 'image',
  'platform-mismatch': 'image',
  'package-repository-key-rotated': 'image',
  'image-tag-misleading': 'image',
  'image-manifest-invalid': 'image',
  'registry-answer-invalid': 'image',

  'gpu-not-requested': 'requested',
  'visible-devices-mismatch': 'requested',
  'mig-device-invalid': 'requested',
  'driver-capabilities-missing': 'requested',

  'container-toolkit-missing': 'toolkit',
  'nvidia-runtime-not-registered': 'toolkit',
  'container-toolkit-misconfigured': 'toolkit',
  'container-toolkit-outdated': 'toolkit',
  'cgroup-device-rules': 'toolkit',
  'cdi-device-unresolved': 'toolkit',
  'cdi-spec-unsupported': 'toolkit',
  'cdi-spec-stale': 'toolkit',
  'driver-proc-entries-missing': 'toolkit',

  'driver-not-installed': 'driver',
  'driver-not-loaded': 'driver',
  'driver-library-mismatch': 'driver',
  'open-kernel-module-required': 'driver',
  'wsl-unsupported': 'driver',

  'driver-too-old': 'version',
  'requirement-unmet': 'version',
  'requirement-too-strict': 'version',
  'minor-version-compatibility': 'version',
  'jetson-l4t-mismatch': 'version',
  'gpu-unsupported-by-driver': 'version',

  'libc-incompatible': 'started',
  unrecognised: ({ facts }) => (facts.failure?.stage === 'pull' ? 'image' : 'started'),
  'container-start-timed-out': 'started',
  'probe-not-reached': 'started',
  'probe-timed-out': stoppedAt,
  'probe-killed': stoppedAt,

  'stub-driver-library-loaded': 'libcuda',
  'driver-files-in-image': 'libcuda',
  'compat-library-shadows-driver': 'libcuda',
  'compat-library-not-used': 'libcuda',
  'forward-compatibility-unsupported': 'libcuda',
  'forward-compatibility-in-use': 'libcuda',

  'gpu-lost': 'gpus',
  'gpu-busy': 'gpus',
  'gpu-result-wrong': 'gpus',
  'gpu-count-mismatch': 'gpus',
  'gpu-device-access-lost': 'gpus',
  'gpu-device-permission-denied': 'gpus',
  'uvm-unavailable': 'gpus',
  'fabric-manager-not-running': 'gpus',
  'fabric-manager-not-needed': 'gpus',
  'vgpu-feature-disabled': 'gpus',
  'gpu-partly-covered': causeOfPart,

  'framework-cpu-only': 'build',
  'framework-cuda-mismatch': 'build',

  'cuda-library-missing': 'libraries',

  'cuda-library-conflict': 'conflict',
  'cudnn-mismatch': 'conflict',

  'no-kernel-for-gpu': 'code',
  'ptx-too-new': 'code',
  'ptx-compiled-at-first-use': 'code',
  'binary-compatible-kernels': 'code',
  'gpu-architecture-dropped': 'code',
  'runtime-compiler-too-old': 'code',

  'framework-cpu-fallback': 'compute',
  'shared-memory-too-small': 'compute',
  'locked-memory-limit': 'compute',
  'peer-to-peer-broken': 'compute',
  'nvls-unavailable': 'compute',
  'nvlink-not-exposed': 'compute',

  'waiver-expired': waivedCause,
};

/** The one step of the path at which a finding shows. */
export function stepOf(image: ImageReport, finding: ReportedFinding): StepId {
  // A report of a later release may hold ids that this one does not know.
  const step = Object.hasOwn(STEP_OF, finding.id) ? STEP_OF[finding.id] : 'started';
  return typeof step === 'function' ? step(image, finding) : step;
}

/** The first step of the probe that has no end. */
function stoppedAt({ facts: { probe } }: ImageReport): StepId {
  if (probe?.started !== true) return 'started';
  if (probe.libcuda === undefined && probe.init === undefined) return 'libcuda';
  if (probe.init?.code === undefined) return 'gpus';
  if ((probe.gpus ?? []).some(({ kernel }) => kernel?.code === undefined)) return 'gpus';
  return probe.runtime?.code === undefined ? 'libraries' : 'compute';
}

/** A runner of which only some GPUs work: where the cause of the others lies. */
function causeOfPart(image: ImageReport, partly: ReportedFinding): StepId {
  const causes = partly.data.notes ?? [];
  const cause = image.findings.find(({ id }) => id !== partly.id && causes.includes(id));
  return cause === undefined ? 'gpus' : stepOf(image, cause);
}

/** A waiver that has passed its date: the step of what it waived. */
function waivedCause(image: ImageReport, expired: ReportedFinding): StepId {
  const waived = image.findings.find(
    ({ id }) => id !== 'waiver-expired' && id === expired.data.clause,
  );
  return waived === undefined ? 'started' : stepOf(image, waived);
}
