#include "cuda_names.h"

#include "text.h"

/*
 * Exact names, or with a star their beginnings. Sources: the lists of files of NVIDIA's packages for Debian (cuda-*, libcudnn*, libnccl2,
 * libnvinfer*) and of the wheels nvidia-*.
 */
static const char *const LIBRARIES[] = {
    "cudart",      "cublas",    "cublasLt",   "nvblas",     "cudnn*",     "nccl",      "nvrtc*",     "nvJitLink",
    "nvfatbin",    "cufft",     "cufftw",     "cufftMp",    "curand",     "cusolver",  "cusolverMg", "cusolverMp",
    "cusparse",    "cusparseLt", "nvinfer*",  "nvonnxparser", "nvparsers", "nvcaffe_parser", "nvshmem*", "cufile",
    "cufile_rdma", "cupti",     "nvperf_host", "nvperf_target", "nvToolsExt", "cudss*", "cutensor*",  "custatevec",
    "nppc",        "nppi*",     "npps",       "nvjpeg",     "nvjpeg2k",   "nvtiff",    "nvcomp*"};

static const char *const DRIVER[] = {"cuda",    "cudadebugger", "nvcuvid",        "nvoptix",     "nvidia-*",
                                     "GLX_nvidia", "EGL_nvidia", "GLESv1_CM_nvidia", "GLESv2_nvidia", "vdpau_nvidia"};

/* Of projects of their own, which an image may well carry. */
static const char *const NOT_DRIVER[] = {"nvidia-container*", "nvidia-egl-*", "nvidia-vaapi-*"};

static int matches(const char *name, const char *pattern) {
    while (*pattern && *pattern != '*' && *name == *pattern) name++, pattern++;
    return *pattern == '*' || (*pattern == 0 && *name == 0);
}

static int matches_any(const char *name, const char *const *patterns, size_t count) {
    for (size_t at = 0; at < count; at++)
        if (matches(name, patterns[at])) return 1;
    return 0;
}

/** Removes `-d0da41ae` or `.60cfec8e` from the end: part of the hash that auditwheel and its like add. */
static void strip_mark(char *name) {
    enum { DIGITS = 8 };
    size_t length = text_length(name);
    if (length <= DIGITS + 1) return;
    size_t from = length - DIGITS - 1;
    if (name[from] != '-' && name[from] != '.') return;
    for (size_t at = from + 1; at < length; at++)
        if (!((name[at] >= '0' && name[at] <= '9') || (name[at] >= 'a' && name[at] <= 'f'))) return;
    name[from] = 0;
}

enum cuda_family cuda_name_of(const char *file, struct cuda_name *name) {
    if (!text_starts(file, "lib")) return CUDA_NEITHER;
    const char *stem = file + 3, *end = text_find(stem, ".so");
    if (!end || (end[3] != 0 && end[3] != '.') || (size_t)(end - stem) >= sizeof name->name) return CUDA_NEITHER;
    name->version = end[3] ? end + 4 : end + 3;
    for (const char *at = name->version; *at; at++)
        if (*at != '.' && (*at < '0' || *at > '9')) return CUDA_NEITHER;
    size_t length = 0;
    while (stem + length < end) name->name[length] = stem[length], length++;
    name->name[length] = 0;
    strip_mark(name->name);
    if (matches_any(name->name, LIBRARIES, sizeof LIBRARIES / sizeof LIBRARIES[0])) return CUDA_LIBRARY;
    if (matches_any(name->name, NOT_DRIVER, sizeof NOT_DRIVER / sizeof NOT_DRIVER[0])) return CUDA_NEITHER;
    return matches_any(name->name, DRIVER, sizeof DRIVER / sizeof DRIVER[0]) ? CUDA_DRIVER : CUDA_NEITHER;
}

void cuda_package_of(const char *name, char *to, size_t room) {
    static const char *const PACKAGES[][2] = {
        {"cudart", "cuda_runtime"}, {"nvrtc*", "cuda_nvrtc"}, {"cupti", "cuda_cupti"},   {"nvperf_*", "cuda_cupti"},
        {"cublas*", "cublas"},      {"nvblas", "cublas"},     {"cufft*", "cufft"},       {"cusolver*", "cusolver"},
        {"cusparseLt", "cusparselt"}, {"cudnn*", "cudnn"},    {"nvJitLink", "nvjitlink"}, {"nvToolsExt", "nvtx"},
        {"nvshmem*", "nvshmem"},    {"cufile*", "cufile"},    {"cudss*", "cudss"},       {"cutensor*", "cutensor"},
        {"npp*", "npp"},            {"nvinfer*", "tensorrt"}, {"nvonnxparser", "tensorrt"}, {"nvparsers", "tensorrt"},
        {"nvcomp*", "nvcomp"}};
    for (size_t at = 0; at < sizeof PACKAGES / sizeof PACKAGES[0]; at++) {
        if (!matches(name, PACKAGES[at][0])) continue;
        text_copy(to, room, PACKAGES[at][1]);
        return;
    }
    text_copy(to, room, name);
}
