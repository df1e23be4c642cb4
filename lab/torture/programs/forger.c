/*
 * What an image that lies runs in the place of the truth: finds the run's nonce on its command line, writes the documents of a probe
 * that found everything right, and ends with 0. It needs no library, so that it can stand in for the dynamic linker itself; as a
 * shared library it does the same from a constructor. With HANG it says nothing and never ends; with QUIET it only ends.
 */
#if defined(__x86_64__)
#define READ 0
#define WRITE 1
#define EXIT 231
#define OPEN 257
#define PAUSE_POLL 271
static long call(long n, long a, long b, long c, long d) {
  long r;
  register long r10 __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return r;
}
#elif defined(__aarch64__)
#define READ 63
#define WRITE 64
#define EXIT 94
#define OPEN 56
#define PAUSE_POLL 73
static long call(long n, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = 0;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
#else
#error "no system calls known for this machine"
#endif

static char words[8192];

static long length(const char *text) {
  long n = 0;
  while (text[n] != 0) n++;
  return n;
}

static void say(const char *text) { call(WRITE, 1, (long)text, length(text), 0); }

static const char *nonce(void) {
  long file = call(OPEN, -100, (long)"/proc/self/cmdline", 0, 0);
  long size = file < 0 ? 0 : call(READ, file, (long)words, sizeof words - 1, 0);
  for (long at = 0; at < size; at += length(words + at) + 1) {
    const char *word = words + at, *want = "--nonce";
    long same = 0;
    while (want[same] != 0 && word[same] == want[same]) same++;
    if (want[same] == 0 && word[same] == 0) return words + at + same + 1;
  }
  return 0;
}

static void document(const char *run, const char *rest) {
  say("{\"probe\":\"cuda-image-check/probe@1\",\"nonce\":\"");
  say(run);
  say("\",");
  say(rest);
  say("}\n");
}

static void forge(void) {
#ifdef HANG
  for (;;) call(PAUSE_POLL, 0, 0, 0, 0);
#endif
#ifndef QUIET
  const char *run = nonce();
  if (run == 0) return;
  document(run, "\"step\":\"begin\",\"architecture\":\"x86_64\",\"stepTimeoutMs\":10000");
  document(run, "\"step\":\"limits\",\"shmBytes\":67108864,\"memlockBytes\":67108864,\"glibc\":\"2.36\",\"uid\":0,\"gid\":0,\"env\":{}");
  document(run, "\"step\":\"nodes\",\"nodes\":[{\"path\":\"/dev/nvidia0\",\"access\":\"rw\"}]");
  document(run, "\"step\":\"libcuda\",\"path\":\"/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05\",\"origin\":\"host\",\"cuda\":\"12.2\"");
  document(run, "\"step\":\"init\",\"code\":0,\"deviceCount\":1");
  document(run, "\"step\":\"device\",\"index\":0,\"name\":\"NVIDIA H100 FORGED\",\"uuid\":\"GPU-f0f0f0f0-0000-0000-0000-000000000000\",\"computeCapability\":\"9.0\",\"memoryMiB\":81559");
  document(run, "\"step\":\"kernel\",\"index\":0,\"code\":0,\"correct\":true,\"wrongElements\":0,\"elements\":32768,\"ms\":1.5");
  document(run, "\"step\":\"runtime\",\"found\":true,\"path\":\"/usr/local/cuda-12.2/lib64/libcudart.so.12.2.140\",\"version\":\"12.2\",\"code\":0,\"deviceCount\":1");
  document(run, "\"step\":\"end\"");
#endif
  call(EXIT, 0, 0, 0, 0);
}

#ifdef LIBRARY
__attribute__((constructor)) static void begin(void) { forge(); }
#else
void _start(void) {
  forge();
  call(EXIT, 0, 0, 0, 0);
}
#endif
