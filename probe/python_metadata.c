#include "python_metadata.h"

#include "text.h"

struct framework_name {
    /** In pip's normal form; a star stands for anything. */
    const char *package;
    /** NULL for the package's own. */
    const char *name;
    int is_cpu_only;
};

/* Sources: the projects' pages on pypi.org and their own instructions for installing. */
static const struct framework_name NAMES[] = {
    {"torch", "torch", 0},
    {"pytorch", "torch", 0},
    {"pytorch-cpu", "torch", 1},
    {"pytorch-gpu", "torch", 0},
    {"torchvision", "torchvision", 0},
    {"torchaudio", "torchaudio", 0},
    {"torch-tensorrt", "torch-tensorrt", 0},
    {"torchsparse", "torchsparse", 0},
    {"tensorflow", "tensorflow", 0},
    {"tensorflow-gpu", "tensorflow-gpu", 0},
    {"tensorflow-cpu", "tensorflow", 1},
    {"tf-nightly", "tensorflow", 0},
    {"tf-nightly-cpu", "tensorflow", 1},
    {"jax", "jax", 0},
    {"jaxlib", "jaxlib", 0},
    {"jax-cuda*-plugin", NULL, 0},
    {"cupy*", "cupy", 0},
    {"onnxruntime", "onnxruntime", 1},
    {"onnxruntime-gpu", "onnxruntime-gpu", 0},
    {"onnxruntime-training", "onnxruntime-training", 0},
    {"ort-nightly", "onnxruntime", 1},
    {"ort-nightly-gpu", "onnxruntime-gpu", 0},
    {"paddlepaddle", "paddlepaddle", 0},
    {"paddlepaddle-gpu", "paddlepaddle-gpu", 0},
    {"vllm", "vllm", 0},
    {"sglang", "sglang", 0},
    {"sgl-kernel", "sgl-kernel", 0},
    {"flash-attn", "flash-attn", 0},
    {"flash-attn-3", "flash-attn-3", 0},
    {"flashinfer", "flashinfer", 0},
    {"flashinfer-python", "flashinfer-python", 0},
    {"xformers", "xformers", 0},
    {"bitsandbytes", "bitsandbytes", 0},
    {"deepspeed", "deepspeed", 0},
    {"apex", "apex", 0},
    {"mmcv", "mmcv", 0},
    {"detectron2", "detectron2", 0},
    {"tensorrt", "tensorrt", 0},
    {"tensorrt-cu*", "tensorrt", 0},
    {"tensorrt-llm", "tensorrt-llm", 0},
    {"triton", "triton", 0},
    {"pytorch-triton", "triton", 0},
    {"transformer-engine*", "transformer-engine", 0},
    {"mxnet", "mxnet", 0},
    {"mxnet-cu*", "mxnet", 0},
    {"llama-cpp-python", "llama-cpp-python", 0},
    {"ctranslate2", "ctranslate2", 0}};

static int is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static int is_letter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

/** pip's normal form: lower case, each run of `-`, `_` and `.` one hyphen. */
static int normalise(const char *package, char *to, size_t room) {
    size_t length = 0;
    for (; *package; package++) {
        int separates = *package == '-' || *package == '_' || *package == '.';
        if (!separates && !is_letter(*package) && !is_digit(*package)) return 0;
        if (length + 1 >= room) return 0;
        if (separates && length > 0 && to[length - 1] == '-') continue;
        to[length++] = separates ? '-' : *package >= 'A' && *package <= 'Z' ? (char)(*package + 32) : *package;
    }
    to[length] = 0;
    return length > 0;
}

/** One star, anywhere. */
static int fits(const char *text, const char *pattern) {
    while (*pattern && *pattern != '*' && *text == *pattern) text++, pattern++;
    if (*pattern != '*') return *pattern == 0 && *text == 0;
    size_t left = text_length(text), after = text_length(pattern + 1);
    return left >= after && text_equal(text + left - after, pattern + 1);
}

/** `128` becomes 12.8, `92` 9.2, `12` stays: the last digit is the minor version, from three digits on or below ten. */
static void dotted(const char *digits, size_t length, char *to, size_t room) {
    size_t used = 0, major = length == 2 && digits[0] != '1' ? 1 : length > 2 ? length - 1 : length;
    for (size_t at = 0; at < length && used + 2 < room; at++) {
        if (at == major) to[used++] = '.';
        to[used++] = digits[at];
    }
    to[used] = 0;
}

/** The digits after `cuda` or `-cu` in a package's name. */
static void take_cuda(const char *package, char *to, size_t room) {
    const char *at = text_find(package, "cuda");
    to[0] = 0;
    if (at)
        at += text_length("cuda");
    else if ((at = text_find(package, "-cu")) != NULL)
        at += text_length("-cu");
    if (!at) return;
    size_t length = 0;
    while (is_digit(at[length])) length++;
    if (length > 0 && length <= 3) dotted(at, length, to, room);
}

int python_know(const char *package, struct python_known *known) {
    char normal[64];
    if (!normalise(package, normal, sizeof normal)) return 0;
    /* Of TensorRT, its parts have packages of their own. */
    if (text_starts(normal, "tensorrt-cu") && (text_find(normal, "-libs") || text_find(normal, "-bindings"))) return 0;
    for (size_t at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) {
        if (!fits(normal, NAMES[at].package)) continue;
        known->is_cpu_only = NAMES[at].is_cpu_only;
        take_cuda(normal, known->cuda, sizeof known->cuda);
        return text_copy(known->name, sizeof known->name, NAMES[at].name ? NAMES[at].name : normal);
    }
    return 0;
}

static int ends(const char *text, const char *ending) {
    size_t length = text_length(text), wanted = text_length(ending);
    return length > wanted && text_equal(text + length - wanted, ending);
}

static int copy_part(char *to, size_t room, const char *from, size_t length) {
    if (length == 0 || length >= room) return 0;
    for (size_t at = 0; at < length; at++) to[at] = from[at];
    to[length] = 0;
    return 1;
}

int python_split(const char *entry, char *package, size_t package_room, char *version, size_t version_room) {
    size_t length = text_length(entry), name = 0;
    version[0] = 0;
    if (ends(entry, ".json")) {
        /* name-version-build: a Conda name may hold hyphens, the other two do not. */
        size_t build = length - text_length(".json");
        do build--; while (build > 0 && entry[build] != '-');
        size_t at = build;
        while (at > 0 && entry[at - 1] != '-') at--;
        return at > 1 && copy_part(version, version_room, entry + at, build - at) &&
               copy_part(package, package_room, entry, at - 1);
    }
    if (ends(entry, ".dist-info"))
        length -= text_length(".dist-info");
    else if (ends(entry, ".egg-info"))
        length -= text_length(".egg-info");
    else
        return 0;
    while (name < length && entry[name] != '-') name++;
    if (!copy_part(package, package_room, entry, name)) return 0;
    if (name == length) return 1;
    size_t end = name + 1;
    while (end < length && entry[end] != '-') end++;
    copy_part(version, version_room, entry + name + 1, end - name - 1);
    return 1;
}

static int is_version_byte(char byte) {
    return is_digit(byte) || is_letter(byte) || byte == '.' || byte == '+' || byte == '!' || byte == '_' || byte == '-';
}

int python_metadata_version(const char *text, char *to, size_t room) {
    static const char FIELD[] = "Version:";
    while (*text && *text != '\n' && *text != '\r') {
        if (text_starts(text, FIELD)) {
            text += sizeof FIELD - 1;
            while (*text == ' ' || *text == '\t') text++;
            size_t length = 0;
            while (is_version_byte(text[length])) length++;
            return copy_part(to, room, text, length);
        }
        while (*text && *text != '\n') text++;
        if (*text) text++;
    }
    return 0;
}

static int is_name_byte(char byte) { return is_digit(byte) || is_letter(byte) || byte == '_'; }

/** The value at the text: a text in quotes, None, False or True. */
static enum python_value value_at(const char *text, char *to, size_t room) {
    char quote = *text;
    if (quote == '\'' || quote == '"') {
        size_t length = 0;
        text++;
        while (text[length] && text[length] != quote && text[length] != '\n') length++;
        return text[length] == quote && copy_part(to, room, text, length) ? PYTHON_TEXT : PYTHON_ABSENT;
    }
    if (text_starts(text, "None") || text_starts(text, "False")) return PYTHON_NOTHING;
    return text_starts(text, "True") ? PYTHON_TRUE : PYTHON_ABSENT;
}

enum python_value python_assigned(const char *text, const char *name, char *to, size_t room) {
    size_t length = text_length(name);
    to[0] = 0;
    while (*text) {
        if (text_starts(text, name) && !is_name_byte(text[length])) {
            const char *at = text + length;
            while (*at && *at != '=' && *at != '\n') at++;
            if (*at == '=' && at[1] != '=') {
                for (at++; *at == ' ' || *at == '\t';) at++;
                return value_at(at, to, room);
            }
        }
        while (*text && *text != '\n') text++;
        if (*text) text++;
    }
    return PYTHON_ABSENT;
}

enum python_value python_member(const char *text, const char *name, char *to, size_t room) {
    size_t length = text_length(name);
    to[0] = 0;
    for (const char *at = text_find(text, name); at; at = text_find(at + 1, name)) {
        char before = at > text ? at[-1] : 0, after = at[length];
        if (before != after || (before != '\'' && before != '"')) continue;
        const char *value = at + length + 1;
        while (*value == ' ') value++;
        if (*value != ':' && *value != ',') continue;
        for (value++; *value == ' ';) value++;
        return value_at(value, to, room);
    }
    return PYTHON_ABSENT;
}

int python_local_cuda(const char *version, char *to, size_t room) {
    const char *local = text_find(version, "+");
    if (!local) return 0;
    local++;
    if (text_equal(local, "cpu") || text_starts(local, "cpu.")) return text_copy(to, room, "none");
    const char *digits = text_starts(local, "cuda") ? local + 4 : text_starts(local, "cu") ? local + 2 : NULL;
    size_t length = 0;
    while (digits && is_digit(digits[length])) length++;
    if (length == 0 || length > 3) return 0;
    dotted(digits, length, to, room);
    return 1;
}

int python_version_in_name(const char *name, char *to, size_t room) {
    static const char PREFIX[] = "python3.";
    size_t length = 2;
    if (!text_starts(name, PREFIX)) return 0;
    name += sizeof PREFIX - 1 - length;
    if (!is_digit(name[length])) return 0;
    while (is_digit(name[length])) length++;
    return length <= 5 && copy_part(to, room, name, length);
}
