#include "selfcheck.h"

#include "causes.h"
#include "device.h"
#include "driver.h"
#include "nvml.h"
#include "runtime.h"
#include "supervise.h"

enum {
    MOST_GPUS = 64,
    GPUS_AT_ONCE = 4,
    /* A program that waits for this at each start: cuInit on a machine of eight GPUs without persistence mode takes tens of seconds. */
    STEP_TIMEOUT_MS = 60000,
    /** For the children that held the driver open to be gone, so that the program finds a GPU in exclusive-process mode free. */
    LEAVING_MS = 5000,
    MESSAGE_ROOM = 4096
};

enum { TASK_DRIVER, TASK_NVML, TASK_RUNTIME, TASK_FIRST_GPU };

#define DOCS "https://github.com/cuda-image-check/cuda-image-check/blob/main/docs/findings/"

struct check {
    char **environment;
    struct task tasks[TASK_FIRST_GPU + MOST_GPUS];
    size_t task_count;
    int failed;
    /** What was seen, put together before it is said. */
    char saw[MESSAGE_ROOM];
};

static void say(const char *label, const char *text) {
    char line[MESSAGE_ROOM + 64] = "cuda-image-check: ";
    text_append(line, sizeof line - 1, label);
    /* A text of a driver or of the dynamic linker stays on its line and cannot steer the terminal. */
    size_t from = text_length(line);
    text_append(line, sizeof line - 1, text);
    size_t length = text_length(line);
    for (size_t at = from; at < length; at++)
        if ((unsigned char)line[at] < ' ' || line[at] == 127) line[at] = ' ';
    line[length++] = '\n';
    sys_write(2, line, length);
}

static void fail(struct check *check, const struct cause *cause) {
    char page[160] = DOCS;
    check->failed = 1;
    text_append(page, sizeof page, cause->id);
    text_append(page, sizeof page, ".md");
    say("", cause->title);
    say("  saw:  ", check->saw);
    if (cause->fix[0]) say("  do:   ", cause->fix);
    say("  more: ", page);
}

static const struct cause *cause_of(const struct cause *causes, size_t count, int code) {
    for (size_t at = 0; at < count; at++)
        if (causes[at].code == code) return &causes[at];
    return &CAUSE_UNKNOWN;
}

#define CAUSE_OF(causes, code) cause_of(causes, sizeof(causes) / sizeof(causes)[0], code)

static void saw_code(struct check *check, const char *call, int code, const char *words) {
    text_copy(check->saw, sizeof check->saw, call);
    text_append(check->saw, sizeof check->saw, " returned ");
    text_append_number(check->saw, sizeof check->saw, code);
    if (!words[0]) return;
    text_append(check->saw, sizeof check->saw, ": ");
    text_append(check->saw, sizeof check->saw, words);
}

/** Whether the child of a step ended without an answer; says so then. */
static int no_answer(struct check *check, const char *what, const struct task *task) {
    const struct ending *ending = &task->ending;
    if (!ending->timed_out && !ending->signal && ending->exit_status < 0 && !ending->not_started) return 0;
    text_copy(check->saw, sizeof check->saw, what);
    if (ending->timed_out) {
        text_append(check->saw, sizeof check->saw, " did not return");
        fail(check, &CAUSE_NO_ANSWER);
        return 1;
    }
    text_append(check->saw, sizeof check->saw, ending->signal ? " was ended by signal " : " ended by itself with ");
    text_append_number(check->saw, sizeof check->saw, ending->signal ? ending->signal : ending->exit_status);
    fail(check, &CAUSE_UNKNOWN);
    return 1;
}

static void start(struct check *check, size_t at, const struct step *step, int index) {
    check->tasks[at] = (struct task){.step = step, .index = index};
    const struct request request = {.environment = check->environment, .timeout_ms = STEP_TIMEOUT_MS};
    task_start(&check->tasks[at], &request);
    if (check->task_count <= at) check->task_count = at + 1;
}

static void wait_for_all(struct check *check) {
    while (tasks_wait(check->tasks, check->task_count))
        for (size_t at = 0; at < check->task_count; at++)
            if (check->tasks[at].state == TASK_DONE) check->tasks[at].state = TASK_REPORTED;
}

/** libcuda and cuInit. Returns the number of GPUs, 0 when there is nothing to go on with. */
static int judge_driver(struct check *check) {
    const struct task *task = &check->tasks[TASK_DRIVER];
    const struct driver_result *driver = task->result;
    if (!driver || !driver->loaded) {
        if (no_answer(check, "loading libcuda.so.1", task)) return 0;
        const char *origin = driver ? driver->library.origin : "";
        text_copy(check->saw, sizeof check->saw, driver ? driver->library.error : "no memory for a process");
        fail(check, text_equal(origin, "absent")  ? &CAUSE_NO_DRIVER
                    : text_equal(origin, "empty") ? &CAUSE_EMPTY_DRIVER
                    : text_equal(origin, "stub")  ? &CAUSE_STUB_DRIVER
                                                  : &CAUSE_UNKNOWN);
        return 0;
    }
    if (!driver->init_answered) {
        if (!no_answer(check, "cuInit", task)) {
            text_copy(check->saw, sizeof check->saw, driver->init_error);
            fail(check, &CAUSE_UNKNOWN);
        }
        return 0;
    }
    if (driver->init_code == 0) return driver->device_count;
    saw_code(check, driver->init_failed_call, driver->init_code, driver->init_error);
    text_append(check->saw, sizeof check->saw, "; libcuda is ");
    text_append(check->saw, sizeof check->saw, driver->library.path);
    enum { CODE_DRIVER_MISMATCH = 803 };
    if (driver->init_code == CODE_DRIVER_MISMATCH)
        fail(check, text_equal(driver->library.origin, "compat") ? &CAUSE_COMPAT_MISMATCH : &CAUSE_DRIVER_MISMATCH);
    else
        fail(check, CAUSE_OF(INIT_CAUSES, driver->init_code));
    return 0;
}

static void judge_runtime(struct check *check) {
    const struct task *task = &check->tasks[TASK_RUNTIME];
    struct runtime_answer answer;
    runtime_answer(&answer, task->result);
    if (!answer.found || no_answer(check, "cudaGetDeviceCount of the image's CUDA runtime", task)) return;
    if (!answer.answered || answer.code == 0) return;
    saw_code(check, "cudaGetDeviceCount of the image's CUDA runtime", answer.code, answer.error);
    fail(check, CAUSE_OF(INIT_CAUSES, answer.code));
}

static void judge_gpu(struct check *check, const struct task *task) {
    char what[64] = "the test kernel on GPU ";
    text_append_number(what, sizeof what, task->index);
    struct kernel_answer answer;
    kernel_answer(&answer, task->result);
    if (answer.compared && answer.right) return;
    if (answer.compared) {
        text_copy(check->saw, sizeof check->saw, what);
        text_append(check->saw, sizeof check->saw, ": wrong result");
        fail(check, &CAUSE_WRONG_RESULT);
    } else if (answer.answered) {
        text_append(what, sizeof what, ": ");
        text_append(what, sizeof what, answer.call);
        saw_code(check, what, answer.code, answer.error);
        fail(check, CAUSE_OF(KERNEL_CAUSES, answer.code));
    } else if (!no_answer(check, what, task)) {
        text_copy(check->saw, sizeof check->saw, answer.error);
        fail(check, &CAUSE_UNKNOWN);
    }
}

static void say_works(const struct check *check, int gpus) {
    char text[256] = "";
    const struct driver_result *driver = check->tasks[TASK_DRIVER].result;
    const char *version = nvml_driver_version(check->tasks[TASK_NVML].result);
    text_append_number(text, sizeof text, gpus);
    text_append(text, sizeof text, gpus == 1 ? " GPU computed right" : " GPUs computed right");
    if (version) {
        text_append(text, sizeof text, ", driver ");
        text_append(text, sizeof text, version);
    }
    if (driver->version > 0) {
        char cuda[VERSION_ROOM];
        cuda_version_text(cuda, sizeof cuda, driver->version);
        text_append(text, sizeof text, ", libcuda of CUDA ");
        text_append(text, sizeof text, cuda);
    }
    say("CUDA works: ", text);
}

/** What is left of the children must not be the program's: it may be the first process of its container, and never ask. */
static void leave(struct check *check) {
    tasks_end(check->tasks, check->task_count);
    int64_t deadline_us = sys_clock_us() + LEAVING_MS * 1000;
    for (size_t at = 0; at < check->task_count; at++) {
        int status = 0;
        while (check->tasks[at].pid > 0 && sys_wait_now(check->tasks[at].pid, &status) == 0 &&
               sys_clock_us() < deadline_us)
            sys_sleep_ms(2);
    }
}

static void run_checks(struct check *check) {
    start(check, TASK_DRIVER, &DRIVER_STEP, 0);
    start(check, TASK_NVML, &NVML_STEP, 0);
    start(check, TASK_RUNTIME, &RUNTIME_STEP, 0);
    wait_for_all(check);
    int gpus = judge_driver(check);
    if (check->failed) return;
    judge_runtime(check);
    if (gpus > MOST_GPUS) gpus = MOST_GPUS;
    for (int first = 0; first < gpus; first += GPUS_AT_ONCE) {
        for (int index = first; index < gpus && index < first + GPUS_AT_ONCE; index++)
            start(check, (size_t)(TASK_FIRST_GPU + index), &DEVICE_STEP, index);
        wait_for_all(check);
    }
    for (int index = 0; index < gpus; index++) judge_gpu(check, &check->tasks[TASK_FIRST_GPU + index]);
    if (!check->failed) say_works(check, gpus);
}

/** As execvp does it: a name with a slash is a path, any other is looked for in PATH. Returns only when it cannot be started. */
static int run_program(char **program, char **environment) {
    enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127 };
    int status = NOT_FOUND;
    /* Ignored signals, unlike handled ones, would stay ignored in the program. */
    signal(SIGNAL_PIPE, NULL);
    const char *folders = environment_value(environment, "PATH");
    if (!folders) folders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    if (text_find(program[0], "/")) {
        long answer = sys_execute(program[0], program, environment);
        if (answer != -ERROR_NOENT && answer != -ERROR_NOTDIR) status = NOT_EXECUTABLE;
        folders = "";
    }
    while (*folders) {
        char path[PATH_ROOM];
        size_t length = 0;
        while (folders[length] && folders[length] != ':') length++;
        if (length > 0 && length + text_length(program[0]) + 2 <= sizeof path) {
            memcpy(path, folders, length);
            path[length] = '/';
            text_copy(path + length + 1, sizeof path - length - 1, program[0]);
            long answer = sys_execute(path, program, environment);
            if (answer != -ERROR_NOENT && answer != -ERROR_NOTDIR) status = NOT_EXECUTABLE;
        }
        folders += length;
        if (*folders) folders++;
    }
    say(status == NOT_FOUND ? "there is no program " : "cannot be started: ", program[0]);
    return status;
}

static int wrong_use(void) {
    static const char TEXT[] =
        "usage: cuda-image-probe --self-check warn|stop -- PROGRAM [ARGUMENT...]\n"
        "  warn    says what stands in CUDA's way, then runs the program all the same\n"
        "  stop    says it and ends with status 1; runs the program only where CUDA works\n";
    sys_write(2, TEXT, sizeof TEXT - 1);
    return 2;
}

int self_check(int count, char **arguments, char **environment) {
    static struct check check;
    if (count < 3 || !text_equal(arguments[1], "--")) return wrong_use();
    int stops = text_equal(arguments[0], "stop");
    if (!stops && !text_equal(arguments[0], "warn")) return wrong_use();
    check.environment = environment;
    run_checks(&check);
    leave(&check);
    if (check.failed && stops) {
        say("stopped, as --self-check stop asks for; not started: ", arguments[2]);
        return 1;
    }
    return run_program(arguments + 2, environment);
}
