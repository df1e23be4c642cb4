/**
 * Libraries of the driver: the container toolkit brings them from the host, so that an image without them is complete.
 * Source: https://github.com/NVIDIA/libnvidia-container src/nvc_info.c (utility, compute, video, graphics libraries)
 */
const DRIVER_SONAME =
  /^lib(?:cuda|cudadebugger|nvcuvid|nvoptix|vdpau_nvidia|GLX_nvidia|EGL_nvidia|GLESv\w*_nvidia|nvidia-[\w-]+)\.so/;

/** @param soname `libcuda.so.1`, or a file of that name. */
export const isDriverLibrary = (soname: string): boolean => DRIVER_SONAME.test(soname);

/** Folders that the dynamic linker searches by itself, where a container toolkit puts the driver's files. */
const ORDINARY_FOLDER =
  /^\/(?:usr\/(?:local\/)?)?lib(?:64)?(?:\/(?:x86_64|aarch64)-linux-gnu)?(?:\/nvidia(?:\/current)?)?\/[^/]+$|^\/usr\/local\/nvidia\/lib(?:64)?\/[^/]+$/;

/** Whether a file lies where the driver's files are expected; not in a folder of a compat package, of stubs, or of JetPack. */
export const isInOrdinaryFolder = (path: string): boolean => ORDINARY_FOLDER.test(path);

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
