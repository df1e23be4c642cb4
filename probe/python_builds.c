#include "python_builds.h"

#include "root_path.h"

enum { TEXT_ROOM = 64 * 1024 };

/** Reads a file of a package; 0 when it cannot be read. */
static int read_text(const char *root, const char *site, const char *file, char *text) {
    char path[PATH_ROOM];
    text_copy(path, sizeof path, site);
    return text_append(path, sizeof path, file) && root_read(root, path, text, TEXT_ROOM) > 0;
}

static int is_there(const char *root, const char *site, const char *file) {
    char path[PATH_ROOM];
    text_copy(path, sizeof path, site);
    return text_append(path, sizeof path, file) && root_has(root, path);
}

static int is_number(const char *text) { return text[0] >= '1' && text[0] <= '9'; }

static void take_cuda(struct python_framework *framework, const char *cuda) {
    if (!is_number(cuda) || !text_copy(framework->cuda, sizeof framework->cuda, cuda)) {
        framework->cuda[0] = 0;
        return;
    }
    framework->cuda_state = PYTHON_CUDA_VERSION;
}

static void take_cudnn(struct python_framework *framework, const char *cudnn) {
    if (!is_number(cudnn) || !text_copy(framework->cudnn, sizeof framework->cudnn, cudnn)) framework->cudnn[0] = 0;
}

static void read_torch(const char *root, const char *site, struct python_framework *framework, char *text) {
    char value[64], other[64];
    if (!read_text(root, site, "/torch/version.py", text)) return;
    /* Wheels of an index of its own have the local part in the metadata too; those of others only here. */
    if (python_assigned(text, "__version__", value, sizeof value) == PYTHON_TEXT &&
        text_starts(value, framework->version))
        text_copy(framework->version, sizeof framework->version, value);
    switch (python_assigned(text, "cuda", value, sizeof value)) {
    case PYTHON_TEXT: take_cuda(framework, value); break;
    case PYTHON_NOTHING:
        /* A build for another kind of GPU is no CPU build. */
        if (python_assigned(text, "hip", other, sizeof other) != PYTHON_TEXT &&
            python_assigned(text, "xpu", other, sizeof other) != PYTHON_TEXT)
            framework->cuda_state = PYTHON_CUDA_NONE;
        break;
    default: break;
    }
}

static void read_tensorflow(const char *root, const char *site, struct python_framework *framework, char *text) {
    char value[64];
    if (!read_text(root, site, "/tensorflow/python/platform/build_info.py", text)) return;
    enum python_value is_cuda = python_member(text, "is_cuda_build", value, sizeof value);
    if (is_cuda == PYTHON_ABSENT) is_cuda = python_assigned(text, "is_cuda_build", value, sizeof value);
    enum python_value is_rocm = python_member(text, "is_rocm_build", value, sizeof value);
    /* Of two packages in one folder the last one installed is what is there. */
    if (is_cuda == PYTHON_TRUE && framework->cuda_state == PYTHON_CUDA_NONE) framework->cuda_state = PYTHON_CUDA_UNKNOWN;
    if (is_cuda == PYTHON_NOTHING) {
        if (is_rocm != PYTHON_TRUE) framework->cuda_state = PYTHON_CUDA_NONE;
        return;
    }
    if (python_member(text, "cuda_version", value, sizeof value) == PYTHON_TEXT ||
        python_assigned(text, "cuda_version_number", value, sizeof value) == PYTHON_TEXT)
        take_cuda(framework, value);
    if (python_member(text, "cudnn_version", value, sizeof value) == PYTHON_TEXT ||
        python_assigned(text, "cudnn_version_number", value, sizeof value) == PYTHON_TEXT)
        take_cudnn(framework, value);
}

static void read_onnxruntime(const char *root, const char *site, struct python_framework *framework, char *text) {
    char value[64];
    /* In Conda environments the provider may be in `lib`, beside libonnxruntime.so. */
    int has_cuda = is_there(root, site, "/onnxruntime/capi/libonnxruntime_providers_cuda.so") ||
                   is_there(root, site, "/../../libonnxruntime_providers_cuda.so");
    /* Two packages of this kind in one folder overwrite each other: then the files decide. */
    if (framework->cuda_state == PYTHON_CUDA_NONE && has_cuda) framework->cuda_state = PYTHON_CUDA_UNKNOWN;
    if (framework->cuda_state == PYTHON_CUDA_NONE || !has_cuda) return;
    if (!read_text(root, site, "/onnxruntime/capi/build_and_package_info.py", text)) return;
    if (python_assigned(text, "cuda_version", value, sizeof value) == PYTHON_TEXT) take_cuda(framework, value);
}

static void read_paddle(const char *root, const char *site, struct python_framework *framework, char *text) {
    char value[64];
    if (!read_text(root, site, "/paddle/version/__init__.py", text) && !read_text(root, site, "/paddle/version.py", text))
        return;
    enum python_value cuda = python_assigned(text, "cuda_version", value, sizeof value);
    if (cuda == PYTHON_TEXT && is_number(value))
        take_cuda(framework, value);
    else if (cuda == PYTHON_NOTHING || (cuda == PYTHON_TEXT && text_equal(value, "False")))
        framework->cuda_state = PYTHON_CUDA_NONE;
    if (python_assigned(text, "cudnn_version", value, sizeof value) == PYTHON_TEXT) take_cudnn(framework, value);
}

/** `0.4.7+cuda11.cudnn86`, of JAX before its plug-ins. */
static void read_local_cudnn(struct python_framework *framework) {
    const char *at = text_find(framework->version, ".cudnn");
    if (!at) return;
    at += text_length(".cudnn");
    char cudnn[8] = {at[0], at[0] && at[1] ? '.' : 0, at[0] && at[1] ? at[1] : 0, 0};
    take_cudnn(framework, cudnn);
}

void python_read_build(const char *root, const char *site, const struct python_known *known,
                       struct python_framework *framework) {
    static char text[TEXT_ROOM];
    char local[16];
    if (known->is_cpu_only) framework->cuda_state = PYTHON_CUDA_NONE;
    if (known->cuda[0]) take_cuda(framework, known->cuda);
    if (python_local_cuda(framework->version, local, sizeof local)) {
        if (text_equal(local, "none"))
            framework->cuda_state = PYTHON_CUDA_NONE;
        else
            take_cuda(framework, local);
    }
    if (text_equal(framework->name, "torch")) read_torch(root, site, framework, text);
    if (text_starts(framework->name, "tensorflow")) read_tensorflow(root, site, framework, text);
    if (text_starts(framework->name, "onnxruntime")) read_onnxruntime(root, site, framework, text);
    if (text_starts(framework->name, "paddlepaddle")) read_paddle(root, site, framework, text);
    if (text_equal(framework->name, "jaxlib")) read_local_cudnn(framework);
}

/** The plug-in or the jaxlib of the same folder that says a CUDA version. */
static const struct python_framework *cuda_for_jax(const struct python_found *found, int site) {
    for (int at = 0; at < found->framework_count; at++) {
        const struct python_framework *one = &found->frameworks[at];
        if (one->site != site || one->cuda_state != PYTHON_CUDA_VERSION) continue;
        if (text_starts(one->name, "jax-cuda") || text_equal(one->name, "jaxlib")) return one;
    }
    return NULL;
}

/** A plug-in anywhere: a virtual environment may bring it for the jaxlib of the interpreter below. */
static int has_cuda_plugin(const struct python_found *found) {
    for (int at = 0; at < found->framework_count; at++)
        if (text_starts(found->frameworks[at].name, "jax-cuda")) return 1;
    return 0;
}

static int has(const struct python_found *found, int site, const char *name) {
    for (int at = 0; at < found->framework_count; at++)
        if (found->frameworks[at].site == site && text_equal(found->frameworks[at].name, name)) return 1;
    return 0;
}

/** Builds of JAX with something else than plain CPU code leave one of these. */
static int may_have_gpu(const char *root, const char *site) {
    static const char *const FOLDERS[] = {"/jaxlib/cuda", "/jaxlib/rocm", "/jax_plugins", "/libtpu"};
    for (size_t at = 0; at < sizeof FOLDERS / sizeof FOLDERS[0]; at++)
        if (is_there(root, site, FOLDERS[at])) return 1;
    return 0;
}

void python_join_builds(const char *root, struct python_found *found) {
    for (int at = 0; at < found->framework_count; at++) {
        struct python_framework *framework = &found->frameworks[at];
        if (!text_equal(framework->name, "jax") && !text_equal(framework->name, "jaxlib")) continue;
        if (framework->cuda_state != PYTHON_CUDA_UNKNOWN) continue;
        const struct python_framework *from = cuda_for_jax(found, framework->site);
        if (from) {
            take_cuda(framework, from->cuda);
            if (from->cudnn[0]) take_cudnn(framework, from->cudnn);
        } else if (has(found, framework->site, "jaxlib") && !has_cuda_plugin(found) &&
                   !may_have_gpu(root, found->sites[framework->site].path)) {
            framework->cuda_state = PYTHON_CUDA_NONE;
        }
    }
}
