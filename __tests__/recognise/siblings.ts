/**
 * The same failures as other programs and releases word them. Written from what the programs print (the sources are those of the
 * entries that recognise them); any of the named findings may lead.
 */
export const SIBLINGS: readonly (readonly [expected: string, text: string])[] = [
  // image references and registries
  ['image-reference-invalid', "docker: invalid reference format.\nSee 'docker run --help'."],
  [
    'image-reference-invalid',
    'invalid reference format: repository name (myorg/MyImage) must be lowercase',
  ],
  [
    'image-reference-invalid',
    'Error parsing reference: "my image:latest" is not a valid repository/tag: invalid reference format',
  ],
  [
    'image-reference-invalid',
    'Error: parsing reference "NVIDIA/cuda:12": repository name must be lowercase',
  ],
  [
    'image-reference-invalid',
    'Failed to apply default image tag "nvcr.io/NVIDIA/cuda": couldn\'t parse image name "nvcr.io/NVIDIA/cuda": invalid reference format: repository name (NVIDIA/cuda) must be lowercase',
  ],
  [
    'image-reference-invalid',
    'ERROR: failed to solve: failed to parse stage name "$BASE": invalid reference format',
  ],
  [
    'image-reference-invalid',
    'ERROR: failed to build: failed to solve: base name ($BASE_IMAGE) should not be blank',
  ],
  [
    'image-reference-invalid',
    'Warning  InspectFailed  3s  kubelet  Failed to apply default image tag "": couldn\'t parse image name\nWarning Failed Error: InvalidImageName',
  ],
  [
    'image-reference-invalid',
    'FATA[0000] failed to parse reference "docker.io/nvidia/cuda:12:0": invalid reference format',
  ],
  [
    'image-reference-invalid',
    'Error: short-name resolution enforced but cannot prompt without a TTY',
  ],
  [
    'image-not-found',
    'docker: Error response from daemon: manifest for nvidia/cuda:latest not found: manifest unknown: manifest unknown.',
  ],
  [
    'image-not-found',
    'Error response from daemon: failed to resolve reference "docker.io/nvidia/cuda:11.0-base": docker.io/nvidia/cuda:11.0-base: not found',
  ],
  [
    'image-not-found',
    'Failed to pull image "nvidia/cuda:11.0-base": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/nvidia/cuda:11.0-base": failed to resolve reference "docker.io/nvidia/cuda:11.0-base": docker.io/nvidia/cuda:11.0-base: not found',
  ],
  [
    'image-not-found',
    'FATA[0002] failed to resolve reference "docker.io/nvidia/cuda:foo": docker.io/nvidia/cuda:foo: not found',
  ],
  [
    'image-not-found',
    'Error: initializing source docker://ghcr.io/org/app:v9: reading manifest v9 in ghcr.io/org/app: manifest unknown',
  ],
  [
    'image-not-found',
    '#3 ERROR: docker.io/nvidia/cuda:11.2.0-base: not found\n------\n > [internal] load metadata for docker.io/nvidia/cuda:11.2.0-base:',
  ],
  ['image-not-found', 'ERROR: manifest for pytorch/pytorch:2.99 not found: manifest unknown'],
  ['image-not-found', 'Error response from daemon: manifest unknown'],
  [
    'image-not-found',
    "name unknown: The repository with name 'app' does not exist in the registry with id '123456789012'",
  ],
  ['image-not-found', 'docker: Error response from daemon: No such image: nvidia/cuda:12.4.'],
  ['image-not-found', 'Error: quay.io/org/app:1: image not known'],
  ['image-not-found', 'unknown: artifact library/cuda:12.9 not found'],
  ['image-not-found', 'Tag v1.2 was deleted or has expired. To pull, revive via time machine'],
  ['image-not-found', 'Error response from daemon: manifest tagged by "latest" is not found'],
  [
    'registry-access-denied|image-not-found|registry-login-required',
    "docker: Error response from daemon: pull access denied for my-gpu-app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied.",
  ],
  [
    'registry-access-denied|image-not-found|registry-login-required',
    'Error response from daemon: pull access denied for foo/bar, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  [
    'registry-access-denied',
    'ERROR: failed to solve: ghcr.io/org/private:1: failed to resolve source metadata for ghcr.io/org/private:1: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aorg%2Fprivate%3Apull: 403 Forbidden',
  ],
  [
    'registry-access-denied',
    'Error response from daemon: Head "https://ghcr.io/v2/org/private/manifests/latest": denied',
  ],
  ['registry-access-denied', 'error from registry: denied\ndenied'],
  ['registry-access-denied', 'denied: permission_denied: read_package'],
  [
    'registry-access-denied',
    'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/p/locations/us/repositories/r" (or it may not exist)',
  ],
  [
    'registry-access-denied',
    'Error response from daemon: Get "https://nvcr.io/v2/nvidia/nemo/manifests/24.01": unexpected status code 403 Forbidden',
  ],
  [
    'registry-access-denied',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://nvcr.io/v2/nim/meta/llama3/blobs/sha256:abc: 402 Payment Required',
  ],
  [
    'registry-login-required',
    'Error response from daemon: Head "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/latest": no basic auth credentials',
  ],
  [
    'registry-login-required',
    'docker: Error response from daemon: unauthorized: access to the requested resource is not authorized.',
  ],
  [
    'registry-login-required',
    'denied: Your authorization token has expired. Reauthenticate and try again.',
  ],
  [
    'registry-login-required',
    'Error: initializing source docker://nvcr.io/nvidia/nemo:dev: unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
  ],
  [
    'registry-login-required',
    'unexpected status from HEAD request to https://nvcr.io/v2/nvidia/nemo/manifests/dev: 401 Unauthorized',
  ],
  [
    'registry-login-required',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
  ],
  ['registry-login-required', 'error getting credentials - err: exit status 1, out: ``'],
  [
    'registry-login-required',
    'Failed to pull image "nvcr.io/x/y:1": failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://authn.nvidia.com/token: 401 Unauthorized',
  ],
  [
    'registry-rate-limited',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ],
  [
    'registry-rate-limited',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/nvidia/cuda/manifests/sha256:abc: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
  ],
  ['registry-rate-limited', 'toomanyrequests: Rate exceeded'],
  [
    'registry-rate-limited',
    'Error: initializing source docker://nvidia/cuda:12: reading manifest 12 in docker.io/nvidia/cuda: toomanyrequests: You have reached your pull rate limit.',
  ],
  [
    'registry-rate-limited',
    'Requesting bearer token: invalid status code from registry 429 (Too Many Requests)',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: Get "https://nvcr.io/v2/": net/http: TLS handshake timeout',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: Get "https://registry.local/v2/": x509: certificate signed by unknown authority',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: Get "https://10.0.0.5:5000/v2/": http: server gave HTTP response to HTTPS client',
  ],
  [
    'registry-unreachable',
    'failed to do request: Head "https://registry-1.docker.io/v2/nvidia/cuda/manifests/12": dial tcp: lookup registry-1.docker.io: i/o timeout',
  ],
  [
    'registry-unreachable',
    'Error: pinging container registry nvcr.io: Get "https://nvcr.io/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
  ],
  [
    'registry-unreachable',
    'error pulling image configuration: download failed after attempts=6: dial tcp 104.16.101.215:443: i/o timeout',
  ],
  [
    'registry-unreachable',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": EOF',
  ],
  ['registry-unreachable', 'dial tcp: lookup nvcr.io: no such host'],
  [
    'registry-unreachable',
    'read tcp 172.17.0.2:5432->104.18.124.25:443: read: connection reset by peer while pulling https://production.cloudflare.docker.com/registry-v2/docker/registry',
  ],
  [
    'disk-full',
    'failed to register layer: Error processing tar file(exit status 1): write /usr/lib/x86_64-linux-gnu/libcudnn_cnn_infer.so.8: no space left on device',
  ],
  [
    'disk-full',
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
  ],
  [
    'disk-full',
    'Error: writing blob: storing blob to file "/var/tmp/storage123/1": write /var/tmp/storage123/1: no space left on device',
  ],
  [
    'disk-full',
    "System.IO.IOException: No space left on device : '/home/runner/runners/2.300/_diag/Worker.log'",
  ],
  ['disk-full', "E: You don't have enough free space in /var/cache/apt/archives/."],
  ['disk-full', 'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi'],
  [
    'disk-full',
    'failed to extract layer sha256:abc: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/x: no space left on device: unknown',
  ],
  [
    'disk-full',
    'Error: committing container: copying layers and metadata: ApplyLayer stdout:  stderr: open /opt/x: disk quota exceeded exit status 1',
  ],
  [
    'platform-mismatch',
    'docker: no matching manifest for linux/arm64/v8 in the manifest list entries.',
  ],
  [
    'platform-mismatch',
    'no matching manifest for windows/amd64 10.0.19045 in the manifest list entries.',
  ],
  [
    'platform-mismatch',
    'ERROR: failed to solve: vllm/vllm-openai:v0.4: no match for platform in manifest: not found',
  ],
  ['platform-mismatch', 'standard_init_linux.go:228: exec user process caused: exec format error'],
  ['platform-mismatch', 'exec /usr/local/bin/entrypoint.sh: exec format error'],
  [
    'platform-mismatch',
    'Error: choosing an image from manifest list docker://nvidia/cuda:10: no image found in manifest list for architecture "arm64", variant "v8", OS "linux"',
  ],
  [
    'platform-mismatch',
    'docker: Error response from daemon: image with reference nvidia/cuda:12 was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64.',
  ],
  ['platform-mismatch', 'bash: /opt/app/run: cannot execute binary file: Exec format error'],
  [
    'platform-mismatch',
    "qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory",
  ],
  [
    'platform-mismatch',
    '{"msg":"exec container process `/usr/bin/python`: Exec format error","level":"error"}',
  ],
  ['platform-mismatch', 'ErrImagePull: no match for platform in manifest sha256:abcd: not found'],
  [
    'package-repository-key-rotated',
    "W: GPG error: https://developer.download.nvidia.com/compute/machine-learning/repos/ubuntu1804/x86_64  InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY F60F4B3D7FA2AF80",
  ],
  [
    'package-repository-key-rotated',
    "E: The repository 'https://developer.download.nvidia.com/compute/cuda/repos/ubuntu1804/x86_64  InRelease' is not signed.",
  ],
  [
    'package-repository-key-rotated',
    'Public key for cuda-cudart-11-3-11.3.109-1.x86_64.rpm is not installed',
  ],
  [
    'package-repository-key-rotated',
    'Err:1 https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2004/x86_64  InRelease The following signatures were invalid: EXPKEYSIG A4B469963BF863CC cudatools <cudatools@nvidia.com>',
  ],
  // engines
  [
    'engine-unreachable',
    'docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?.',
  ],
  [
    'engine-unreachable',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
  ],
  [
    'engine-unreachable',
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
  ],
  [
    'engine-unreachable',
    'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
  ],
  [
    'engine-unreachable',
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
  ],
  ['engine-unreachable', '/bin/sh: 1: docker: not found'],
  ['engine-unreachable', 'bash: line 1: docker: command not found'],
  [
    'engine-unreachable',
    'error during connect: This error may indicate that the docker daemon is not running.: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/info": open //./pipe/docker_engine: The system cannot find the file specified.',
  ],
  ['engine-unreachable', "The command 'docker' could not be found in this WSL 2 distro."],
  [
    'engine-unreachable',
    'Error: unable to connect to Podman socket: Get "http://d/v4.0.0/libpod/_ping": dial unix /run/user/1000/podman/podman.sock: connect: no such file or directory',
  ],
  [
    'engine-unreachable',
    'time="2024-01-01T00:00:00Z" level=fatal msg="cannot access containerd socket \\"/run/containerd/containerd.sock\\": no such file or directory"',
  ],
  [
    'engine-unreachable',
    'rootless containerd not running? (hint: use `containerd-rootless-setuptool.sh install` to start rootless containerd): stat /run/user/1000/containerd-rootless: no such file or directory',
  ],
  ['engine-unreachable', 'Failed to start docker.service: Unit docker.service not found.'],
  [
    'engine-unreachable',
    "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
  ],
  [
    'engine-unreachable',
    'ctr: failed to dial "/run/containerd/containerd.sock": connection error: desc = "transport: error while dialing: dial unix /run/containerd/containerd.sock: connect: permission denied"',
  ],
  [
    'container-toolkit-missing',
    'docker: Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]].',
  ],
  [
    'container-toolkit-missing',
    'Error response from daemon: could not select device driver "" with capabilities: [[compute utility]]',
  ],
  ['container-toolkit-missing', 'nvidia-container-cli: command not found'],
  [
    'container-toolkit-missing',
    'docker: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/log.json: no such file or directory): exec: "nvidia-container-runtime": executable file not found in $PATH: : unknown.',
  ],
  [
    'container-toolkit-missing',
    'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: fork/exec /usr/bin/nvidia-container-runtime-hook: no such file or directory: unknown',
  ],
  [
    'container-toolkit-missing',
    'FATA[0000] exec: "nvidia-container-cli": executable file not found in $PATH',
  ],
  [
    'container-toolkit-missing',
    'failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v2.task/k8s.io/abc/log.json: no such file or directory): fork/exec /usr/bin/nvidia-container-runtime: no such file or directory: unknown',
  ],
  [
    'nvidia-runtime-not-registered',
    'docker: Error response from daemon: Unknown runtime specified nvidia.',
  ],
  [
    'nvidia-runtime-not-registered',
    'Error response from daemon: unknown or invalid runtime name: nvidia',
  ],
  [
    'nvidia-runtime-not-registered',
    'Error: requested OCI runtime nvidia is not available: invalid argument',
  ],
  [
    'nvidia-runtime-not-registered',
    'Error: default OCI runtime "nvidia" not found: invalid argument',
  ],
  [
    'nvidia-runtime-not-registered',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
  ],
  ['nvidia-runtime-not-registered', 'Pod Broken: pod rejected: RuntimeClass "nvidia" not found'],
  [
    'nvidia-runtime-not-registered',
    'Error creating: pods "x" is forbidden: pod rejected: RuntimeClass.node.k8s.io "nvidia" not found',
  ],
  [
    'nvidia-runtime-not-registered',
    "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for beginning of object key string",
  ],
  [
    'nvidia-runtime-not-registered',
    'unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: runtimes: (from flag: [nvidia], from file: map[nvidia:map[path:nvidia-container-runtime]])',
  ],
  [
    'nvidia-runtime-not-registered',
    'rpc error: code = Unknown desc = RuntimeHandler "nvidia" not supported',
  ],
  [
    'nvidia-runtime-not-registered',
    'failed to start shim: failed to resolve runtime path: runtime "nvidia" binary not installed "nvidia": file does not exist: unknown',
  ],
  ['engine-build-unsupported', "unknown flag: --gpus\nSee 'docker run --help'."],
  [
    'engine-build-unsupported',
    "services.app.deploy.resources.reservations value Additional properties are not allowed ('devices' was unexpected)",
  ],
  [
    'engine-confined',
    'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].\n$ which docker\n/snap/bin/docker\nsnap list | grep docker',
  ],
  [
    'nested-engine-without-gpu',
    'docker:24-dind\ndocker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
  ],
  // libnvidia-container, runtime, hook
  [
    'requirement-unmet',
    'nvidia-container-cli: requirement error: unsatisfied condition: brand = tesla',
  ],
  [
    'requirement-unmet',
    'docker: Error response from daemon: OCI runtime create failed: container_linux.go:345: starting container process caused \\"process_linux.go:430: container init caused \\\\\\"process_linux.go:413: running prestart hook 1 caused \\\\\\\\\\\\\\"error running hook: exit status 1, stdout: , stderr: exec command: [/usr/bin/nvidia-container-cli --load-kmods configure --ldconfig=@/sbin/ldconfig.real --device=all --compute --utility --require=cuda>=10.1 brand=tesla,driver>=384,driver<385 --pid=63334 /var/lib/docker/overlay2/x/merged]\\\\\\\\\\\\\\\\nnvidia-container-cli: requirement error: unsatisfied condition: driver >= 410\\\\\\\\\\\\\\\\n\\\\\\\\\\\\\\"\\\\\\"\\": unknown.',
  ],
  [
    'requirement-unmet',
    'nvidia-container-cli: requirement error: unsatisfied condition: cuda\\u003e=11.6, please update your driver to a newer version',
  ],
  ['container-toolkit-outdated', 'nvidia-container-cli: requirement error: invalid expression'],
  [
    'container-toolkit-outdated',
    "nvidia-container-cli: unrecognized option '--cuda-compat-mode=mount'",
  ],
  [
    'container-toolkit-outdated',
    'nvidia-container-cli: container error: failed to get device cgroup version: cgroup subsystem devices not found: unknown',
  ],
  [
    'driver-library-mismatch',
    'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.183',
  ],
  [
    'driver-library-mismatch',
    'pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch.',
  ],
  [
    'driver-library-mismatch',
    'kernel version 470.57.2 does not match DSO version 470.82.1 -- cannot find working devices in this configuration',
  ],
  [
    'driver-not-loaded',
    'nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown',
  ],
  ['driver-not-loaded', 'Failed to initialize NVML: Driver Not Loaded'],
  [
    'driver-not-loaded',
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
  ],
  [
    'driver-not-loaded',
    'NVIDIA-SMI has failed because you do not have suffient permissions. Please try running as an administrator.\nmodprobe: FATAL: Module nvidia not found in directory /lib/modules/5.15.0-91-generic',
  ],
  ['driver-not-loaded', "modprobe: ERROR: could not insert 'nvidia': Key was rejected by service"],
  ['driver-not-loaded', "modprobe: ERROR: could not insert 'nvidia': No such device"],
  ['driver-not-loaded', 'NVRM: No NVIDIA GPU found.'],
  [
    'driver-not-loaded',
    'NVRM: This can occur when a driver such as:\nNVRM: nouveau, rivafb, nvidiafb or rivatv\nNVRM: was loaded and obtained ownership of the NVIDIA device(s).',
  ],
  [
    'driver-not-loaded',
    'kernel driver does not appear to be running on this host (node1): /proc/driver/nvidia/version does not exist',
  ],
  ['driver-not-loaded', 'pynvml.nvml.NVMLError_DriverNotLoaded: Driver Not Loaded'],
  [
    'driver-not-installed',
    'nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown',
  ],
  [
    'driver-not-installed',
    'nvidia-container-cli: initialization error: cannot open shared object file: no such file or directory: unknown.',
  ],
  [
    'driver-not-installed',
    'failed to generate CDI spec: failed to create device CDI specs: failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND',
  ],
  [
    'driver-not-installed',
    "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.",
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: ldcache error: open failed: /sbin/ldconfig.real: no such file or directory: unknown.',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: ldcache error: process /sbin/ldconfig.real terminated with signal 9',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: initialization error: privilege change failed: operation not permitted',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: initialization error: driver rpc error: timed out',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: initialization error: nvcgo rpc error: failed',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: mount error: mount operation failed: /usr/src/tensorrt: no such file or directory',
  ],
  [
    'container-toolkit-misconfigured',
    'OCI runtime create failed: error locating runtime: no runtime binary found from candidate list: [runc crun]',
  ],
  [
    'container-toolkit-misconfigured',
    'invoking the NVIDIA Container Runtime Hook directly (e.g. specifying the docker --gpus flag) is not supported. Please use the NVIDIA Container Runtime (e.g. specify the --runtime=nvidia flag) instead',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: initialization error: open failed: /proc/sys/kernel/overflowuid: permission denied',
  ],
  [
    'cgroup-device-rules',
    'nvidia-container-cli: mount error: open failed: /sys/fs/cgroup/devices/docker/abc/devices.allow: read-only file system',
  ],
  [
    'cgroup-device-rules',
    'nvidia-container-cli: mount error: failed to add device rules: unable to generate new device filter program from existing programs: unable to create new device filters program: load program: invalid argument: last insn is not an exit or jmp',
  ],
  [
    'cgroup-device-rules',
    'Error: OCI runtime error: crun: error executing hook `/usr/bin/nvidia-container-toolkit` (exit code: 1)\nnvidia-container-cli: mount error: open failed: /sys/fs/cgroup/devices/user.slice/devices.allow: permission denied',
  ],
  [
    'driver-proc-entries-missing',
    'nvidia-container-cli: mount error: mount operation failed: /proc/driver/nvidia/gpus/0000:01:00.0: no such file or directory',
  ],
  [
    'driver-proc-entries-missing',
    'nvidia-container-cli: detection error: open failed: /proc/driver/nvidia/params: no such file or directory',
  ],
  ['visible-devices-mismatch', 'nvidia-container-cli: device error: unknown device id: 7: unknown'],
  ['visible-devices-mismatch', 'nvidia-container-cli: device error: 1: unknown device: unknown'],
  [
    'visible-devices-mismatch',
    'nvidia-container-cli: device error: GPU-18a3e86f-4c0e-cd9f-59c3-55488c4b0c24: unknown device: unknown.',
  ],
  ['visible-devices-mismatch', 'RuntimeError: CUDA error: invalid device ordinal'],
  [
    'visible-devices-mismatch',
    "ValueError: Invalid CUDA 'device=0' requested. Use 'device=cpu' or pass valid CUDA device(s) if available, i.e. 'device=0' or 'device=0,1,2,3' for Multi-GPU.",
  ],
  [
    'mig-device-invalid',
    'nvidia-container-cli: device error: unknown device id: MIG-5c89852c-d268-c3f3-1b07-005d5ae1dc3f',
  ],
  ['mig-device-invalid', 'nvidia-container-cli: device error: 0:1: unknown device'],
  ['mig-device-invalid', 'cannot find MIG device with UUID MIG-5c89852c: not found'],
  [
    'mig-device-invalid',
    'Cannot construct strategy: at least one device with migEnabled=true was not configured correctly: device 0 has an invalid MIG configuration',
  ],
  [
    'driver-files-in-image',
    'nvidia-container-cli: mount error: file creation failed: /var/lib/docker/overlay2/x/merged/usr/lib64/libcuda.so.1: file exists: unknown',
  ],
  ['driver-files-in-image', 'error while loading shared libraries: libcuda.so.1: file too short'],
  [
    'driver-files-in-image',
    '/sbin/ldconfig.real: File /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1 is empty, not checked.',
  ],
  // CDI
  [
    'cdi-device-unresolved',
    'docker: Error response from daemon: CDI device injection failed: unresolvable CDI devices nvidia.com/gpu=all',
  ],
  [
    'cdi-device-unresolved',
    'failed to create task for container: OCI runtime create failed: could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=all: unknown',
  ],
  [
    'cdi-device-unresolved',
    'Error: error setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=0',
  ],
  [
    'cdi-device-unresolved',
    'Failed to create containerd task: failed to generate spec: CDI device injection failed: unresolvable CDI devices k8s.device-plugin.nvidia.com/gpu=GPU-1234',
  ],
  // Docker 29.7.2 was seen to say this where it had found no program of NVIDIA's toolkit.
  [
    'container-toolkit-missing',
    'docker: Error response from daemon: failed to discover GPU vendor from CDI: no known GPU vendor found',
  ],
  [
    'cdi-spec-unsupported',
    'failed to load CDI Spec failed to validate CDI Spec "/etc/cdi/nvidia.yaml": invalid CDI version "0.8.0"',
  ],
  [
    'cdi-spec-unsupported',
    'docker: Error response from daemon: error gathering device information while adding custom device "nvidia.com/gpu=all": no such file or directory.',
  ],
  ['cdi-spec-unsupported', 'Error: stat nvidia.com/gpu=all: no such file or directory'],
  ['cdi-spec-unsupported', 'json: unknown field "intelRdt"'],
  [
    'cdi-spec-stale',
    'Error: setting up CDI devices: failed to inject devices: failed to stat CDI host device "/dev/nvidia-modeset": no such file or directory',
  ],
  [
    'cdi-spec-stale',
    'Error: crun: cannot stat `/usr/lib64/libEGL_nvidia.so.535.129.03`: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
  [
    'cdi-spec-stale',
    "Error: crun: error stat'ing file `/lib/x86_64-linux-gnu/libnvidia-egl-gbm.so.1.1.0`: No such file or directory: OCI runtime attempted to invoke a command that was not found",
  ],
  [
    'cdi-spec-stale',
    'runc create failed: unable to start container process: error during container init: error mounting "/usr/lib/x86_64-linux-gnu/libcuda.so.550.90.07" to rootfs at "/usr/lib/x86_64-linux-gnu/libcuda.so.550.90.07": no such file or directory: unknown',
  ],
  ['cdi-spec-stale', 'Error: statfs /usr/bin/nvidia-cuda-mps-control: no such file or directory'],
  // NVML, nvidia-smi, kernel
  ['gpu-device-access-lost', 'Failed to initialize NVML: Unknown Error'],
  ['gpu-device-access-lost', 'pynvml.nvml.NVMLError_Unknown: Unknown Error'],
  ['gpu-device-permission-denied', 'pynvml.NVMLError_NoPermission: Insufficient Permissions'],
  [
    'gpu-device-permission-denied',
    'NvRmMemInitNvmap failed with Permission denied\nopen /dev/nvmap: Permission denied',
  ],
  [
    'gpu-device-permission-denied',
    'type=AVC msg=audit(1): avc:  denied  { read write } for  pid=1 comm="nvidia-smi" path="/dev/nvidiactl"',
  ],
  ['gpu-device-permission-denied', 'crun: open `/dev/nvidia0`: Operation not permitted'],
  [
    'gpu-not-requested',
    'docker: Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nvidia-smi": executable file not found in $PATH: unknown.',
  ],
  ['gpu-not-requested', 'bash: nvidia-smi: command not found'],
  ['gpu-not-requested', "FileNotFoundError: [Errno 2] No such file or directory: 'nvidia-smi'"],
  [
    'gpu-not-requested',
    '/usr/bin/ld: cannot find -lcuda: No such file or directory\ncollect2: error: ld returned 1 exit status',
  ],
  [
    'gpu-not-requested',
    'WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.\n   Use the NVIDIA Container Toolkit to start this container with GPU support; see\n   https://docs.nvidia.com/datacenter/cloud-native/ .',
  ],
  [
    'gpu-not-requested',
    'ImportError: libcuda.so.1: cannot open shared object file: No such file or directory',
  ],
  ['gpu-not-requested|visible-devices-mismatch', 'RuntimeError: No CUDA GPUs are available'],
  [
    'gpu-not-requested',
    "/tmp/pip-build/torch/utils/cpp_extension.py\", line 1694, in _get_cuda_arch_flags\n    arch_list[-1] += '+PTX'\nIndexError: list index out of range",
  ],
  [
    'gpu-not-requested',
    'E external/local_xla/xla/stream_executor/cuda/cuda_driver.cc:266] failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
  ],
  [
    'gpu-lost',
    'Unable to determine the device handle for GPU0000:41:00.0: Unknown Error\nNo devices were found',
  ],
  [
    'gpu-lost',
    "NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
  ],
  ['gpu-lost', 'NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x26:0x56:1474)'],
  ['gpu-lost', 'pynvml.NVMLError_GpuIsLost: GPU is lost'],
  [
    'gpu-lost',
    'NVRM: Xid (PCI:0000:c1:00): 119, pid=1453, name=python3, Timeout after 6s of waiting for RPC response from GPU0 GSP!',
  ],
  ['gpu-lost', 'RuntimeError: CUDA error: uncorrectable ECC error encountered'],
  [
    'gpu-lost',
    'NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\nNVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)',
  ],
  ['gpu-lost', 'nvidia-container-cli: detection error: nvml error: gpu is lost'],
  [
    'open-kernel-module-required',
    'NVRM: installed in this system requires use of the NVIDIA open kernel modules.\nNVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x22:0x56:897)',
  ],
  [
    'gpu-unsupported-by-driver',
    'NVRM: The NVIDIA GeForce GTX 680 GPU installed in this system is\nNVRM:  supported through the NVIDIA 470.xx Legacy drivers. Please\nNVRM:  visit http://www.nvidia.com/object/unix.html for more\nNVRM:  information.  The 535.54.03 NVIDIA driver will ignore\nNVRM:  this GPU.  Continuing probe...',
  ],
  [
    'gpu-unsupported-by-driver',
    'NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2684)\nNVRM: installed in this system is not supported by the\nNVRM: NVIDIA 470.223.02 driver release.',
  ],
  [
    'gpu-unsupported-by-driver',
    'NVRM: The NVIDIA GPU 0000:06:00.0 (PCI ID: 10de:1b06) installed in this system is not supported by open nvidia.ko because it does not include the required GPU System Processor (GSP).',
  ],
  [
    'fabric-manager-not-running',
    'cuda runtime error (802) : system not yet initialized at /pytorch/aten/src/THC/THCGeneral.cpp:50',
  ],
  ['fabric-manager-not-running', 'CUDA_ERROR_SYSTEM_NOT_READY: system not yet initialized'],
  ['fabric-manager-not-running', 'cuInit(0) failed with error code 802'],
  [
    'fabric-manager-not-running',
    "fabric manager NVIDIA GPU driver interface version 550.54.14 don't match with driver version 550.54.15. Please update with matching NVIDIA driver package.",
  ],
  [
    'fabric-manager-not-running',
    'nvidia-fabricmanager.service: Main process exited, code=exited, status=1/FAILURE\nFailed to start NVIDIA fabric manager service.',
  ],
  [
    'fabric-manager-not-needed',
    'nv-fabricmanager[1234]: request to query NVSwitch device information from NVSwitch driver failed with error:WARNING Nothing to do [NV_WARN_NOTHING_TO_DO]\nFailed to start nvidia-fabricmanager.service',
  ],
  [
    'wsl-unsupported',
    'nvidia-container-cli: initialization error: WSL environment detected but no adapters were found: unknown',
  ],
  ['wsl-unsupported', 'Failed to initialize NVML: GPU access blocked by the operating system'],
  [
    'jetson-l4t-mismatch',
    'ImportError: libnvinfer.so.8: cannot open shared object file: No such file or directory\n# R35 (release), REVISION: 4.1, BOARD: t186ref\nlibnvrm_gpu.so: cannot open shared object file: No such file or directory',
  ],
  [
    'host-libc-unsupported',
    'nvidia-container-cli: initialization error: load library failed: Error relocating /usr/lib/libnvidia-ml.so.1: gnu_get_libc_version: symbol not found',
  ],
  [
    'kernel-feature-missing',
    'docker: Error response from daemon: OCI runtime create failed: runc create failed: seccomp: config provided but seccomp not supported: unknown.',
  ],
  [
    'kernel-feature-missing',
    'docker: Error response from daemon: seccomp is not enabled in your kernel, cannot run a custom seccomp profile.',
  ],
  [
    'kernel-feature-missing|cgroup-device-rules',
    'runc create failed: unable to start container process: error setting cgroup config for procHooks process: bpf_prog_query(BPF_CGROUP_DEVICE) failed: function not implemented: unknown',
  ],
  // CUDA
  ['stub-driver-library-loaded', 'CUDA_ERROR_STUB_LIBRARY: CUDA driver is a stub library'],
  [
    'stub-driver-library-loaded',
    'RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 34: CUDA driver is a stub library',
  ],
  ['stub-driver-library-loaded', 'failed call to cuInit: UNKNOWN ERROR (34)'],
  [
    'driver-too-old',
    'cudaErrorInsufficientDriver: CUDA driver version is insufficient for CUDA runtime version',
  ],
  [
    'driver-too-old',
    'UserWarning: CUDA initialization: The NVIDIA driver on your system is too old (found version 12020). Please update your GPU driver by downloading and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx',
  ],
  [
    'driver-too-old',
    'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ; hostname=x',
  ],
  [
    'driver-too-old',
    "NCCL WARN Cuda failure 'CUDA driver version is insufficient for CUDA runtime version'",
  ],
  [
    'driver-too-old',
    'ggml_cuda_init: failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime version',
  ],
  [
    'driver-too-old',
    'ERROR: This container was built for NVIDIA Driver Release 535.86 or later, but version 470.57.02 was detected',
  ],
  [
    'forward-compatibility-unsupported',
    'CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: forward compatibility was attempted on non supported HW',
  ],
  ['forward-compatibility-unsupported', 'cudaErrorCompatNotSupportedOnDevice'],
  [
    'forward-compatibility-unsupported',
    '[[ Forward compatibility was attempted on non supported HW (error 804) ]]',
  ],
  [
    'compat-library-shadows-driver',
    'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver / cuda driver combination',
  ],
  [
    'compat-library-shadows-driver',
    'ERROR: The NVIDIA Driver is present, but CUDA failed to initialize.  GPU functionality will not be available.\n   [[ System has unsupported display driver / cuda driver combination (error 803) ]]',
  ],
  [
    'compat-library-shadows-driver',
    'mxnet.base.MXNetError: Check failed: e == cudaSuccess (803 vs. 0) : CUDA',
  ],
  ['compat-library-shadows-driver', 'cuInit failed: 803'],
  [
    'no-kernel-for-gpu',
    'CUDA_ERROR_NO_BINARY_FOR_GPU: no kernel image is available for execution on the device',
  ],
  ['no-kernel-for-gpu', 'RuntimeError: CUDA error: invalid device function'],
  [
    'no-kernel-for-gpu',
    'NVIDIA GeForce RTX 3090 with CUDA capability sm_86 is not compatible with the current PyTorch installation.',
  ],
  [
    'no-kernel-for-gpu',
    'Found GPU0 Tesla K40c which is of cuda capability 3.5. PyTorch no longer supports this GPU because it is too old.',
  ],
  ['no-kernel-for-gpu', 'RuntimeError: FlashAttention only supports Ampere GPUs or newer.'],
  [
    'no-kernel-for-gpu',
    'ggml_cuda_compute_forward: MUL failed\nCUDA error: no kernel image is available for execution on the device',
  ],
  [
    'no-kernel-for-gpu',
    'cupy_backends.cuda.api.driver.CUDADriverError: CUDA_ERROR_NO_BINARY_FOR_GPU: no kernel image is available for execution on the device',
  ],
  [
    'no-kernel-for-gpu',
    'Ignoring visible gpu device (device: 0, name: Tesla K20c, pci bus id: 0000:02:00.0, compute capability: 3.5) with Cuda compute capability 3.5. The minimum required Cuda capability is 5.0.',
  ],
  [
    'no-kernel-for-gpu',
    'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.',
  ],
  [
    'no-kernel-for-gpu',
    'Non-OK-status: GpuLaunchKernel status: Internal: no kernel image is available for execution on the device',
  ],
  ['ptx-too-new', 'CUDA error 222: the provided PTX was compiled with an unsupported toolchain.'],
  ['ptx-too-new', 'CUDA_ERROR_UNSUPPORTED_PTX_VERSION'],
  [
    'ptx-too-new',
    'DriverError(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "the provided PTX was compiled with an unsupported toolchain.")',
  ],
  [
    'ptx-too-new',
    'thrust::system::system_error: parallel_for failed: cudaErrorUnsupportedPtxVersion: the provided PTX was compiled with an unsupported toolchain.',
  ],
  [
    'ptx-compiled-at-first-use',
    'TensorFlow was not built with CUDA kernel binaries compatible with compute capability 12.0. CUDA kernels will be jit-compiled from PTX, which could take 30 minutes or longer.',
  ],
  [
    'runtime-compiler-too-old',
    "ptxas /tmp/x.ptx, line 5; fatal : Unsupported .version 8.7; current version is '8.4'",
  ],
  [
    'runtime-compiler-too-old',
    "ptxas fatal   : Value 'sm_103a' is not defined for option 'gpu-name'",
  ],
  ['runtime-compiler-too-old', "nvcc fatal   : Unsupported gpu architecture 'compute_120'"],
  ['runtime-compiler-too-old', 'nvrtc: error: invalid value for --gpu-architecture (-arch)'],
  [
    'runtime-compiler-too-old',
    "'sm_120' is not a recognized processor for this target (ignoring processor)",
  ],
  ['gpu-busy', 'RuntimeError: CUDA error: all CUDA-capable devices are busy or unavailable'],
  ['gpu-busy', 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'],
  [
    'uvm-unavailable',
    'RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable CUDA_VISIBLE_DEVICES after program start. Setting the available devices to be zero.',
  ],
  ['uvm-unavailable', 'failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error'],
  [
    'uvm-unavailable',
    'time=2024-09-01 level=INFO source=gpu.go msg="unable to load cuda driver library" library=/usr/lib/x86_64-linux-gnu/libcuda.so.550.107.02 error="cuda driver library init failure: 999"',
  ],
  ['uvm-unavailable', 'nvidia-modprobe: error: could not load nvidia_uvm'],
  ['uvm-unavailable', 'cuInit(0) returned 999'],
  [
    'container-toolkit-outdated',
    'RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already set an error? Error 500: named symbol not found',
  ],
  [
    'gpu-count-mismatch',
    'ValueError: Total number of attention heads... The number of required GPUs exceeds the total number of available GPUs in the placement group.',
  ],
  [
    'gpu-count-mismatch',
    'ncclInvalidUsage: Duplicate GPU detected : rank 1 and rank 0 both on CUDA device 41000',
  ],
  ['vgpu-feature-disabled', 'Unified memory is not supported on this vGPU profile'],
  // libraries and frameworks
  [
    'cuda-library-missing',
    'error while loading shared libraries: libcudart.so.11.0: cannot open shared object file: No such file or directory',
  ],
  [
    'cuda-library-missing',
    'Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file: No such file or directory',
  ],
  [
    'cuda-library-missing',
    'Could not locate cudnn_ops_infer64_8.dll. Please make sure it is in your library path!',
  ],
  [
    'cuda-library-missing',
    'Unable to load any of {libcudnn_ops.so.9.1.0, libcudnn_ops.so.9.1, libcudnn_ops.so.9, libcudnn_ops.so}',
  ],
  ['cuda-library-missing', 'libcublas.so.12 => not found'],
  [
    'cuda-library-missing',
    "Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No such file or directory",
  ],
  [
    'cuda-library-missing',
    'RuntimeError: CuPy failed to load libnvrtc.so.12: OSError: libnvrtc.so.12: cannot open shared object file: No such file or directory',
  ],
  ['cuda-library-missing', 'Library libcublas.so.12 is not found or cannot be loaded'],
  [
    'cuda-library-conflict',
    'ImportError: /opt/conda/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister',
  ],
  [
    'cuda-library-conflict',
    'symbol lookup error: /usr/local/cuda/lib64/libcublas.so.12: undefined symbol: cublasLtGetEnvironmentMode',
  ],
  ['cuda-library-conflict', 'Invalid handle. Cannot load symbol cublasLtCreate'],
  [
    'cuda-library-conflict',
    'Could not load symbol cublasGetSmCountTarget. Error: undefined symbol: cublasGetSmCountTarget',
  ],
  [
    'cuda-library-conflict',
    'Found cuBLAS version 120103, but JAX was built against version 120205, which is newer.',
  ],
  [
    'cudnn-mismatch',
    'RuntimeError: cuDNN version incompatibility: PyTorch was compiled  against (8, 9, 2) but found runtime version (8, 5, 0).',
  ],
  [
    'cudnn-mismatch',
    'Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.3.0.  CuDNN library needs to have matching major version and equal or higher minor version.',
  ],
  ['cudnn-mismatch', 'CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH'],
  ['framework-cpu-only', 'AssertionError: Torch not compiled with CUDA enabled'],
  [
    'framework-cpu-only',
    "UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names.Available providers: 'CPUExecutionProvider'",
  ],
  [
    'framework-cpu-only',
    'An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.',
  ],
  [
    'framework-cpu-only',
    "NotImplementedError: Could not run 'torchvision::nms' with arguments from the 'CUDA' backend.",
  ],
  [
    'framework-cuda-mismatch',
    'RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA major versions. PyTorch has CUDA Version=12.8 and torchvision has CUDA Version=11.8.',
  ],
  [
    'framework-cuda-mismatch',
    'The detected CUDA version (12.4) mismatches the version that was used to compile\nPyTorch (11.8). Please make sure to use the same CUDA versions.',
  ],
  ['framework-cuda-mismatch', 'RuntimeError: [CUDA VERSION MISMATCH] Requested CUDA version: 12.9'],
  [
    'libc-incompatible',
    "python3: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /usr/lib/x86_64-linux-gnu/libcuda.so.1)",
  ],
  [
    'libc-incompatible',
    'Error relocating /usr/lib/libcuda.so.1: __gethostbyname_r: symbol not found',
  ],
  ['libc-incompatible', 'qemu: /lib64/ld-linux-x86-64.so.2: No such file or directory'],
  // several GPUs
  [
    'shared-memory-too-small',
    'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).',
  ],
  ['shared-memory-too-small', 'RuntimeError: unable to write to file </torch_1234_5678>'],
  [
    'shared-memory-too-small',
    'NCCL WARN Error: failed to extend /dev/shm/nccl-8Txnjq to 9637892 bytes',
  ],
  [
    'shared-memory-too-small',
    'RuntimeError: unable to open shared memory object </torch_1> in read-write mode: No space left on device (28)',
  ],
  [
    'locked-memory-limit',
    'NCCL WARN Call to ibv_create_cq failed with error Cannot allocate memory',
  ],
  [
    'locked-memory-limit',
    'ibv_reg_mr failed: Cannot allocate memory (errno 12). Increase the locked memory limit (ulimit -l)',
  ],
  [
    'locked-memory-limit',
    'WARNING: It appears that your OpenFabrics subsystem is configured to only allow registering part of your physical memory. RLIMIT_MEMLOCK too small',
  ],
  ['peer-to-peer-broken', 'CUDA error: peer access is not supported between these two devices'],
  ['peer-to-peer-broken', 'AMD-Vi: Event logged [IO_PAGE_FAULT device=41:00.0 domain=0x0028]'],
  ['nvls-unavailable', "transport/nvls.cc:169 NCCL WARN Cuda failure 'operation not permitted'"],
  ['nvls-unavailable', "NCCL WARN Cuda failure 801 'operation not supported' in cuMulticastCreate"],
  [
    'nvlink-not-exposed',
    'Failed to open /dev/nvidia-caps-imex-channels/channel0: No such file or directory',
  ],
  [
    'driver-capabilities-missing',
    '| NVIDIA-SMI 535.129.03   Driver Version: 535.129.03   CUDA Version: N/A      |',
  ],
  ['driver-capabilities-missing', 'NVENC: Cannot load libnvidia-encode.so.1'],
  ['driver-capabilities-missing', 'Cannot load libnvcuvid.so.1\nFailed loading nvcuvid.'],
  [
    'minor-version-compatibility',
    'NOTE: This container was built with CUDA 12.4 and will be run in Minor Version Compatibility mode.',
  ],
  [
    'forward-compatibility-in-use',
    'NOTE: CUDA Forward Compatibility mode ENABLED.\n  Using CUDA 12.4 driver version 550.54.15 with kernel driver version 535.104.05.',
  ],
  [
    'mig-device-invalid',
    'panic: At least one device with migEnabled=true was not configured correctly: No MIG devices associated with /dev/nvidia0: GPU-fe14a161',
  ],
  [
    'mig-device-invalid',
    'error building device map from config.resources: invalid MIG configuration: error visiting devices',
  ],
  ['vgpu-feature-disabled', 'Encountered error cudaErrorNotSupported at test.cu:14'],
  ['vgpu-feature-disabled', 'cuda error: operation not supported (code=801)'],
  ['framework-cpu-only', 'RuntimeError: Not compiled with GPU support'],
  ['framework-cpu-only', 'ValueError: This CTranslate2 package was not compiled with CUDA support'],
  [
    'framework-cpu-only',
    'cv2.error: OpenCV(4.8.0) (-216:No CUDA support) The library is compiled without CUDA support in function throw_no_cuda',
  ],
  ['framework-cpu-only', 'Error: Please compile ONNXRuntime with CUDA'],
  ['framework-cpu-only', 'LightGBMError: CUDA Tree Learner was not enabled in this build.'],
  [
    'gpu-busy',
    'THCudaCheck FAIL file=THCStorage.cu line=66 error=46 : all CUDA-capable devices are busy or unavailable',
  ],
  [
    'gpu-busy',
    'ValueError: Free memory on device (3.1/79.1 GiB) on startup is less than desired GPU memory utilization (0.9, 71.2 GiB).',
  ],
  [
    'gpu-busy',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 4096.00 MiB on device 0: cudaMalloc failed: out of memory',
  ],
  [
    'driver-files-in-image|jetson-l4t-mismatch',
    'nvidia-container-cli: mount error: file creation failed: /var/lib/docker/overlay2/d7c2/merged/usr/lib/libvisionworks.so: file exists',
  ],
  [
    'driver-files-in-image',
    "dpkg: error processing archive libnvidia-compute-470.deb (--unpack): unable to make backup link of './usr/lib/x86_64-linux-gnu/libnvidia-ml.so.470.57' before installing new version: Invalid cross-device link",
  ],
  [
    'container-toolkit-missing',
    'slurmstepd: error: pyxis:     [ERROR] Command not found: nvidia-container-cli, see https://github.com/NVIDIA/libnvidia-container',
  ],
  [
    'container-toolkit-misconfigured',
    'slurmstepd: error: pyxis:     [ERROR] /etc/enroot/hooks.d/98-nvidia.sh exited with return code 1',
  ],
  [
    'container-toolkit-misconfigured',
    'nvidia-container-cli: detection error: path error: /usr/lib: too many levels of symbolic links',
  ],
  [
    'cgroup-device-rules',
    'nvidia-container-cli: mount error: failed to add device rules: open /sys/fs/cgroup/devices/slurm/uid_28788/job_85/devices.allow: permission denied',
  ],
  [
    'kernel-feature-missing',
    'slurmstepd: error: pyxis: seccomp filter failed: Function not implemented',
  ],
  [
    'gpu-not-requested',
    'level=INFO source=gpu.go:620 msg="no nvidia devices detected by library /usr/lib64/libcuda.so.550.144.03"',
  ],
  [
    'uvm-unavailable',
    'msg="unable to load cuda driver library" error="cuda driver library init failure: 205"',
  ],
  [
    'nvlink-not-exposed',
    '[CUDA_ERROR_NOT_PERMITTED] operation not permitted in expression cuMemCreate(&handle, roundedUpAllocationSize, &prop, 0 )',
  ],
  [
    'gpu-lost',
    'RuntimeError: CUDA error: uncorrectable NVLink error detected during the execution',
  ],
  ['no-kernel-for-gpu', 'RuntimeError: cuDNN error: CUDNN_STATUS_ARCH_MISMATCH'],
  [
    'cuda-library-conflict',
    'symbol cublasLtGetStatusString version libcublasLt.so.11 not defined in file libcublasLt.so.11 with link time reference',
  ],
  [
    'engine-unreachable',
    "ERROR: Couldn't connect to Docker daemon at http+docker://localhost - is it running?",
  ],
  [
    'engine-unreachable',
    'error during connect: Post "http://docker:2375/v1.24/auth": dial tcp: lookup docker on 10.0.0.2:53: no such host',
  ],
  [
    'driver-not-loaded',
    "nvidia: version magic '5.4.0-90 SMP mod_unload' should be '5.15.0-60 SMP mod_unload'",
  ],
  [
    'driver-capabilities-missing',
    '[h264_nvenc @ 0x55] OpenEncodeSessionEx failed: unsupported device (2): No NVENC capable devices found',
  ],
  ['visible-devices-mismatch', "NCCL WARN Cuda failure 101 'invalid device ordinal'"],
  [
    'stub-driver-library-loaded',
    'Mapped libcuda.so paths:\n                /usr/local/cuda-11.8/targets/x86_64-linux/lib/stubs/libcuda.so',
  ],
  [
    'platform-mismatch',
    "WARNING: The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8) and no specific platform was requested\nnvidia-container-cli: initialization error: driver error: failed to process request: unknown.",
  ],
  ['registry-access-denied', 'Error response from daemon: error from registry: Access Denied'],
  [
    'driver-capabilities-missing',
    'Cannot load libnvidia-encode.so.1\nThe minimum required Nvidia driver for nvenc is 418.30 or newer',
  ],
  [
    'driver-too-old',
    'Driver does not support the required nvenc API version. Required: 12.2 Found: 12.0\nThe minimum required Nvidia driver for nvenc is 550.54.14 or newer',
  ],
  [
    'gpu-not-requested|driver-capabilities-missing',
    'pyopencl._cl.LogicError: clGetPlatformIDs failed: PLATFORM_NOT_FOUND_KHR',
  ],
  [
    'cuda-library-missing',
    'Cannot load cudnn shared library. Cannot invoke method cudnnGetVersion.',
  ],
  [
    'no-kernel-for-gpu',
    '[TRT] Error Code 6: The engine plan file is generated on an incompatible device, expecting compute 8.6 got compute 7.5, please rebuild.',
  ],
  ['gpu-not-requested', 'ERROR: LoadError: Could not find CUDA driver library'],
  ['framework-cpu-only', 'src/storage/storage.cc:44: Please compile with CUDA enabled'],
  ['framework-cpu-only', "Unknown encoder 'hevc_nvenc'"],
  [
    'gpu-not-requested',
    'Cannot load libcuda.so.1\nCould not dynamically load CUDA\nDevice creation failed: -542398533.',
  ],
  [
    'uvm-unavailable',
    'RuntimeError: cuda runtime error (30) : unknown error at /pytorch/aten/src/THC/THCGeneral.cpp:50',
  ],
  ['uvm-unavailable', 'Check failed: error == cudaSuccess (30 vs. 0)  unknown error'],
  [
    'driver-too-old',
    'nvidia-docker | 2017/12/01 Error: unsupported CUDA version: driver 8.0 < image 9.0.176',
  ],
  [
    'no-kernel-for-gpu',
    'ValueError: The quantization method awq_marlin is not supported for the current GPU. Minimum capability: 80. Current capability: 75.',
  ],
  [
    'no-kernel-for-gpu',
    'ImportError: GPU with CUDA capability 7 5 is not supported for Flash Attention V2',
  ],
  [
    'driver-too-old',
    '[TRT] CUDA initialization failure with error: 35. Please check your CUDA installation',
  ],
  [
    'gpu-not-requested',
    'pycuda._driver.LogicError: cuInit failed: no CUDA-capable device is detected',
  ],
  ['forward-compatibility-unsupported', '[TRT] CUDA initialization failure with error: 804'],
  // TensorFlow's stand-in for libcuda and a compat libcuda without devices: codes of their own, with the words "unknown error"
  [
    'gpu-not-requested',
    'E external/local_xla/xla/stream_executor/cuda/cuda_platform.cc:51] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)',
  ],
  ['gpu-not-requested', 'cuda_driver.cc:313] failed call to cuInit: UNKNOWN ERROR (-1)'],
  ['gpu-not-requested', 'ggml_cuda_init: no CUDA devices found'],
  [
    'gpu-not-requested',
    'level=INFO source=gpu.go:377 msg="no compatible GPUs were discovered"\nlevel=INFO source=types.go:130 msg="inference compute" id=0 library=cpu',
  ],
  [
    'no-kernel-for-gpu',
    'W gpu_resources.cc:96] The GPU architecture in your current machine is Pascal, which is not compatible with Paddle installation with arch: 70 75 80 86 , it is recommended to install the corresponding wheel package',
  ],
  [
    'no-kernel-for-gpu',
    'Error: Could not create backend\n\nCaused by:\n    Could not start backend: Runtime compute cap 120 is not compatible with compile time compute cap 80',
  ],
  // CDI specifications of a driver that was updated since, in crun's words
  [
    'cdi-spec-stale',
    'Error: lstat /usr/lib/x86_64-linux-gnu/libcuda.so.550.54.14: no such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
  [
    'container-toolkit-misconfigured',
    '/usr/bin/nvidia-container-cli: error while loading shared libraries: libnvidia-container.so.1: cannot open shared object file: No such file or directory',
  ],
  ['shared-memory-too-small', "OSError: [Errno 28] No space left on device: '/dev/shm/psm_8a1c'"],
  ['driver-capabilities-missing', "OptiX call 'optixInit()' failed: OPTIX_ERROR_LIBRARY_NOT_FOUND"],
];
