/*
 * A stand-in for libcuda.so.1 that asks of its process what a real driver library does: threads with stacks of their own,
 * thread-local storage of both kinds, locks, stdio, exit handlers, the environment, loading of further libraries. cuInit
 * answers 0 when all of it works, else the number of what did not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { THREADS = 8 };

static __thread int general = 7;
static __thread int initial __attribute__((tls_model("initial-exec"))) = 9;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t started;
static int sum;
static int destroyed;
static int constructed;

__attribute__((constructor)) static void construct(void) { constructed = 1; }

static void destroy(void *value) {
    (void)value;
    __atomic_add_fetch(&destroyed, 1, __ATOMIC_SEQ_CST);
}

static void make_key(void) { pthread_key_create(&key, destroy); }

static void *work(void *given) {
    char text[64];
    char *deep = alloca(512 * 1024);
    memset(deep, 1, 512 * 1024);
    pthread_once(&once, make_key);
    pthread_setspecific(key, given);
    general += 1;
    initial += 1;
    errno = 0;
    snprintf(text, sizeof text, "%.3f %d", 1.5 * general, deep[512 * 1024 - 1]);
    void *memory = malloc(100000);
    sem_post(&started);
    pthread_mutex_lock(&lock);
    sum += strcmp(text, "12.000 1") == 0 && initial == 10 && memory != NULL;
    pthread_mutex_unlock(&lock);
    free(memory);
    pthread_exit(NULL);
}

static void at_exit(void) { _exit(77); }

int cuInit(unsigned flags) {
    pthread_t threads[THREADS];
    (void)flags;
    if (!constructed) return 1;
    if (general != 7 || initial != 9) return 2;
    if (!environ || !getenv("DEMANDED") || strcmp(getenv("DEMANDED"), "yes") != 0) return 4;
    if (!program_invocation_short_name || !strstr(program_invocation_short_name, "cuda-image-probe")) return 5;
    if (getauxval(AT_PAGESZ) != (unsigned long)sysconf(_SC_PAGESIZE)) return 6;
    sem_init(&started, 0, 0);
    for (int at = 0; at < THREADS; at++)
        if (pthread_create(&threads[at], NULL, work, &sum) != 0) return 7;
    for (int at = 0; at < THREADS; at++) sem_wait(&started);
    for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
    if (sum != THREADS || destroyed != THREADS) return 8;
    if (atexit(at_exit) != 0) return 9;
    if (printf("words of the library %d\n", 1) < 0 || fflush(stdout) != 0) return 10;
    void *further = dlopen("libdl.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!further || dlclose(further) != 0) return 11;
    pthread_attr_t attributes;
    void *stack;
    size_t bytes;
    /* Reads where the main thread's stack ends, which the program's start has to have told libc. */
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 12;
    if (pthread_attr_getstack(&attributes, &stack, &bytes) != 0) return 13;
    if ((char *)&stack < (char *)stack || (char *)&stack >= (char *)stack + bytes) return 14;
    return 0;
}

int cuDriverGetVersion(int *version) {
    *version = 12080;
    return 0;
}

int cuDeviceGetCount(int *count) {
    *count = 0;
    return 0;
}
