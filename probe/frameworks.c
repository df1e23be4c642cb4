#include "frameworks.h"
#include "files.h"
#include "python.h"
#include "python_run.h"

enum {
    MOST_INTERPRETERS = 20,
    MOST_TESTS = 64,
    INTERPRETER_ROOM = PYTHON_PATH_ROOM,
    LONGEST_LIST_MS = 15000,
    /* A test off PATH that would get less than this is not begun: it would only be cut off. */
    LEAST_BESIDE_MS = 5000
};

/* A framework computes on every GPU; an extension of one is mostly just imported. */
static const struct {
    const char *name;
    int share;
} FRAMEWORKS[] = {{"torch", 4},    {"tensorflow", 4},  {"jax", 4},      {"cupy", 4},         {"onnxruntime", 4}, {"paddle", 4},
                  {"triton", 2},   {"tensorrt", 1},    {"flash_attn", 1}, {"xformers", 1},   {"bitsandbytes", 1},
                  {"vllm", 2}};
enum { FRAMEWORK_COUNT = sizeof FRAMEWORKS / sizeof FRAMEWORKS[0], NONE = -1 };

struct interpreter {
    char path[INTERPRETER_ROOM];
    /** Links resolved, of its folder and of the file: an environment's Python links to another's. */
    char folder[INTERPRETER_ROOM], file[INTERPRETER_ROOM];
    /** PATH, VIRTUAL_ENV or CONDA_PREFIX lead to it. */
    int is_on_path;
    /** Number among the interpreters that the walk found; NONE for one that it did not. */
    int found;
};

struct test {
    int interpreter;
    /** Of FRAMEWORKS; NONE for a Python that does not start. */
    int framework;
    /** What the module would be imported from. */
    char from[INTERPRETER_ROOM];
    /** A Python on PATH has the same framework: this one waits until all that is on PATH is done. */
    int is_beside;
};

struct plan {
    int interpreter_count;
    struct interpreter interpreter[MOST_INTERPRETERS];
    int test_count;
    struct test test[MOST_TESTS];
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
    /** What the walk over the files found; empty where it did not come to its end. */
    const struct python_found *pythons;
    int64_t deadline_us;
    int gpus;
    int interpreter;
} now;

static int pythons_count(void) {
    int count = now.pythons ? now.pythons->interpreter_count : 0;
    return count < 0 ? 0 : count > PYTHON_MOST_INTERPRETERS ? PYTHON_MOST_INTERPRETERS : count;
}

static int frameworks_count(void) {
    int count = now.pythons->framework_count;
    return count < 0 ? 0 : count > PYTHON_MOST_FRAMEWORKS ? PYTHON_MOST_FRAMEWORKS : count;
}

static void add_interpreter(struct plan *plan, const char *folder, const char *name, int is_on_path, int found) {
    int at = plan->interpreter_count;
    if (at >= MOST_INTERPRETERS || folder[0] != '/') return;
    struct interpreter *added = &plan->interpreter[at];
    if (!text_copy(added->path, INTERPRETER_ROOM, folder) || !text_append(added->path, INTERPRETER_ROOM, "/") ||
        !text_append(added->path, INTERPRETER_ROOM, name))
        return;
    if (sys_access(added->path, ACCESS_EXECUTE) < 0 || real_path(folder, added->folder, INTERPRETER_ROOM) < 0 ||
        real_path(added->path, added->file, INTERPRETER_ROOM) < 0)
        return;
    for (int other = 0; other < at; other++) {
        struct interpreter *known = &plan->interpreter[other];
        if (!text_equal(known->folder, added->folder) || !text_equal(known->file, added->file)) continue;
        if (known->found == NONE) known->found = found;
        return;
    }
    added->is_on_path = is_on_path;
    added->found = found;
    plan->interpreter_count++;
}

static void add_folder(struct plan *plan, const char *folder, size_t length, const char *below, int is_on_path) {
    char path[INTERPRETER_ROOM];
    if (length == 0 || length + text_length(below) >= sizeof path) return;
    memcpy(path, folder, length);
    path[length] = 0;
    text_append(path, sizeof path, below);
    add_interpreter(plan, path, "python3", is_on_path, NONE);
    add_interpreter(plan, path, "python", is_on_path, NONE);
}

/** Those that the walk found: of those off PATH only the ones whose packages hold a framework. */
static void add_found(struct plan *plan) {
    for (int at = 0; at < pythons_count(); at++) {
        const struct python_interpreter *one = &now.pythons->interpreters[at];
        char folder[INTERPRETER_ROOM];
        if (text_bounded(one->path, sizeof one->path) >= sizeof one->path || (!one->sites && !one->is_on_path)) continue;
        text_copy(folder, sizeof folder, one->path);
        size_t length = text_length(folder);
        while (length > 0 && folder[length - 1] != '/') length--;
        if (length < 2) continue;
        folder[length - 1] = 0;
        add_interpreter(plan, folder, one->path + length, one->is_on_path, at);
    }
}

static void find_interpreters(struct plan *plan, char **environment) {
    static const char *const PLACES[] = {"/usr/bin", "/usr/local/bin", "/opt/conda/bin", "/opt/venv/bin"};
    const char *list = environment_value(environment, "PATH");
    while (list && *list) {
        size_t length = 0;
        while (list[length] && list[length] != ':') length++;
        add_folder(plan, list, length, "", 1);
        list += length + (list[length] == ':');
    }
    const char *venv = environment_value(environment, "VIRTUAL_ENV"), *conda = environment_value(environment, "CONDA_PREFIX");
    if (venv) add_folder(plan, venv, text_length(venv), "/bin", 1);
    if (conda) add_folder(plan, conda, text_length(conda), "/bin", 1);
    add_found(plan);
    /* Where the files were not read, or not to their end. */
    for (size_t at = 0; at < sizeof PLACES / sizeof PLACES[0] && pythons_count() == 0; at++)
        add_folder(plan, PLACES[at], text_length(PLACES[at]), "", 0);
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

static int is_tested_on_path(const struct plan *plan, int framework) {
    for (int at = 0; at < plan->test_count; at++) {
        const struct test *test = &plan->test[at];
        if (test->framework == framework && plan->interpreter[test->interpreter].is_on_path) return 1;
    }
    return 0;
}

/** Those that an application would use first, each in the order in which they were found. */
static void order_tests(struct plan *plan) {
    static struct test list[MOST_TESTS];
    int count = 0;
    for (int at = 0; at < plan->test_count; at++) {
        struct test *test = &plan->test[at];
        test->is_beside = test->framework != NONE && !plan->interpreter[test->interpreter].is_on_path &&
                          is_tested_on_path(plan, test->framework);
    }
    for (int is_beside = 0; is_beside < 2; is_beside++)
        for (int at = 0; at < plan->test_count; at++)
            if (plan->test[at].is_beside == is_beside) list[count++] = plan->test[at];
    memcpy(plan->test, list, (size_t)count * sizeof list[0]);
}

/** What one Python may take to name its frameworks: of the time that is left, most is for the tests. */
static int64_t list_deadline_us(void) {
    int64_t clock_us = sys_clock_us(), longest_us = LONGEST_LIST_MS * (int64_t)1000, share_us = (now.deadline_us - clock_us) / 4;
    return clock_us + (share_us < longest_us ? share_us : longest_us);
}

static void find_run(void *given, const struct request *request) {
    struct find_result *result = given;
    find_interpreters(&result->plan, request->environment);
    for (int at = 0; at < result->plan.interpreter_count; at++) {
        int64_t deadline_us = list_deadline_us();
        step_call(result, result->plan.interpreter[at].path);
        now.interpreter = at;
        python_run(&result->run[at], result->plan.interpreter[at].path, "list", "", "", request->environment, deadline_us,
                   take_listed, result);
        if (!result->run[at].ended) add_test(&result->plan, at, NONE, "");
    }
    order_tests(&result->plan);
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

size_t frameworks_find(char **environment, int gpus, int64_t deadline_us, const struct python_found *pythons) {
    now.pythons = pythons;
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

/**
 * What this test may take of the time that is left, so that one that hangs leaves some to those after it. Those off PATH get what
 * the others leave.
 */
static long share_ms(size_t at) {
    int all = 0;
    for (int other = (int)at; other < now.plan.test_count; other++) {
        const struct test *test = &now.plan.test[other];
        if (test->framework != NONE && test->is_beside == now.plan.test[at].is_beside) all += FRAMEWORKS[test->framework].share;
    }
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

/** The frameworks that a Python which does not start would have, by their metadata. */
static void report_packages(struct json *json, const struct interpreter *interpreter) {
    if (interpreter->found == NONE || !json_array(json, "packages")) return;
    const struct python_interpreter *one = &now.pythons->interpreters[interpreter->found];
    for (int at = 0; at < frameworks_count(); at++) {
        const struct python_framework *framework = &now.pythons->frameworks[at];
        if (python_has(one, framework->site)) json_text(json, NULL, framework->name, sizeof framework->name);
    }
    json_array_end(json);
}

static void report_broken(struct json *json, const struct interpreter *interpreter, const struct python_run *run) {
    report_start(json, "python", interpreter->path);
    if (run->timed_out) json_boolean(json, "timedOut", 1);
    report_run(json, run);
    report_packages(json, interpreter);
}

static void report_test(size_t at, struct json *json) {
    const struct test *test = &now.plan.test[at];
    int framework = test->framework;
    const char *path = now.plan.interpreter[test->interpreter].path;
    long limit_ms = share_ms(at);
    if (test->is_beside && limit_ms < LEAST_BESIDE_MS) {
        report_start(json, FRAMEWORKS[framework].name, path);
        json_boolean(json, "untested", 1);
        return;
    }
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

void frameworks_test(size_t at, struct json *json) {
    const struct test *test = &now.plan.test[at];
    const struct interpreter *interpreter = &now.plan.interpreter[test->interpreter];
    if (test->framework == NONE)
        report_broken(json, interpreter, &now.found->run[test->interpreter]);
    else
        report_test(at, json);
    json_boolean(json, "onPath", interpreter->is_on_path);
    if (test->from[0]) json_text(json, "path", test->from, INTERPRETER_ROOM);
}
