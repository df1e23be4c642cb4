#include "config.h"

#include "files.h"
#include "text.h"

enum section { SECTION_TOP, SECTION_GPU, SECTION_FAULT };

static char *trimmed(char *text) {
    while (*text == ' ' || *text == '\t') text++;
    size_t length = text_length(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r'))
        text[--length] = 0;
    return text;
}

static int number_of(const char *text, int64_t *number) {
    int64_t result = 0;
    if (!*text) return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || result > 1000000000000) return 0;
        result = result * 10 + (*text - '0');
    }
    *number = result;
    return 1;
}

/** `8.6` as 8 and 6. */
static int pair_of(const char *text, int *one, int *other) {
    int64_t numbers[2] = {0, 0};
    char part[WORD_ROOM];
    const char *dot = text_find(text, ".");
    if (!dot || (size_t)(dot - text) >= sizeof part) return 0;
    text_copy(part, (size_t)(dot - text) + 1, text);
    if (!number_of(part, &numbers[0]) || !number_of(dot + 1, &numbers[1])) return 0;
    *one = (int)numbers[0];
    *other = (int)numbers[1];
    return 1;
}

int config_cuda_number(const char *version) {
    int major = 0, minor = 0;
    return pair_of(version, &major, &minor) ? major * 1000 + minor * 10 : 0;
}

static int is_yes(const char *value, const char *yes, const char *no, int *to) {
    if (!text_equal(value, yes) && !text_equal(value, no)) return 0;
    *to = text_equal(value, yes);
    return 1;
}

static int take_top(struct config *config, const char *key, const char *value) {
    int major, minor;
    if (text_equal(key, "driver")) return *value && text_copy(config->driver, sizeof config->driver, value);
    if (text_equal(key, "cuda"))
        return pair_of(value, &major, &minor) && text_copy(config->cuda, sizeof config->cuda, value);
    if (text_equal(key, "compat-cuda"))
        return pair_of(value, &major, &minor) && text_copy(config->compat_cuda, sizeof config->compat_cuda, value);
    if (text_equal(key, "kernel-module"))
        return (text_equal(value, "open") || text_equal(value, "proprietary")) &&
               text_copy(config->kernel_module, sizeof config->kernel_module, value);
    return 0;
}

static int take_gpu(struct gpu *gpu, const char *key, const char *value) {
    if (text_equal(key, "name"))
        return *value && text_copy(gpu->name, sizeof gpu->name, value) &&
               text_append(gpu->name, sizeof gpu->name, SUFFIX);
    if (text_equal(key, "uuid"))
        return (text_starts(value, "GPU-") || text_starts(value, "MIG-")) && text_length(value) == 40 &&
               text_copy(gpu->uuid, sizeof gpu->uuid, value);
    if (text_equal(key, "compute-capability")) return pair_of(value, &gpu->major, &gpu->minor);
    if (text_equal(key, "memory-mib")) return number_of(value, &gpu->memory_mib);
    if (text_equal(key, "mig")) return is_yes(value, "on", "off", &gpu->mig);
    return 0;
}

static int take_fault(struct fault *fault, const char *key, const char *value) {
    int64_t number = 0;
    if (text_equal(key, "call")) return *value && text_copy(fault->call, sizeof fault->call, value);
    if (text_equal(key, "hang")) return is_yes(value, "yes", "no", &fault->hang);
    if (text_equal(key, "crash")) return is_yes(value, "yes", "no", &fault->crash);
    if (text_equal(key, "from")) {
        fault->from = text_equal(value, "compat") ? FROM_COMPAT : FROM_HOST;
        return text_equal(value, "compat") || text_equal(value, "host");
    }
    if (!number_of(value, &number)) return 0;
    if (text_equal(key, "gpu")) {
        fault->gpu = (int)number;
    } else if (text_equal(key, "code")) {
        fault->code = (int)number;
        fault->has_code = 1;
    } else if (text_equal(key, "delay-ms")) {
        fault->delay_ms = number;
    } else if (text_equal(key, "wrong-elements")) {
        fault->wrong_elements = (int)number;
    } else {
        return 0;
    }
    return 1;
}

static void problem(struct config *config, int line, const char *what, const char *text) {
    char *to = config->problem;
    text_copy(to, PROBLEM_ROOM, "line ");
    text_append_number(to, PROBLEM_ROOM, line);
    text_append(to, PROBLEM_ROOM, ": ");
    text_append(to, PROBLEM_ROOM, what);
    text_append(to, PROBLEM_ROOM, ": ");
    text_append(to, PROBLEM_ROOM, text);
}

static int open_section(struct config *config, const char *name, enum section *section) {
    if (text_equal(name, "[gpu]") && config->gpu_count < MOST_GPUS) {
        struct gpu *gpu = &config->gpu[config->gpu_count];
        text_copy(gpu->uuid, sizeof gpu->uuid, "GPU-00000000-0000-0000-0000-0000000000");
        text_append(gpu->uuid, sizeof gpu->uuid, config->gpu_count < 10 ? "0" : "");
        text_append_number(gpu->uuid, sizeof gpu->uuid, config->gpu_count);
        gpu->memory_mib = 16384;
        config->gpu_count++;
        *section = SECTION_GPU;
        return 1;
    }
    if (text_equal(name, "[fault]") && config->fault_count < MOST_FAULTS) {
        config->fault[config->fault_count++].gpu = -1;
        *section = SECTION_FAULT;
        return 1;
    }
    return 0;
}

static int take(struct config *config, enum section section, const char *key, const char *value) {
    switch (section) {
    case SECTION_GPU: return take_gpu(&config->gpu[config->gpu_count - 1], key, value);
    case SECTION_FAULT: return take_fault(&config->fault[config->fault_count - 1], key, value);
    case SECTION_TOP: break;
    }
    return take_top(config, key, value);
}

static void check_whole(struct config *config, int line) {
    if (!config->driver[0] || !config->cuda[0]) problem(config, line, "missing", "driver or cuda");
    for (int at = 0; at < config->gpu_count; at++)
        if (!config->gpu[at].name[0] || config->gpu[at].major == 0)
            problem(config, line, "a [gpu] lacks", "name or compute-capability");
    for (int at = 0; at < config->fault_count; at++)
        if (!config->fault[at].call[0]) problem(config, line, "a [fault] lacks", "call");
}

int config_read(struct config *config, const char *path) {
    struct lines lines;
    enum section section = SECTION_TOP;
    int number = 0;
    memset(config, 0, sizeof *config);
    text_copy(config->kernel_module, sizeof config->kernel_module, "open");
    if (lines_open(&lines, path) < 0) {
        problem(config, 0, "cannot open", path);
        return 0;
    }
    while (!config->problem[0] && lines_next(&lines)) {
        char *line = trimmed(lines.line);
        number++;
        if (*line == 0 || *line == '#') continue;
        if (*line == '[') {
            if (!open_section(config, line, &section)) problem(config, number, "unknown section, or too many", line);
            continue;
        }
        char *value = (char *)text_find(line, "=");
        if (!value) {
            problem(config, number, "no `=`", line);
            continue;
        }
        *value++ = 0;
        if (!take(config, section, trimmed(line), trimmed(value)))
            problem(config, number, "unknown key or wrong value", trimmed(line));
    }
    lines_close(&lines);
    if (!config->problem[0]) check_whole(config, number);
    if (!config->compat_cuda[0]) text_copy(config->compat_cuda, sizeof config->compat_cuda, config->cuda);
    return !config->problem[0];
}

void config_uuid_bytes(const char *uuid, unsigned char bytes[16]) {
    size_t digit = 0;
    memset(bytes, 0, 16);
    for (const char *at = uuid + 4; *at && digit < 32; at++) {
        int value = *at >= '0' && *at <= '9'   ? *at - '0'
                    : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                    : *at >= 'A' && *at <= 'F' ? *at - 'A' + 10
                                               : -1;
        if (value < 0) continue;
        bytes[digit / 2] = (unsigned char)(bytes[digit / 2] | (digit % 2 ? value : value << 4));
        digit++;
    }
}

const struct fault *fault_of(const struct config *config, const char *call, int gpu, int is_compat) {
    for (int at = 0; at < config->fault_count; at++) {
        const struct fault *fault = &config->fault[at];
        if (!text_equal(fault->call, call)) continue;
        if (fault->gpu >= 0 && fault->gpu != gpu) continue;
        if (fault->from == FROM_COMPAT && !is_compat) continue;
        if (fault->from == FROM_HOST && is_compat) continue;
        if (fault->delay_ms > 0) sys_sleep_ms((long)fault->delay_ms);
        while (fault->hang) sys_sleep_ms(1000);
        if (fault->crash) {
            volatile int *volatile nowhere = NULL;
            *nowhere = 1;
        }
        return fault;
    }
    return NULL;
}
