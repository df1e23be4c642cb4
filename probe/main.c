/* The probe's story: PROTOCOL.md says what each document holds. */
#include "device.h"
#include "documents.h"
#include "driver.h"
#include "frameworks.h"
#include "limits.h"
#include "nodes.h"
#include "nvml.h"
#include "python.h"
#include "reading.h"
#include "runtime.h"
#include "selfcheck.h"
#include "supervise.h"

enum {
    MOST_GPUS = 64,
    /* Each holds a driver context of some hundred megabytes. */
    GPUS_AT_ONCE = 4,
    DEFAULT_STEP_TIMEOUT_MS = 10000,
    LONGEST_TIMEOUT_MS = 3600000
};

enum { TASK_NODES, TASK_DRIVER, TASK_NVML, TASK_RUNTIME, TASK_FILES, TASK_FIRST_GPU };

struct probe {
    struct request request;
    /** Whether the image's files are read. */
    int files;
    /** From the begin to the end of all frameworks' tests; 0 leaves them out. */
    long frameworks_timeout_ms;
    struct task tasks[TASK_FIRST_GPU + MOST_GPUS];
    size_t task_count;
    int libcuda_reported;
    /** What the step FILES finds of Python; NULL where the files are not read. */
    const struct python_found *pythons;
    struct documents documents;
};

static void say_begin(struct probe *probe) {
    struct json json;
    document_open(&probe->documents, &json, "begin");
#if defined(__x86_64__)
    json_text(&json, "architecture", "x86_64", 8);
#else
    json_text(&json, "architecture", "aarch64", 8);
#endif
    json_number(&json, "stepTimeoutMs", probe->request.timeout_ms);
    document_close(&probe->documents, &json);
}

static void say_end(struct probe *probe, int64_t began_us) {
    struct json json;
    document_open(&probe->documents, &json, "end");
    json_thousandths(&json, "ms", sys_clock_us() - began_us);
    document_close(&probe->documents, &json);
}

static void start(struct probe *probe, size_t at, const struct step *step, int index) {
    struct task *task = &probe->tasks[at];
    *task = (struct task){.step = step, .index = index};
    task_start(task, &probe->request);
    if (probe->task_count <= at) probe->task_count = at + 1;
}

static void plan_gpus(struct probe *probe, int count) {
    if (count > MOST_GPUS) count = MOST_GPUS;
    for (int index = 0; index < count; index++)
        probe->tasks[TASK_FIRST_GPU + index] =
            (struct task){.step = &DEVICE_STEP, .index = index, .state = TASK_WAITING};
    if (count > 0) probe->task_count = (size_t)(TASK_FIRST_GPU + count);
}

static void start_waiting_gpus(struct probe *probe) {
    int running = 0;
    for (size_t at = TASK_FIRST_GPU; at < probe->task_count; at++) running += probe->tasks[at].state == TASK_RUNNING;
    for (size_t at = TASK_FIRST_GPU; at < probe->task_count && running < GPUS_AT_ONCE; at++) {
        if (probe->tasks[at].state != TASK_WAITING) continue;
        start(probe, at, &DEVICE_STEP, probe->tasks[at].index);
        running += probe->tasks[at].state == TASK_RUNNING;
    }
}

/**
 * The document of step `libcuda`, once: at the latest when NVML has answered or failed to, because the driver version that it
 * gives tells an injected file that is no mount from one of the image's own.
 */
static void report_libcuda(struct probe *probe) {
    const struct task *driver = &probe->tasks[TASK_DRIVER], *nvml = &probe->tasks[TASK_NVML];
    const struct driver_result *result = driver->result;
    if (probe->libcuda_reported || driver->state != TASK_REPORTED) return;
    int undecided = result && text_equal(result->library.origin, "image");
    if (undecided && nvml->state == TASK_RUNNING) return;
    probe->libcuda_reported = 1;
    struct json json;
    document_open(&probe->documents, &json, "libcuda");
    libcuda_report(&json, result, &driver->ending, nvml_driver_version(nvml->result), VERSION_ROOM);
    document_close(&probe->documents, &json);
}

static void report_driver(struct probe *probe, struct task *task) {
    const struct driver_result *result = task->result;
    struct json json;
    report_libcuda(probe);
    if (!init_was_tried(result)) return;
    document_open(&probe->documents, &json, "init");
    init_report(&json, result, &task->ending);
    document_close(&probe->documents, &json);
    if (result->init_answered && result->init_code == 0) plan_gpus(probe, result->device_count);
}

static void report_gpu(struct probe *probe, const struct task *task) {
    struct json json;
    document_open(&probe->documents, &json, "device");
    device_report(&json, task->index, task->result, &task->ending);
    document_close(&probe->documents, &json);
    document_open(&probe->documents, &json, "kernel");
    kernel_report(&json, task->index, task->result, &task->ending);
    document_close(&probe->documents, &json);
}

static void report_simple(struct probe *probe, const struct task *task,
                          void (*report)(struct json *, const void *, const struct ending *)) {
    struct json json;
    document_open(&probe->documents, &json, task->step->name);
    report(&json, task->result, &task->ending);
    document_close(&probe->documents, &json);
}

/** The child says everything itself, unless it does not come to that. */
static void report_files(struct probe *probe, const struct task *task) {
    const struct ending *ending = &task->ending;
    struct json json;
    if (!ending->timed_out && !ending->signal && !ending->not_started && ending->exit_status < 0) return;
    document_open(&probe->documents, &json, "files");
    files_report_ending(&json, ending, task->result);
    document_close(&probe->documents, &json);
}

static void report(struct probe *probe, size_t at) {
    struct task *task = &probe->tasks[at];
    task->state = TASK_REPORTED;
    switch (at) {
    case TASK_NODES: report_simple(probe, task, nodes_report); break;
    case TASK_NVML:
        report_simple(probe, task, nvml_report);
        report_libcuda(probe);
        break;
    case TASK_FILES: report_files(probe, task); break;
    case TASK_RUNTIME: report_simple(probe, task, runtime_report); break;
    case TASK_DRIVER: report_driver(probe, task); break;
    default: report_gpu(probe, task); break;
    }
}

/** GPUs for the frameworks; 0 where none came up, or where a GPU hangs, on which a framework would hang as well. */
static int usable_gpus(const struct probe *probe) {
    const struct driver_result *driver = probe->tasks[TASK_DRIVER].result;
    for (size_t at = TASK_FIRST_GPU; at < probe->task_count; at++)
        if (probe->tasks[at].ending.timed_out) return 0;
    return driver && driver->init_answered && driver->init_code == 0 ? driver->device_count : 0;
}

/** After the kernels and one after the other: a GPU in exclusive-process mode takes one program at a time. */
static void test_frameworks(struct probe *probe, int64_t began_us) {
    int gpus = usable_gpus(probe);
    if (probe->frameworks_timeout_ms == 0 || gpus <= 0) return;
    int64_t deadline_us = began_us + (int64_t)probe->frameworks_timeout_ms * 1000;
    size_t count = frameworks_find(probe->request.environment, gpus, deadline_us, probe->pythons);
    for (size_t at = 0; at < count; at++) {
        struct json json;
        document_open(&probe->documents, &json, "framework");
        frameworks_test(at, &json);
        document_close(&probe->documents, &json);
    }
}

static void run(struct probe *probe) {
    int64_t began_us = sys_clock_us();
    struct json json;
    say_begin(probe);
    start(probe, TASK_NODES, &NODES_STEP, 0);
    start(probe, TASK_DRIVER, &DRIVER_STEP, 0);
    start(probe, TASK_NVML, &NVML_STEP, 0);
    start(probe, TASK_RUNTIME, &RUNTIME_STEP, 0);
    if (probe->files && probe->frameworks_timeout_ms > 0) probe->pythons = python_share();
    if (probe->files) start(probe, TASK_FILES, &FILES_STEP, 0);
    document_open(&probe->documents, &json, "limits");
    limits_report(&json, probe->request.environment);
    document_close(&probe->documents, &json);
    while (tasks_wait(probe->tasks, probe->task_count)) {
        for (size_t at = 0; at < probe->task_count; at++)
            if (probe->tasks[at].state == TASK_DONE) report(probe, at);
        start_waiting_gpus(probe);
    }
    test_frameworks(probe, began_us);
    say_end(probe, began_us);
    tasks_end(probe->tasks, probe->task_count);
}

static void stop(int number) { sys_exit(128 + number); }

static int is_nonce(const char *text) {
    size_t length = 0;
    for (; text[length]; length++) {
        char byte = text[length];
        if (!((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F'))) return 0;
    }
    return length >= 8 && length <= 64;
}

/** -1 for what is no number of milliseconds in the range. */
static long milliseconds(const char *text, long least) {
    long number = 0;
    if (!*text) return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > LONGEST_TIMEOUT_MS) return -1;
        number = number * 10 + (*text - '0');
    }
    return number >= least && number <= LONGEST_TIMEOUT_MS ? number : -1;
}

static int wrong_use(void) {
    static const char TEXT[] =
        "usage: cuda-image-probe --nonce HEX [--step-timeout MS] [--files yes|no] [--frameworks-timeout MS]\n"
        "       cuda-image-probe --scan PATH...\n"
        "       cuda-image-probe --self-check warn|stop -- PROGRAM [ARGUMENT...]\n"
        "  --nonce HEX               8 to 64 hexadecimal digits, repeated in every document\n"
        "  --step-timeout MS         1 to 3600000 milliseconds for each step; 10000 unless told\n"
        "  --files yes|no            whether to read the image's files; yes unless told\n"
        "  --frameworks-timeout MS   the frameworks' own tests are over so many milliseconds after the begin, up to 3600000;\n"
        "                            0, which leaves them out, unless told\n"
        "  --scan PATH...            only reads the files below these folders, or these files; needs no CUDA\n";
    sys_write(2, TEXT, sizeof TEXT - 1);
    return 2;
}

/** Reads what is below the paths, without a time limit; 2 when one of them cannot be opened. */
static int scan(struct probe *probe, const char *const *paths, size_t count) {
    for (size_t at = 0; at < count; at++)
        if (paths[at][0] == 0 || text_starts(paths[at], "--")) return wrong_use();
    const struct reading reading = {
        .documents = &probe->documents, .environment = probe->request.environment,
        .mounts = WALK_ALL_MOUNTS, .deadline_us = INT64_MAX};
    return reading_run(&reading, paths, count, INT64_MAX) > 0 ? 2 : 0;
}

/** Takes an option and its value; 0 when they are none. */
static int take_option(struct probe *probe, const char *name, const char *value) {
    if (text_equal(name, "--nonce") && is_nonce(value)) {
        probe->request.nonce = value;
    } else if (text_equal(name, "--step-timeout") && milliseconds(value, 1) > 0) {
        probe->request.timeout_ms = milliseconds(value, 1);
    } else if (text_equal(name, "--frameworks-timeout") && milliseconds(value, 0) >= 0) {
        probe->frameworks_timeout_ms = milliseconds(value, 0);
    } else if (text_equal(name, "--files") && (text_equal(value, "yes") || text_equal(value, "no"))) {
        probe->files = text_equal(value, "yes");
    } else {
        return 0;
    }
    return 1;
}

int main(int argc, char **argv, char **environment) {
    static struct probe probe;
    /* As the first process of a container it would otherwise be deaf to a request to stop. */
    signal(SIGNAL_TERM, stop);
    signal(SIGNAL_INT, stop);
    signal(SIGNAL_PIPE, (void (*)(int))1);
    if (argc > 1 && text_equal(argv[1], "--self-check")) return self_check(argc - 2, argv + 2, environment);
    probe.files = 1;
    probe.documents.file = 1;
    probe.request.environment = environment;
    probe.request.timeout_ms = DEFAULT_STEP_TIMEOUT_MS;
    if (argc > 2 && text_equal(argv[1], "--scan"))
        return scan(&probe, (const char *const *)argv + 2, (size_t)argc - 2);
    for (int at = 1; at < argc; at += 2)
        if (at + 1 >= argc || !take_option(&probe, argv[at], argv[at + 1])) return wrong_use();
    if (!probe.request.nonce) return wrong_use();
    probe.documents.nonce = probe.request.nonce;
    run(&probe);
    return 0;
}
