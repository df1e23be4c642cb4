/* Derived by scripts/derive-causes.mjs from src/core/observed-codes.ts and src/report/messages: change it there. */
#ifndef PROBE_CAUSES_H
#define PROBE_CAUSES_H

/** The finding that a result code is a sign of, with its words. */
struct cause {
    int code;
    const char *id;
    const char *title;
    /** The least work that may help; empty where that depends on more than a code. */
    const char *fix;
};

/* Of cuInit, and of the image's CUDA runtime. */
static const struct cause INIT_CAUSES[] = {
    {2, "gpu-busy", "This GPU is taken by another process", "See who holds it: nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv"},
    {3, "uvm-unavailable", "CUDA cannot be initialised: nvidia-uvm is missing or in a bad state", "sudo nvidia-modprobe -u -c=0 && ls -l /dev/nvidia-uvm*"},
    {34, "stub-driver-library-loaded", "The toolkit's stub libcuda is loaded in place of the driver", "For one run: docker run -e LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 …"},
    {35, "driver-too-old", "The host driver is too old for the image's CUDA version", "Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)"},
    {36, "driver-too-old", "The host driver is too old for the image's CUDA version", "Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)"},
    {46, "gpu-busy", "This GPU is taken by another process", "See who holds it: nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv"},
    {100, "gpu-not-requested", "The container was started without access to a GPU", "docker run --gpus all IMAGE"},
    {101, "visible-devices-mismatch", "CUDA_VISIBLE_DEVICES names a GPU that is not in the container", "See what the container has: docker run --rm --gpus all IMAGE nvidia-smi -L"},
    {102, "vgpu-feature-disabled", "The vGPU profile switches off what the image needs", "See the profile and its licence: nvidia-smi -q | grep -i -e \"product name\" -e licens"},
    {214, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {304, "gpu-device-permission-denied", "The container may not open the GPU devices", "ls -lZ /dev/nvidia*"},
    {800, "gpu-device-permission-denied", "The container may not open the GPU devices", "ls -lZ /dev/nvidia*"},
    {802, "fabric-manager-not-running", "The NVSwitch fabric is not initialised: fabric manager does not run or does not match the driver", "See why it does not run: systemctl status nvidia-fabricmanager"},
    {804, "forward-compatibility-unsupported", "The image's compat driver is not supported on this GPU or driver branch", "Keep the compat library from being loaded, for one run: docker run --entrypoint sh IMAGE -c 'rm -rf /usr/local/cuda*/compat; ldconfig; exec \"$@\"' sh COMMAND"},
    {999, "uvm-unavailable", "CUDA cannot be initialised: nvidia-uvm is missing or in a bad state", "sudo nvidia-modprobe -u -c=0 && ls -l /dev/nvidia-uvm*"},
};

/* Of loading and running the test kernel. */
static const struct cause KERNEL_CAUSES[] = {
    {2, "gpu-busy", "This GPU is taken by another process", "See who holds it: nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv"},
    {36, "driver-too-old", "The host driver is too old for the image's CUDA version", "Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)"},
    {46, "gpu-busy", "This GPU is taken by another process", "See who holds it: nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv"},
    {98, "no-kernel-for-gpu", "The image has no device code for this GPU", "Build with the GPU's target: TORCH_CUDA_ARCH_LIST=\"X.Y+PTX\" (PyTorch extensions), nvcc -gencode arch=compute_XY,code=sm_XY (CUDA)"},
    {209, "no-kernel-for-gpu", "The image has no device code for this GPU", "Build with the GPU's target: TORCH_CUDA_ARCH_LIST=\"X.Y+PTX\" (PyTorch extensions), nvcc -gencode arch=compute_XY,code=sm_XY (CUDA)"},
    {214, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {218, "no-kernel-for-gpu", "The image has no device code for this GPU", "Build with the GPU's target: TORCH_CUDA_ARCH_LIST=\"X.Y+PTX\" (PyTorch extensions), nvcc -gencode arch=compute_XY,code=sm_XY (CUDA)"},
    {220, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {221, "container-toolkit-misconfigured", "The NVIDIA Container Toolkit is misconfigured on this runner", "Run it by itself and read its log: sudo nvidia-container-cli -k -d /dev/tty info"},
    {222, "ptx-too-new", "PTX in the image is newer than the host driver can compile", "Build machine code for the GPU as well: nvcc -gencode arch=compute_XY,code=sm_XY (TORCH_CUDA_ARCH_LIST=\"X.Y\" for PyTorch extensions)"},
    {223, "no-kernel-for-gpu", "The image has no device code for this GPU", "Build with the GPU's target: TORCH_CUDA_ARCH_LIST=\"X.Y+PTX\" (PyTorch extensions), nvcc -gencode arch=compute_XY,code=sm_XY (CUDA)"},
    {226, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {700, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {714, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {719, "gpu-lost", "A GPU of this runner does not answer any more", "Read the kernel log: sudo dmesg | grep -iE \"xid|nvrm|rminit\""},
    {802, "fabric-manager-not-running", "The NVSwitch fabric is not initialised: fabric manager does not run or does not match the driver", "See why it does not run: systemctl status nvidia-fabricmanager"},
    {999, "uvm-unavailable", "CUDA cannot be initialised: nvidia-uvm is missing or in a bad state", "sudo nvidia-modprobe -u -c=0 && ls -l /dev/nvidia-uvm*"},
};

static const struct cause CAUSE_NO_DRIVER = {0, "gpu-not-requested", "The container was started without access to a GPU", "docker run --gpus all IMAGE"};
static const struct cause CAUSE_EMPTY_DRIVER = {0, "driver-files-in-image", "The image contains driver files of its own", "In the image: RUN rm -f /usr/lib/*-linux-gnu/libcuda.so* /usr/lib/*-linux-gnu/libnvidia-*.so* && ldconfig"};
static const struct cause CAUSE_STUB_DRIVER = {0, "stub-driver-library-loaded", "The toolkit's stub libcuda is loaded in place of the driver", "For one run: docker run -e LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 …"};
static const struct cause CAUSE_COMPAT_MISMATCH = {0, "compat-library-shadows-driver", "The image's own libcuda hides the host driver, which is as new or newer", "Take the compat directory out of the search path for one run: docker run -e LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 …"};
static const struct cause CAUSE_DRIVER_MISMATCH = {0, "driver-library-mismatch", "The loaded kernel module and the driver libraries differ in version", "sudo reboot"};
static const struct cause CAUSE_DRIVER_TOO_OLD = {0, "driver-too-old", "The host driver is too old for the image's CUDA version", "Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)"};
static const struct cause CAUSE_WRONG_RESULT = {0, "gpu-result-wrong", "This GPU computed a wrong result", "Take the runner out of service, then look for errors: nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER; sudo dmesg | grep -i xid"};
static const struct cause CAUSE_NO_ANSWER = {0, "probe-timed-out", "The probe did not end within its limit", "See whether the runner itself answers: timeout 60 nvidia-smi"};
static const struct cause CAUSE_UNKNOWN = {0, "unrecognised", "It failed in a way that no rule knows", "Read the original words from their first error on: later ones often follow from it"};

#endif
