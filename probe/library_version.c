#include "library_version.h"

/* How a function gives the version. */
enum form {
    /** A function of a part (0 major, 1 minor, 2 patch) and a place for it. */
    BY_PARTS,
    /** Returns one number. */
    RETURNS_NUMBER,
    /** Puts one number in a place. */
    GIVES_NUMBER,
    /** Puts major and minor in two places. */
    GIVES_TWO
};

struct function {
    const char *library, *symbol;
    enum form form;
    /** From this number on, parts of two decimal digits stand below ten thousands: 90800 is 9.8.0; below it 8907 is 8.9.7. */
    long two_digits_from;
};

/* Sources: the headers of the CUDA toolkit, cudnn_version.h, nccl.h (NCCL_VERSION), NvInferVersion.h, cutensor.h. */
static const struct function FUNCTIONS[] = {
    {"cudart", "cudaRuntimeGetVersion", GIVES_NUMBER, 0},
    {"cublas", "cublasGetProperty", BY_PARTS, 0},
    {"cublasLt", "cublasLtGetProperty", BY_PARTS, 0},
    {"cudnn", "cudnnGetVersion", RETURNS_NUMBER, 10000},
    {"nccl", "ncclGetVersion", GIVES_NUMBER, 10000},
    {"nvrtc", "nvrtcVersion", GIVES_TWO, 0},
    {"nvJitLink", "nvJitLinkVersion", GIVES_TWO, 0},
    {"cufft", "cufftGetProperty", BY_PARTS, 0},
    {"curand", "curandGetProperty", BY_PARTS, 0},
    {"cusolver", "cusolverGetProperty", BY_PARTS, 0},
    {"cusparse", "cusparseGetProperty", BY_PARTS, 0},
    {"cusparseLt", "cusparseLtGetProperty", BY_PARTS, 0},
    {"cudss", "cudssGetProperty", BY_PARTS, 0},
    {"cutensor", "cutensorGetVersion", RETURNS_NUMBER, 10000},
    {"nvjpeg", "nvjpegGetProperty", BY_PARTS, 0},
    {"nvinfer", "getInferLibVersion", RETURNS_NUMBER, 10000}};

struct answer {
    char call[CALL_ROOM];
    int parts[3];
    int part_count;
};

typedef int part_function(int part, int *to);
typedef size_t number_function(void);
typedef int place_function(int *to);
typedef int two_function(int *major, int *minor);

static const struct function *function_of(const char *name) {
    for (size_t at = 0; at < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; at++)
        if (text_equal(FUNCTIONS[at].library, name)) return &FUNCTIONS[at];
    return NULL;
}

int library_version_is_told(const char *name) { return function_of(name) != NULL; }

static void take_number(struct answer *answer, const struct function *function, long number) {
    if (number <= 0 || number > 10000000) return;
    if (function->two_digits_from == 0) {
        /* CUDA's own: 12080 is 12.8. */
        answer->parts[0] = (int)(number / 1000);
        answer->parts[1] = (int)(number % 1000 / 10);
        answer->part_count = 2;
        return;
    }
    long major = number >= function->two_digits_from ? 10000 : 1000;
    answer->parts[0] = (int)(number / major);
    answer->parts[1] = (int)(number % major / 100);
    answer->parts[2] = (int)(number % 100);
    answer->part_count = 3;
}

static void ask(struct answer *answer, const struct function *function, void *symbol) {
    int one = 0, two = 0, count = 0;
    step_call(answer, function->symbol);
    switch (function->form) {
    case BY_PARTS:
        for (; count < 3 && ((part_function *)symbol)(count, &answer->parts[count]) == 0; count++) continue;
        answer->part_count = count;
        break;
    case RETURNS_NUMBER:
        /* Some are declared to return an int: the upper half is then anything. */
        take_number(answer, function, (long)(uint32_t)((number_function *)symbol)());
        break;
    case GIVES_NUMBER:
        if (((place_function *)symbol)(&one) == 0) take_number(answer, function, one);
        break;
    case GIVES_TWO:
        if (((two_function *)symbol)(&one, &two) != 0) break;
        answer->parts[0] = one;
        answer->parts[1] = two;
        answer->part_count = 2;
        break;
    }
}

_Noreturn static void child(struct answer *answer, const struct function *function, const char *path) {
    sys_die_with_parent(SIGNAL_KILL);
    void *handle = dlopen(path, DL_LAZY);
    void *symbol = handle ? dlsym(handle, function->symbol) : NULL;
    if (symbol) ask(answer, function, symbol);
    sys_exit(0);
}

/** Whether the child ended by itself in time; otherwise it is killed. */
static int wait_for(int pid, long timeout_ms) {
    int status = 0;
    for (int64_t until_us = sys_clock_us() + (int64_t)timeout_ms * 1000;;) {
        long answer = sys_wait_now(pid, &status);
        if (answer != 0) return answer == pid && status == 0;
        if (sys_clock_us() >= until_us) break;
        sys_sleep_ms(1);
    }
    sys_kill(pid, SIGNAL_KILL);
    return 0;
}

int library_version_ask(const char *path, const char *name, long timeout_ms, char *to, size_t room) {
    const struct function *function = function_of(name);
    struct answer *answer = function ? sys_shared_memory(sizeof *answer) : NULL;
    if (!answer) return 0;
    int pid = fork();
    if (pid == 0) child(answer, function, path);
    if (pid < 0 || !wait_for(pid, timeout_ms)) return 0;
    int count = answer->part_count;
    if (count < 1 || count > 3 || answer->parts[0] <= 0) return 0;
    text_copy(to, room, "");
    for (int at = 0; at < count; at++) {
        if (answer->parts[at] < 0) return 0;
        if (at > 0) text_append(to, room, ".");
        text_append_number(to, room, answer->parts[at]);
    }
    return 1;
}
