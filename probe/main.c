/* The probe's story: PROTOCOL.md says what each document holds. */
#include "device.h"
#include "driver.h"
#include "limits.h"
#include "nodes.h"
#include "nvml.h"
#include "runtime.h"
#include "selfcheck.h"
#include "supervise.h"

enum {
    DOCUMENT_ROOM = 128 * 1024,
    MOST_GPUS = 64,
    /* Each holds a driver context of some hundred megabytes. */
    GPUS_AT_ONCE = 4,
    DEFAULT_STEP_TIMEOUT_MS = 10000,
    LONGEST_STEP_TIMEOUT_MS = 3600000
};

enum { TASK_NODES, TASK_DRIVER, TASK_NVML, TASK_RUNTIME, TASK_FIRST_GPU };

struct probe {
    const char *nonce;
    long step_timeout_ms;
    char **environment;
    struct task tasks[TASK_FIRST_GPU + MOST_GPUS];
    size_t task_count;
    int libcuda_reported;
    char room[DOCUMENT_ROOM];
};

static void write_all(const char *text, size_t length) {
    while (length > 0) {
        long written = sys_write(1, text, length);
        if (written == -ERROR_INTR) continue;
        if (written == -ERROR_AGAIN) {
            sys_sleep_ms(1);
            continue;
        }
        if (written <= 0) return;
        text += written;
        length -= (size_t)written;
    }
}

static void document_open(struct probe *probe, struct json *json, const char *step) {
    json_open(json, probe->room, sizeof probe->room);
    json_text(json, "probe", "cuda-image-check/probe@1", 64);
    json_text(json, "nonce", probe->nonce, 128);
    json_text(json, "step", step, 16);
}

static void document_close(struct probe *probe, struct json *json) {
    write_all(probe->room, json_close(json));
}

static void say_begin(struct probe *probe) {
    struct json json;
    document_open(probe, &json, "begin");
#if defined(__x86_64__)
    json_text(&json, "architecture", "x86_64", 8);
#else
    json_text(&json, "architecture", "aarch64", 8);
#endif
    json_number(&json, "stepTimeoutMs", probe->step_timeout_ms);
    document_close(probe, &json);
}

static void say_end(struct probe *probe, int64_t began_us) {
    struct json json;
    document_open(probe, &json, "end");
    json_thousandths(&json, "ms", sys_clock_us() - began_us);
    document_close(probe, &json);
}

static void start(struct probe *probe, size_t at, const struct step *step, int index) {
    struct task *task = &probe->tasks[at];
    *task = (struct task){.step = step, .index = index};
    task_start(task, probe->environment, probe->step_timeout_ms);
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
    document_open(probe, &json, "libcuda");
    libcuda_report(&json, result, &driver->ending, nvml_driver_version(nvml->result), VERSION_ROOM);
    document_close(probe, &json);
}

static void report_driver(struct probe *probe, struct task *task) {
    const struct driver_result *result = task->result;
    struct json json;
    report_libcuda(probe);
    if (!init_was_tried(result)) return;
    document_open(probe, &json, "init");
    init_report(&json, result, &task->ending);
    document_close(probe, &json);
    if (result->init_answered && result->init_code == 0) plan_gpus(probe, result->device_count);
}

static void report_gpu(struct probe *probe, const struct task *task) {
    struct json json;
    document_open(probe, &json, "device");
    device_report(&json, task->index, task->result, &task->ending);
    document_close(probe, &json);
    document_open(probe, &json, "kernel");
    kernel_report(&json, task->index, task->result, &task->ending);
    document_close(probe, &json);
}

static void report_simple(struct probe *probe, const struct task *task,
                          void (*report)(struct json *, const void *, const struct ending *)) {
    struct json json;
    document_open(probe, &json, task->step->name);
    report(&json, task->result, &task->ending);
    document_close(probe, &json);
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
    case TASK_RUNTIME: report_simple(probe, task, runtime_report); break;
    case TASK_DRIVER: report_driver(probe, task); break;
    default: report_gpu(probe, task); break;
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
    document_open(probe, &json, "limits");
    limits_report(&json, probe->environment);
    document_close(probe, &json);
    while (tasks_wait(probe->tasks, probe->task_count)) {
        for (size_t at = 0; at < probe->task_count; at++)
            if (probe->tasks[at].state == TASK_DONE) report(probe, at);
        start_waiting_gpus(probe);
    }
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

static long milliseconds(const char *text) {
    long number = 0;
    if (!*text) return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > LONGEST_STEP_TIMEOUT_MS) return -1;
        number = number * 10 + (*text - '0');
    }
    return number >= 1 && number <= LONGEST_STEP_TIMEOUT_MS ? number : -1;
}

static int wrong_use(void) {
    static const char TEXT[] =
        "usage: cuda-image-probe --nonce HEX [--step-timeout MS]\n"
        "       cuda-image-probe --self-check warn|stop -- PROGRAM [ARGUMENT...]\n"
        "  --nonce HEX          8 to 64 hexadecimal digits, repeated in every document\n"
        "  --step-timeout MS    1 to 3600000 milliseconds for each step; 10000 unless told\n";
    sys_write(2, TEXT, sizeof TEXT - 1);
    return 2;
}

int main(int argc, char **argv, char **environment) {
    static struct probe probe;
    /* As the first process of a container it would otherwise be deaf to a request to stop. */
    signal(SIGNAL_TERM, stop);
    signal(SIGNAL_INT, stop);
    signal(SIGNAL_PIPE, (void (*)(int))1);
    if (argc > 1 && text_equal(argv[1], "--self-check")) return self_check(argc - 2, argv + 2, environment);
    probe.environment = environment;
    probe.step_timeout_ms = DEFAULT_STEP_TIMEOUT_MS;
    for (int at = 1; at < argc; at += 2) {
        if (at + 1 >= argc) return wrong_use();
        if (text_equal(argv[at], "--nonce") && is_nonce(argv[at + 1]))
            probe.nonce = argv[at + 1];
        else if (text_equal(argv[at], "--step-timeout") && milliseconds(argv[at + 1]) > 0)
            probe.step_timeout_ms = milliseconds(argv[at + 1]);
        else
            return wrong_use();
    }
    if (!probe.nonce) return wrong_use();
    run(&probe);
    return 0;
}
