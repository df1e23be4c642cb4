#include "runtime.h"

#include "library.h"
#include "runtime_search.h"

struct runtime_result {
    char call[CALL_ROOM];
    struct library library;
    int found;
    int version;
    int answered;
    int code;
    char error[ERROR_ROOM];
    int count;
    struct refused refused;
};

typedef int runtime_integer(int *to);
typedef const char *runtime_words(int code);

static void ask(struct runtime_result *result, void *handle) {
    runtime_integer *version = (runtime_integer *)dlsym(handle, "cudaRuntimeGetVersion");
    runtime_integer *count = (runtime_integer *)dlsym(handle, "cudaGetDeviceCount");
    runtime_words *name = (runtime_words *)dlsym(handle, "cudaGetErrorName");
    runtime_words *words = (runtime_words *)dlsym(handle, "cudaGetErrorString");
    int number = 0;
    step_call(result, "cudaRuntimeGetVersion");
    if (version && version(&number) == 0) result->version = number;
    number = 0;
    step_call(result, "cudaGetDeviceCount");
    if (!count) return;
    result->code = count(&number);
    result->count = number;
    result->answered = 1;
    if (result->code == 0) return;
    step_call(result, "cudaGetErrorString");
    const char *text = name ? name(result->code) : NULL;
    if (text) {
        text_copy(result->error, sizeof result->error, text);
        text_append(result->error, sizeof result->error, ": ");
    }
    text = words ? words(result->code) : NULL;
    if (text) text_append(result->error, sizeof result->error, text);
}

static void runtime_run(void *shared, const struct request *request) {
    struct runtime_result *result = shared;
    step_call(result, "dlopen");
    void *handle = runtime_search(&result->library, request->environment, &result->refused);
    result->found = result->library.path[0] != 0;
    if (handle) ask(result, handle);
}

void runtime_report(struct json *json, const void *shared, const struct ending *ending) {
    const struct runtime_result *result = shared;
    report_ending(json, ending, result);
    if (!result) return;
    int ended_well = !ending->timed_out && !ending->signal && ending->exit_status < 0 && !ending->not_started;
    if (ended_well) json_boolean(json, "found", result->found);
    if (result->library.path[0]) json_text(json, "path", result->library.path, sizeof result->library.path);
    if (result->version > 0) {
        char version[VERSION_ROOM];
        cuda_version_text(version, sizeof version, result->version);
        json_text(json, "version", version, sizeof version);
    }
    if (result->answered) {
        json_number(json, "code", result->code);
        if (result->code == 0) json_number(json, "deviceCount", result->count);
    }
    if (result->error[0])
        json_text(json, "error", result->error, sizeof result->error);
    else if (result->found && result->library.error[0])
        json_text(json, "error", result->library.error, sizeof result->library.error);
    refused_report(json, &result->refused);
}

void runtime_answer(struct runtime_answer *answer, const void *shared) {
    const struct runtime_result *result = shared;
    *answer = (struct runtime_answer){.error = ""};
    if (!result) return;
    answer->found = result->found;
    answer->answered = result->answered;
    answer->code = result->code;
    answer->error = result->error;
}

const struct step RUNTIME_STEP = {
    .name = "runtime", .result_bytes = sizeof(struct runtime_result), .run = runtime_run, .stays = 0};
