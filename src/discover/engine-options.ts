/**
 * Options of `run`, `create` and `pull` as the engines document them, so that the image can be told from an option's value:
 * https://docs.docker.com/reference/cli/docker/container/run/
 * https://docs.docker.com/reference/cli/docker/image/pull/
 * https://docs.podman.io/en/latest/markdown/podman-run.1.html
 * https://github.com/containerd/nerdctl/blob/main/docs/command-reference.md
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** They stand alone, or have their value after `=`. */
export const FLAGS = words(`
  all-platforms all-tags detach disable-content-trust env-host help http-proxy init interactive no-healthcheck no-hostname no-hosts
  oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi sig-proxy tls-verify tty
  unsetenv-all use-api-socket
`);

/** Their value is the next word, or stands after `=`. */
export const WITH_VALUE = words(`
  add-host annotation arch attach authfile blkio-weight blkio-weight-device cap-add cap-drop cert-dir cgroup-conf cgroup-parent cgroupns
  cgroups chrootdirs cidfile conmon-pidfile cosign-key cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares
  cpus cpuset-cpus cpuset-mems creds decryption-key detach-keys device device-cgroup-rule device-read-bps device-read-iops
  device-write-bps device-write-iops dns dns-opt dns-option dns-search domainname entrypoint env env-file env-merge expose gidmap gpus
  group-add group-entry health-cmd health-interval health-log-destination health-max-log-count health-max-log-size health-on-failure
  health-retries health-start-interval health-start-period health-startup-cmd health-startup-interval health-startup-retries
  health-startup-success health-startup-timeout health-timeout hooks-dir hostname hostuser image-volume init-ctr init-path io-maxbandwidth
  io-maxiops ip ip6 ipc ipfs-address isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory
  memory-reservation memory-swap memory-swappiness mount name net net-alias network network-alias oom-score-adj os passwd-entry
  personality pid pidfile pids-limit platform pod pod-id-file policy preserve-fd preserve-fds publish pull rdt-class requires restart
  retry retry-delay runtime sdnotify seccomp-policy secret security-opt shm-size shm-size-systemd signature-policy snapshotter
  stop-signal stop-timeout storage-opt subgidname subuidname sysctl systemd timeout tmpfs tz uidmap ulimit umask unpack unsetenv user
  userns uts variant verify volume volume-driver volumes-from workdir
`);

/** One letter that stands alone, so that others can follow it: `-itd`. */
export const SHORT_FLAGS: ReadonlySet<string> = new Set('diPqt');
/** One letter whose value is the rest of the word or the next word. `-a` is a flag of `pull` and takes a value in `run`. */
export const SHORT_WITH_VALUE: ReadonlySet<string> = new Set('acehlmpuvw');

/** Options before the command, `docker --context x run`. */
export const GLOBAL_WITH_VALUE = words(`
  H a c l n address config connection context data-root hooks-dir host log-level module namespace network-cmd-path root runroot
  runtime runtime-flag snapshotter ssh storage-driver storage-opt tlscacert tlscert tlskey tmpdir url volumepath
`);
