#include "frameworks.h"
#include "files.h"
#include "python_run.h"

enum { MOST_INTERPRETERS = 12, MOST_TESTS = 32, INTERPRETER_ROOM = 256, LONGEST_LIST_MS = 15000 };

/* A framework computes on every GPU; an extension of one is mostly just imported. */
static const struct {
    const char *name;
    int share;
} FRAMEWORKS[] = {{"torch", 4},    {"tensorflow", 4},  {"jax", 4},      {"cupy", 4},         {"onnxruntime", 4}, {"paddle", 4},
                  {"triton", 2},   {"tensorrt", 1},    {"flash_attn", 1}, {"xformers", 1},   {"bitsandbytes", 1},
                  {"vllm", 2}};
enum { FRAMEWORK_COUNT = sizeof FRAMEWORKS / sizeof FRAMEWORKS[0], NONE = -1 };

struct plan {
    int interpreter_count;
    struct {
        char path[INTERPRETER_ROOM];
        /** Links resolved, of its folder and of the file: an environment's Python links to another's. */
        char folder[INTERPRETER_ROOM], file[INTERPRETER_ROOM];
    } interpreter[MOST_INTERPRETERS];
    int test_count;
    struct {
        int interpreter;
        /** Of FRAMEWORKS; NONE for a Python that does not start. */
        int framework;
        char from[INTERPRETER_ROOM];
    } test[MOST_TESTS];
};

struct find_result {
    char call[CALL_ROOM];
    struct plan plan;
    struct python_run run[MOST_INTERPRETERS];
};

struct test_result {
    char call[CALL_ROOM];
    struct python_run run;
};

/* What a child gets to know: it is a copy of this process. */
static struct {
    char **environment;
    struct plan plan;
    const struct find_result *found;
    int64_t deadline_us;
    int gpus;
    int interpreter;
} now;

static void add_interpreter(struct plan *plan, const char *folder, const char *name) {
    int at = plan->interpreter_count;
    if (at >= MOST_INTERPRETERS || folder[0] != '/') return;
    char *path = plan->interpreter[at].path, *real_folder = plan->interpreter[at].folder,
         *real_file = plan->interpreter[at].file;
    if (!text_copy(path, INTERPRETER_ROOM, folder) || !text_append(path, INTERPRETER_ROOM, "/") ||
        !text_append(path, INTERPRETER_ROOM, name))
        return;
    if (sys_access(path, ACCESS_EXECUTE) < 0 || real_path(folder, real_folder, INTERPRETER_ROOM) < 0 ||
        real_path(path, real_file, INTERPRETER_ROOM) < 0)
        return;
    for (int other = 0; other < at; other++)
        if (text_equal(plan->interpreter[other].folder, real_folder) && text_equal(plan->interpreter[other].file, real_file))
            return;
    plan->interpreter_count++;
}

static void add_folder(struct plan *plan, const char *folder, size_t length, const char *below) {
    char path[INTERPRETER_ROOM];
    if (length == 0 || length + text_length(below) >= sizeof path) return;
    memcpy(path, folder, length);
    path[length] = 0;
    text_append(path, sizeof path, below);
    add_interpreter(plan, path, "python3");
    add_interpreter(plan, path, "python");
}

static void find_interpreters(struct plan *plan, char **environment) {
    static const char *const PLACES[] = {"/usr/bin", "/usr/local/bin", "/opt/conda/bin", "/opt/venv/bin"};
    const char *list = environment_value(environment, "PATH");
    while (list && *list) {
        size_t length = 0;
        while (list[length] && list[length] != ':') length++;
        add_folder(plan, list, length, "");
        list += length + (list[length] == ':');
    }
    const char *venv = environment_value(environment, "VIRTUAL_ENV"), *conda = environment_value(environment, "CONDA_PREFIX");
    if (venv) add_folder(plan, venv, text_length(venv), "/bin");
    if (conda) add_folder(plan, conda, text_length(conda), "/bin");
    for (size_t at = 0; at < sizeof PLACES / sizeof PLACES[0]; at++) add_folder(plan, PLACES[at], text_length(PLACES[at]), "");
}

static void add_test(struct plan *plan, int interpreter, int framework, const char *from) {
    int at = plan->test_count;
    if (at >= MOST_TESTS) return;
    for (int other = 0; other < at; other++)
        /* Another interpreter that would import the very same files. */
        if (framework != NONE && plan->test[other].framework == framework && text_equal(plan->test[other].from, from)) return;
    plan->test[at].interpreter = interpreter;
    plan->test[at].framework = framework;
    text_copy(plan->test[at].from, INTERPRETER_ROOM, from);
    plan->test_count++;
}

/** A line `torch /usr/lib/python3/dist-packages/torch/__init__.py`. */
static void take_listed(const char *line, void *given) {
    struct find_result *result = given;
    for (int at = 0; at < FRAMEWORK_COUNT; at++) {
        size_t length = text_length(FRAMEWORKS[at].name);
        if (text_starts(line, FRAMEWORKS[at].name) && line[length] == ' ')
            add_test(&result->plan, now.interpreter, at, line + length + 1);
    }
}

static void find_run(void *given, const struct request *request) {
    struct find_result *result = given;
    find_interpreters(&result->plan, request->environment);
    for (int at = 0; at < result->plan.interpreter_count; at++) {
        int64_t deadline_us = sys_clock_us() + LONGEST_LIST_MS * (int64_t)1000;
        step_call(result, result->plan.interpreter[at].path);
        now.interpreter = at;
        python_run(&result->run[at], result->plan.interpreter[at].path, "list", "", "", request->environment, deadline_us,
                   take_listed, result);
        if (!result->run[at].ended) add_test(&result->plan, at, NONE, "");
    }
}

static void test_run(void *given, const struct request *request) {
    struct test_result *result = given;
    int framework = now.plan.test[request->index].framework;
    char gpus[16] = "";
    text_append_number(gpus, sizeof gpus, now.gpus);
    step_call(result, FRAMEWORKS[framework].name);
    python_run(&result->run, now.plan.interpreter[now.plan.test[request->index].interpreter].path, "test",
               FRAMEWORKS[framework].name, gpus, request->environment, INT64_MAX, NULL, NULL);
}

static const struct step FIND_STEP = {
    .name = "frameworks", .result_bytes = sizeof(struct find_result), .run = find_run, .has_group = 1};
static const struct step TEST_STEP = {
    .name = "framework", .result_bytes = sizeof(struct test_result), .run = test_run, .has_group = 1};

static long left_ms(void) { return (long)((now.deadline_us - sys_clock_us()) / 1000); }

size_t frameworks_find(char **environment, int gpus, int64_t deadline_us) {
    now.environment = environment;
    now.deadline_us = deadline_us;
    now.gpus = gpus;
    struct task task = {.step = &FIND_STEP};
    if (left_ms() <= 0) return 0;
    task_start(&task, &(struct request){.environment = environment, .timeout_ms = left_ms()});
    while (task.state == TASK_RUNNING) tasks_wait(&task, 1);
    now.found = task.result;
    if (now.found) now.plan = now.found->plan;
    return (size_t)now.plan.test_count;
}

/** What this test may take of the time that is left, so that one that hangs leaves some to those after it. */
static long share_ms(size_t at) {
    int all = 0;
    for (int other = (int)at; other < now.plan.test_count; other++)
        if (now.plan.test[other].framework != NONE) all += FRAMEWORKS[now.plan.test[other].framework].share;
    return left_ms() / all * FRAMEWORKS[now.plan.test[at].framework].share;
}

/** The members of the last line that it wrote, when there is one; what is no line of the script is none. */
static int report_said(struct json *json, const struct python_run *run) {
    static char line[DOCUMENT_BYTES];
    int latest = *(const volatile int *)&run->latest & 1;
    size_t length = *(const volatile size_t *)&run->line_bytes[latest];
    if (length < 2 || length >= sizeof line) return 0;
    memcpy(line, run->line[latest], length);
    line[length] = 0;
    if (!text_starts(line, "{\"name\"") || line[length - 1] != '}') return 0;
    for (size_t at = 0; at < length; at++)
        if (line[at] < ' ' || line[at] > '~') return 0;
    json_members(json, line + 1, length - 2);
    return 1;
}

static void report_start(struct json *json, const char *name, const char *interpreter) {
    json_text(json, "name", name, INTERPRETER_ROOM);
    json_text(json, "interpreter", interpreter, INTERPRETER_ROOM);
    json_text(json, "stage", "start", 8);
}

static void report_printed(struct json *json, const struct python_run *run) {
    char printed[PRINTED_HEAD + PRINTED_TAIL + 16];
    python_printed(run, printed, sizeof printed);
    if (printed[0]) json_text(json, "printed", printed, sizeof printed);
}

/** How it ended, where it did not say that it had said everything. */
static void report_run(struct json *json, const struct python_run *run) {
    report_printed(json, run);
    if (run->ended || run->status == -1) return;
    if (run->status & 0x7f)
        report_signal(json, run->status & 0x7f);
    else
        json_number(json, "exitStatus", run->status >> 8 & 0xff);
}

void frameworks_test(size_t at, struct json *json) {
    int framework = now.plan.test[at].framework, interpreter = now.plan.test[at].interpreter;
    const char *path = now.plan.interpreter[interpreter].path;
    if (framework == NONE) {
        report_start(json, "python", path);
        if (now.found->run[interpreter].timed_out) json_boolean(json, "timedOut", 1);
        report_run(json, &now.found->run[interpreter]);
        return;
    }
    long limit_ms = share_ms(at);
    struct task task = {.step = &TEST_STEP, .index = (int)at};
    if (limit_ms > 0) {
        task_start(&task, &(struct request){.environment = now.environment, .timeout_ms = limit_ms});
        while (task.state == TASK_RUNNING) tasks_wait(&task, 1);
    } else {
        task.ending = (struct ending){.timed_out = 1, .exit_status = -1};
    }
    const struct test_result *result = task.result;
    if (!result || !report_said(json, &result->run)) report_start(json, FRAMEWORKS[framework].name, path);
    if (result && !task.ending.timed_out) report_run(json, &result->run);
    if (result && task.ending.timed_out) report_printed(json, &result->run);
    if (task.ending.timed_out) json_boolean(json, "timedOut", 1);
    if (task.ending.signal) report_signal(json, task.ending.signal);
    if (task.ending.not_started) report_ending(json, &task.ending, "fork");
}
