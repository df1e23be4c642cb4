import { means, type Phrasing } from './phrasing.js';

/** Registries, Docker, Podman, containerd, Kubernetes, BuildKit and the NVIDIA container stack: wording from the tools' sources. */
export const ENGINE_PHRASINGS: readonly Phrasing[] = [
  ...means('image-reference-invalid', [
    ['docker', 'docker: invalid reference format.'],
    ['docker', 'docker: invalid reference format: repository name must be lowercase.'],
    [
      'docker 27',
      'docker: invalid reference format: repository name (library/MyImage) must be lowercase',
    ],
    ['podman', 'Error: parsing reference "nvidia/CUDA:12": repository name must be lowercase'],
    [
      'kubelet',
      'Failed to apply default image tag "nvcr.io/nvidia/cuda:": couldn\'t parse image name "nvcr.io/nvidia/cuda:": invalid reference format',
    ],
    [
      'kubelet',
      'Warning  InspectFailed  8s  kubelet  Failed to apply default image tag "My/img": couldn\'t parse image reference "My/img": invalid reference format: repository name must be lowercase',
    ],
    [
      'buildkit',
      'ERROR: failed to solve: failed to parse stage name "nvidia/cuda:": invalid reference format',
    ],
  ]),
  ...means('image-not-found', [
    [
      'docker',
      'Error response from daemon: manifest for nvidia/cuda:11.0-base not found: manifest unknown: manifest unknown',
    ],
    [
      'docker, containerd store',
      'docker: Error response from daemon: failed to resolve reference "docker.io/nvidia/cuda:9.0-base": docker.io/nvidia/cuda:9.0-base: not found',
    ],
    [
      'ctr',
      'ctr: failed to resolve reference "docker.io/nvidia/cuda:latest": docker.io/nvidia/cuda:latest: not found',
    ],
    [
      'kubelet',
      'Failed to pull image "nvidia/cuda:10.0-base": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/nvidia/cuda:10.0-base": failed to resolve reference "docker.io/nvidia/cuda:10.0-base": docker.io/nvidia/cuda:10.0-base: not found',
    ],
    [
      'podman',
      'Error: initializing source docker://nvidia/cuda:latest: reading manifest latest in docker.io/nvidia/cuda: manifest unknown',
    ],
    [
      'quay',
      'Error: initializing source docker://quay.io/a/b:gone: reading manifest gone in quay.io/a/b: manifest unknown: manifest unknown',
    ],
    [
      'skopeo',
      'FATA[0001] Error parsing image name "docker://nvidia/cuda:11.0": reading manifest 11.0 in docker.io/nvidia/cuda: manifest unknown',
    ],
    [
      'buildkit',
      'ERROR: failed to solve: nvidia/cuda:11.3-devel: failed to resolve source metadata for docker.io/nvidia/cuda:11.3-devel: docker.io/nvidia/cuda:11.3-devel: not found',
    ],
    [
      'classic builder',
      'Step 1/9 : FROM nvidia/cuda:10.1-cudnn7-devel\nmanifest for nvidia/cuda:10.1-cudnn7-devel not found: manifest unknown: manifest unknown',
    ],
    [
      'ecr',
      "Error response from daemon: repository 1234567890.dkr.ecr.us-east-1.amazonaws.com/app not found: name unknown: The repository with name 'app' does not exist in the registry with id '1234567890'",
    ],
    [
      'gcr',
      'Error response from daemon: manifest for gcr.io/p/i:v1 not found: manifest unknown: Failed to fetch "v1" from request "/v2/p/i/manifests/v1".',
    ],
    [
      'gar',
      'Error response from daemon: manifest for us-docker.pkg.dev/p/r/i:v1 not found: manifest unknown: Requested entity was not found.',
    ],
    [
      'acr',
      'Error response from daemon: manifest for x.azurecr.io/i:v1 not found: manifest unknown: manifest tagged by "v1" is not found',
    ],
    ['harbor', 'Error response from daemon: unknown: artifact library/cuda:12 not found'],
    [
      'kaniko',
      'error building image: GET https://index.docker.io/v2/nvidia/cuda/manifests/11.0: MANIFEST_UNKNOWN: manifest unknown; unknown tag=11.0',
    ],
    [
      'containerd log',
      'level=error msg="PullImage \\"nvidia/cuda:foo\\" failed" error="rpc error: code = NotFound desc = failed to pull and unpack image \\"docker.io/nvidia/cuda:foo\\": failed to resolve reference \\"docker.io/nvidia/cuda:foo\\": docker.io/nvidia/cuda:foo: not found"',
    ],
    [
      'apptainer',
      'FATAL:   While making image from oci registry: error fetching image to cache: failed to get checksum for docker://nvidia/cuda:1: reading manifest 1 in docker.io/nvidia/cuda: manifest unknown',
    ],
  ]),
  ...means('registry-login-required', [
    [
      'nvcr',
      'Error response from daemon: unauthorized: <html>\n<head><title>401 Authorization Required</title></head>',
    ],
    [
      'ghcr',
      'Error response from daemon: Head "https://ghcr.io/v2/o/i/manifests/latest": unauthorized',
    ],
    [
      'gitlab',
      'Error response from daemon: Get "https://registry.gitlab.com/v2/": unauthorized: HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect',
    ],
    [
      'ecr',
      'Error response from daemon: Head "https://123.dkr.ecr.eu-west-1.amazonaws.com/v2/app/manifests/1": no basic auth credentials',
    ],
    ['ecr', 'denied: Your authorization token has expired. Reauthenticate and try again.'],
    [
      'acr',
      'Error response from daemon: Head "https://x.azurecr.io/v2/i/manifests/v1": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.',
    ],
    [
      'quay',
      'Error: initializing source docker://quay.io/o/i:latest: reading manifest latest in quay.io/o/i: unauthorized: access to the requested resource is not authorized',
    ],
    [
      'docker hub',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
    ],
    ['docker hub', 'unauthorized: authentication required'],
    [
      'podman',
      'Error: unable to copy from source docker://nvcr.io/nim/x:1: initializing source docker://nvcr.io/nim/x:1: unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
    ],
    [
      'containerd',
      'failed to resolve reference "nvcr.io/nim/meta/llama3:1": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth?scope=repository: 401 Unauthorized',
    ],
    [
      'containerd',
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    ],
    [
      'kubelet',
      'rpc error: code = Unknown desc = Error response from daemon: unauthorized: access to the requested resource is not authorized',
    ],
    [
      'harbor',
      'Error response from daemon: unauthorized: unauthorized to access repository: p/i, action: pull: unauthorized to access repository: p/i, action: pull',
    ],
    [
      'buildkit',
      'failed to solve: nvcr.io/nvidia/x:1: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://nvcr.io/proxy_auth: 401 Unauthorized',
    ],
  ]),
  ...means('registry-access-denied', [
    [
      'docker hub',
      "Error response from daemon: pull access denied for mycuda, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    ['ghcr', 'Error response from daemon: Head "https://ghcr.io/v2/o/p/manifests/latest": denied'],
    ['ghcr', 'Error response from daemon: denied: denied'],
    [
      'nvcr',
      'Error response from daemon: denied: Payment Required\nGet "https://nvcr.io/v2/nim/x/manifests/1": 402 Payment Required',
    ],
    [
      'ecr',
      'Error response from daemon: Head "https://123.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/1": 403 Forbidden',
    ],
    [
      'ecr',
      'denied: User: arn:aws:iam::123:user/ci is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123:repository/app',
    ],
    [
      'gar',
      'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/p/locations/us/repositories/r" (or it may not exist)',
    ],
    [
      'gcr',
      "Error response from daemon: Head \"https://gcr.io/v2/p/i/manifests/1\": denied: Token exchange failed for project 'p'. Caller does not have permission 'storage.objects.get'.",
    ],
    [
      'containerd',
      'failed to resolve reference "nvcr.io/x/y:1": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://nvcr.io/proxy_auth: 403 Forbidden',
    ],
    [
      'containerd',
      'unexpected status from HEAD request to https://nvcr.io/v2/nvstaging/x/manifests/1: 403 Forbidden',
    ],
    [
      'kubelet',
      'Failed to pull image "ghcr.io/o/p:1": failed to pull and unpack image "ghcr.io/o/p:1": failed to resolve reference "ghcr.io/o/p:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden',
    ],
    [
      'podman',
      'Error: initializing source docker://ghcr.io/o/p:1: Requesting bearer token: invalid status code from registry 403 (Forbidden)',
    ],
  ]),
  ...means('registry-rate-limited', [
    [
      'docker hub',
      'Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
    ],
    [
      'docker hub 2025',
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ],
    [
      'containerd',
      'unexpected status from HEAD request to https://registry-1.docker.io/v2/nvidia/cuda/manifests/12.2.0-base-ubuntu22.04: 429 Too Many Requests',
    ],
    ['ecr public', 'toomanyrequests: Rate exceeded'],
    ['ecr public', 'toomanyrequests: Data limit exceeded'],
    [
      'podman',
      'Error: reading manifest latest in docker.io/nvidia/cuda: toomanyrequests: You have reached your pull rate limit.',
    ],
    ['gcr', "toomanyrequests: Quota exceeded for quota metric 'Requests per project per region'"],
    ['ghcr', 'received unexpected HTTP status: 429 Too Many Requests'],
  ]),
  ...means('registry-answer-invalid', [
    [
      'docker, where what answers speaks no HTTP',
      'Error response from daemon: Get "http://127.0.0.1:44605/v2/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00"',
    ],
  ]),
  ...means('registry-unreachable', [
    [
      'docker',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    ],
    [
      'docker',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": context deadline exceeded',
    ],
    [
      'docker',
      'Error response from daemon: Get "https://nvcr.io/v2/": dial tcp: lookup nvcr.io: Temporary failure in name resolution',
    ],
    [
      'docker',
      'Error response from daemon: Get "https://nvcr.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    [
      'docker',
      'Error response from daemon: Get "http://10.0.0.5:5000/v2/": dial tcp 10.0.0.5:5000: connect: connection refused',
    ],
    [
      'docker',
      'Error response from daemon: Get "https://10.0.0.5:5000/v2/": http: server gave HTTP response to HTTPS client',
    ],
    [
      'docker',
      'error pulling image configuration: download failed after attempts=6: dial tcp 104.18.1.1:443: i/o timeout',
    ],
    ['docker', 'received unexpected HTTP status: 503 Service Unavailable'],
    [
      'docker',
      'error pulling image configuration: Get "https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/ab/data": net/http: TLS handshake timeout',
    ],
    [
      'podman',
      'Error: pinging container registry nvcr.io: Get "https://nvcr.io/v2/": dial tcp: lookup nvcr.io: no such host',
    ],
    [
      'containerd',
      'failed to do request: Head "https://nvcr.io/v2/nvidia/cuda/manifests/12": dial tcp: lookup nvcr.io on 10.96.0.10:53: no such host',
    ],
    [
      'containerd',
      'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://production.cloudflare.docker.com/x": dial tcp 1.2.3.4:443: i/o timeout',
    ],
    [
      'docker',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 10.1.1.1:3128: connect: connection refused',
    ],
    [
      'docker',
      'Error response from daemon: Get https://nvcr.io/v2/: x509: certificate has expired or is not yet valid',
    ],
  ]),
  ...means('disk-full', [
    [
      'docker',
      'failed to register layer: Error processing tar file(exit status 1): write /usr/local/cuda/lib64/libcublas.so: no space left on device',
    ],
    ['docker', 'docker: write /var/lib/docker/tmp/GetImageBlob123: no space left on device.'],
    [
      'containerd',
      'failed to extract layer sha256:ab: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: write /x: no space left on device: unknown',
    ],
    [
      'podman',
      'Error: copying system image from manifest list: writing blob: storing blob to file "/var/tmp/storage1/1": write /var/tmp/storage1/1: no space left on device',
    ],
    [
      'pip',
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    ],
    ['apt', "E: You don't have enough free space in /var/cache/apt/archives/."],
    [
      'kubelet',
      'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 512Mi.',
    ],
    ['kubelet', 'Warning  Evicted  kubelet  The node had condition: [DiskPressure].'],
    ['conda', 'NoSpaceLeftError: No space left on devices.'],
    ['tar', 'tar: libcudnn.so.8: Cannot write: No space left on device'],
    ['dnf', 'Error: Disk Requirements:\n   At least 3215MB more space needed on the / filesystem.'],
  ]),
  ...means('platform-mismatch', [
    ['docker', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
    [
      'docker',
      'docker: no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in manifest: not found',
    ],
    ['runc', 'exec /usr/local/bin/entrypoint.sh: exec format error'],
    ['runc', 'standard_init_linux.go:228: exec user process caused: exec format error'],
    [
      'podman',
      'Error: choosing an image from manifest list docker://nvidia/cuda:12: no image found in image index for architecture arm64, variant "v8", OS linux',
    ],
    ['podman', '{"msg":"exec container process `/bin/bash`: Exec format error","level":"error"}'],
    ['shell', '/bin/sh: 1: ./deviceQuery: Exec format error'],
    ['shell', 'bash: /usr/bin/nvidia-smi: cannot execute binary file: Exec format error'],
    ['python', "OSError: [Errno 8] Exec format error: '/usr/local/bin/tritonserver'"],
    [
      'containerd',
      'failed to pull and unpack image: no match for platform in manifest sha256:12ab: not found',
    ],
    [
      'buildkit',
      'ERROR: failed to solve: nvcr.io/nvidia/l4t-base:r32: no match for platform in manifest: not found',
    ],
    ['buildkit', 'exec /bin/sh: exec format error'],
  ]),
  ...means('engine-unreachable', [
    [
      'docker, where its daemon dies while a container runs',
      'time="2026-11-29T10:17:15Z" level=error msg="error waiting for container: unexpected EOF"',
    ],
    [
      'docker',
      'Cannot connect to the Docker daemon at tcp://localhost:2375. Is the docker daemon running?',
    ],
    [
      'docker 28',
      'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
    ],
    [
      'docker',
      'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
    ],
    [
      'docker',
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    ],
    [
      'docker-py',
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))",
    ],
    [
      'docker for windows',
      'error during connect: this error may indicate that the docker daemon is not running: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/version": open //./pipe/docker_engine: The system cannot find the file specified.',
    ],
    [
      'podman',
      'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, or try `podman machine init` and `podman machine start` to manage a new Linux VM',
    ],
    [
      'podman',
      'Error: unable to connect to Podman socket: Get "http://d/v4.0.0/libpod/_ping": dial unix ///run/user/1000/podman/podman.sock: connect: no such file or directory',
    ],
    [
      'nerdctl',
      'FATA[0000] rootless containerd not running? (hint: use `containerd-rootless-setuptool.sh install` to start rootless containerd): stat /run/user/1000/containerd-rootless: no such file or directory',
    ],
    [
      'nerdctl',
      'FATA[0000] cannot access containerd socket "/run/containerd/containerd.sock": no such file or directory',
    ],
    [
      'ctr',
      'ctr: failed to dial "/run/containerd/containerd.sock": connection error: desc = "transport: error while dialing: dial unix /run/containerd/containerd.sock: connect: permission denied"',
    ],
    ['shell', '/bin/sh: docker: not found'],
    ['shell', 'bash: line 1: docker: command not found'],
    ['shell', 'bash: podman: command not found'],
    [
      'crictl',
      'validate service connection: CRI v1 runtime API is not implemented for endpoint "unix:///run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory"',
    ],
  ]),
  ...means('container-toolkit-missing', [
    [
      'docker',
      'Error response from daemon: could not select device driver "" with capabilities: [[gpu]]',
    ],
    [
      'docker',
      'docker: Error response from daemon: could not select device driver \u201c\u201d with capabilities: [[gpu]].',
    ],
    [
      'docker',
      "docker: Error response from daemon: could not select device driver '' with capabilities: [[gpu]]",
    ],
    [
      'compose',
      'Error response from daemon: could not select device driver "nvidia" with capabilities: [[gpu]]',
    ],
    [
      'docker-py',
      'docker.errors.APIError: 500 Server Error for http+docker://localhost/v1.43/containers/abc/start: Internal Server Error ("could not select device driver "" with capabilities: [[gpu]]")',
    ],
    ['issue title', 'could not select device driver with capabilities gpu'],
    [
      'runc',
      'OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running hook #0: fork/exec /usr/bin/nvidia-container-runtime-hook: no such file or directory: unknown',
    ],
    [
      'docker',
      'Error response from daemon: exec: "nvidia-container-runtime-hook": executable file not found in $PATH',
    ],
    ['nerdctl', 'FATA[0000] exec: "nvidia-container-cli": executable file not found in $PATH'],
  ]),
  ...means('nvidia-runtime-not-registered', [
    ['docker', 'docker: Error response from daemon: Unknown runtime specified nvidia.'],
    ['docker', 'docker: Error response from daemon: unknown or invalid runtime name: nvidia'],
    ['compose', 'Error response from daemon: Unknown runtime specified nvidia'],
    [
      'kubelet',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
    ],
    [
      'kubelet',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = RuntimeHandler "nvidia" not supported',
    ],
    ['crio', 'failed to find runtime handler nvidia from runtime list map[crun:0xc0 runc:0xc1]'],
    ['podman', 'Error: default OCI runtime "nvidia" not found: invalid argument'],
    ['podman', 'Error: requested OCI runtime nvidia is not available: invalid argument'],
    ['kubernetes', 'pods "x" is forbidden: pod rejected: RuntimeClass "nvidia" not found'],
    ['k3s', 'failed to get sandbox runtime: no runtime for "nvidia" is configured'],
    [
      'device plugin',
      'I0101 main.go:317] Incompatible strategy detected auto\nE0101 main.go:321] If this is a GPU node, did you configure the NVIDIA Container Toolkit?',
    ],
    [
      'device plugin',
      'E0601 10:00:00.000000 1 factory.go:115] Incompatible strategy detected auto\nfailed to create resource manager: failed to construct resource managers: invalid device discovery strategy',
    ],
    [
      'device plugin',
      'detected non-NVML platform: could not load NVML: libnvidia-ml.so.1: cannot open shared object file: No such file or directory',
    ],
  ]),
  ...means(
    ['container-toolkit-misconfigured'],
    [
      [
        'nvidia-container-cli',
        'nvidia-container-cli: ldcache error: open failed: /sbin/ldconfig.real: no such file or directory: unknown',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: ldcache error: process /sbin/ldconfig failed with error code: 1',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: initialization error: change root failed: /run/nvidia/driver: no such file or directory',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: mount error: mount operation failed: /proc: operation not permitted',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: initialization error: privilege change failed: operation not permitted',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: permission error: capability change failed: operation not permitted',
      ],
      [
        'operator',
        'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: invoking the NVIDIA Container Runtime Hook directly (e.g. specifying the docker --gpus flag) is not supported. Please use the NVIDIA Container Runtime (e.g. specify the --runtime=nvidia flag) instead: unknown',
      ],
      [
        'nvidia runtime',
        'invoking the NVIDIA Container Runtime Hook directly (e.g. specifying the docker --gpus flag) is not supported',
      ],
    ],
  ),
  ...means('cgroup-device-rules', [
    [
      'nvidia-container-cli',
      'nvidia-container-cli: mount error: open failed: /sys/fs/cgroup/devices/user.slice/devices.allow: permission denied',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: mount error: failed to add device rules: unable to find any existing device filters attached to the cgroup: bpf_prog_query(BPF_CGROUP_DEVICE) failed: operation not permitted: unknown.',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: mount error: failed to add device rules: write /sys/fs/cgroup/devices/docker/ab/devices.allow: operation not permitted',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: mount error: write error: /sys/fs/cgroup/devices/system.slice/docker-ab.scope/devices.allow: operation not permitted',
    ],
  ]),
  ...means(
    ['container-toolkit-outdated', 'cgroup-device-rules'],
    [
      [
        'nvidia-container-cli',
        'nvidia-container-cli: container error: cgroup subsystem devices not found: unknown.',
      ],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: mount error: failed to add device rules: unable to generate new device filter program from existing programs: unable to create new device filters program: load program: invalid argument: last insn is not an exit or jmp',
      ],
    ],
  ),
  ...means('cdi-device-unresolved', [
    [
      'docker',
      'docker: Error response from daemon: CDI device injection failed: unresolvable CDI devices nvidia.com/gpu=all',
    ],
    ['podman', 'Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all'],
    [
      'containerd',
      'failed to create containerd container: CDI device injection failed: unresolvable CDI devices nvidia.com/gpu=GPU-1234',
    ],
    [
      'nvidia runtime',
      'could not apply required modification to OCI specification: error modifying OCI spec: failed to inject CDI devices: unresolvable CDI devices nvidia.com/gpu=0',
    ],
    [
      'nvidia runtime',
      'failed to inject CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=all',
    ],
    ['nvidia-ctk', 'failed to inject CDI devices: failed to get CDI spec: no CDI devices found'],
    [
      'kubelet',
      'Error: failed to generate container "ab" spec: failed to generate spec: CDI device injection failed: unresolvable CDI devices k8s.device-plugin.nvidia.com/gpu=GPU-12',
    ],
    ['buildx', 'unresolvable CDI devices nvidia.com/gpu'],
  ]),
  ...means('cdi-spec-unsupported', [
    ['docker', 'could not select device driver "cdi" with capabilities: []'],
    ['cdi', 'failed to parse CDI Spec "/etc/cdi/nvidia.yaml": invalid spec version "0.8.0"'],
    ['cdi', 'failed to load CDI Spec: unknown field "additionalGids"'],
    [
      'podman',
      'WARN[0000] Error loading CDI spec: failed to load CDI Spec "/etc/cdi/nvidia.yaml": failed to unmarshal CDI Spec: error unmarshaling JSON: while decoding JSON: json: unknown field "intelRdt"',
    ],
    [
      'cdi',
      'CDI: Error associated with spec file /etc/cdi/nvidia.yaml: invalid CDI spec: the spec version must be at least v0.5.0',
    ],
    ['crio', 'invalid CDI Spec: unknown CDI spec version "1.0.0"'],
  ]),
  ...means('cdi-spec-stale', [
    [
      'crun',
      'Error: crun: cannot stat `/usr/lib64/libEGL_nvidia.so.565.57.01`: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    ],
    [
      'crun',
      'Error: crun: cannot stat `/lib/x86_64-linux-gnu/libcuda.so.535.104.05`: No such file or directory',
    ],
    [
      'podman',
      'Error: setting CDI: failed to inject devices: failed to stat CDI host device "/dev/nvidia-uvm": no such file or directory',
    ],
    [
      'docker',
      'CDI device injection failed: failed to stat CDI host device "/dev/dri/card1": no such file or directory',
    ],
    [
      'runc',
      'error mounting "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.550.54.15" to rootfs at "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.550.54.15": stat /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.550.54.15: no such file or directory',
    ],
  ]),
  ...means('requirement-unmet', [
    [
      'nvidia-container-cli',
      'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.4, please update your driver to a newer version, or use an earlier cuda container: unknown.',
    ],
    ['nvidia-container-cli', 'requirement error: unsatisfied condition: cuda >= 9.0'],
    ['nvidia runtime', 'unsatisfied condition: cuda>=12.6 (cuda=12.2)'],
    [
      'nvidia runtime',
      'failed to create NVIDIA Container Runtime: error checking requirements: unsatisfied condition: cuda>=12.0 (cuda=11.4)',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: requirement error: unsatisfied condition: driver >= 384',
    ],
    [
      'issue title',
      'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=11.6, brand=tesla,driver>=418',
    ],
    [
      'wrapped',
      'nvidia-container-cli: requirement error: unsatisfied condition:\ncuda>=12.3, please update your driver to a newer version',
    ],
  ]),
  ...means('gpu-not-requested', [
    [
      'ngc',
      'WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.\n   Use the NVIDIA Container Toolkit to start this container with GPU support; see\n   https://docs.nvidia.com/datacenter/cloud-native/ .',
    ],
    ['shell', '/bin/bash: line 1: nvidia-smi: command not found'],
    [
      'runc',
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "nvidia-smi": executable file not found in $PATH: unknown',
    ],
    ['python', "FileNotFoundError: [Errno 2] No such file or directory: 'nvidia-smi'"],
    ['torch', 'RuntimeError: Found no NVIDIA driver on your system.'],
  ]),
  ...means('engine-build-unsupported', [
    ['docker', "unknown flag: --gpus\nSee 'docker run --help'."],
    [
      'compose',
      "services.app.deploy.resources.reservations value Additional properties are not allowed ('devices' was unexpected)",
    ],
    [
      'docker',
      '"device_requests" requires API version 1.40, but the Docker daemon API version is 1.39',
    ],
  ]),
  ...means('mig-device-invalid', [
    ['nvidia-container-cli', 'nvidia-container-cli: device error: 0:0: unknown device: unknown'],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: device error: unknown device id: MIG-GPU-8f/1/0',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: device error: MIG-3eb87630-93d5-b2b6-b8ff-9b359caf4ee2: unknown device: unknown',
    ],
    [
      'nvidia-ctk',
      'unresolvable CDI devices nvidia.com/gpu=MIG-5c89852c-d268-c3f3-1b07-005d5ae1dc3f',
    ],
  ]),
  ...means('visible-devices-mismatch', [
    ['nvidia-container-cli', 'nvidia-container-cli: device error: 3: unknown device: unknown'],
    ['nvidia-container-cli', 'nvidia-container-cli: device error: unknown device id: GPU-1a2b3c4d'],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: device error: GPU-12345678-1234-1234-1234-123456789abc: unknown device',
    ],
    ['torch', 'RuntimeError: CUDA error: invalid device ordinal'],
  ]),
  ...means('container-toolkit-missing', [
    // Docker 29.7.2 without a program of NVIDIA's toolkit, first without any CDI specification, then with NVIDIA's
    [
      'docker 29',
      'docker: Error response from daemon: failed to discover GPU vendor from CDI: no known GPU vendor found',
    ],
    ['docker 29', 'Error response from daemon: AMD CDI spec not found'],
  ]),
  ...means(
    ['container-toolkit-missing', 'container-toolkit-misconfigured'],
    [
      [
        'podman',
        'Error: OCI runtime error: crun: error executing hook `/usr/bin/nvidia-container-toolkit` (exit code: 1): No such file or directory',
      ],
    ],
  ),
  ...means(
    ['container-toolkit-missing', 'nvidia-runtime-not-registered'],
    [
      [
        'docker',
        'docker: Error response from daemon: failed to create task for container: failed to start shim: fork/exec /usr/bin/nvidia-container-runtime: no such file or directory',
      ],
    ],
  ),
  ...means(
    ['cdi-spec-unsupported', 'cdi-device-unresolved'],
    [['podman', 'Error: stat nvidia.com/gpu=all: no such file or directory']],
  ),
];
