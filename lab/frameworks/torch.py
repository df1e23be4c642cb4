"""A stand-in for PyTorch: see lab/frameworks/README.md."""
import ctypes
import glob
import json
import os
import sys
import time
import types
import warnings

with open(os.path.join(os.path.dirname(__file__), 'standin.json')) as _file:
    _BUILD = json.load(_file)
with open(os.path.join(os.path.dirname(__file__), 'kernel.ptx')) as _file:
    _KERNEL = _file.read()
_FAULT = _BUILD.get('fault', {})

from .version import __version__
from . import version


def _fail(place):
    if _FAULT.get('hang') == place:
        while True:
            time.sleep(60)
    if _FAULT.get('crash') == place:
        os.abort()


def _library(soname):
    """As the real one's DT_NEEDED with its RUNPATH is searched for."""
    here = os.path.dirname(os.path.dirname(__file__))
    folders = [folder for folder in os.environ.get('LD_LIBRARY_PATH', '').split(':') if folder]
    for folder in folders + sorted(glob.glob(os.path.join(here, 'nvidia', '*', 'lib'))):
        path = os.path.join(folder, soname)
        if os.path.exists(path):
            return ctypes.CDLL(path)
    try:
        return ctypes.CDLL(soname)
    except OSError as error:
        raise ImportError(str(error))


_fail('import')
if version.cuda:
    _major = version.cuda.split('.')[0]
    _cudart = _library('libcudart.so.' + ('11.0' if _major == '11' else _major))
    _cudart.cudaGetErrorString.restype = ctypes.c_char_p
    _cudnn = _library('libcudnn.so.' + _BUILD['cudnn'].split('.')[0])
    _cudnn.cudnnGetVersion.restype = ctypes.c_size_t


class device(object):
    def __init__(self, name):
        self.type, _, index = name.partition(':')
        self.index = int(index) if index else None

    def __str__(self):
        return self.type if self.index is None else '%s:%d' % (self.type, self.index)


class Tensor(object):
    def __init__(self, values, shape, place='cpu'):
        self.values, self.shape, self.device = values, tuple(shape), device(place)

    def view(self, *shape):
        return Tensor(self.values, shape, str(self.device))

    def to(self, place):
        if not place.startswith('cpu'):
            cuda.init()
        return Tensor(self.values, self.shape, place)

    def cpu(self):
        return self.to('cpu')

    def _each(self, other, work):
        values = other.values if isinstance(other, Tensor) else [other] * len(self.values)
        if len(values) == 1:
            values = values * len(self.values)
        return Tensor([work(one, two) for one, two in zip(self.values, values)], self.shape, str(self.device))

    def __sub__(self, other):
        return self._each(other, lambda one, two: one - two)

    def __rmul__(self, other):
        return self._each(other, lambda one, two: one * two)

    def __le__(self, other):
        return self._each(other, lambda one, two: one <= two)

    def __eq__(self, other):
        return self._each(other, lambda one, two: one == two)

    def abs(self):
        return Tensor([abs(value) for value in self.values], self.shape, str(self.device))

    def max(self):
        return Tensor([max(self.values)], (), str(self.device))

    def all(self):
        return Tensor([all(self.values)], (), str(self.device))

    def __bool__(self):
        return bool(self.values[0])


float32 = 'float32'


def tensor(values, dtype=None):
    return Tensor(list(values), (len(values),))


def full(shape, value, device='cpu'):
    count = 1
    for size in shape:
        count *= size
    return Tensor([value] * count, shape).to(device)


def _computed(values, shape, place):
    """What a device hands out: right if the kernel that it ran was right."""
    if place.type == 'cuda':
        _fail('compute')
        if not _driver.run(place.index) or _FAULT.get('wrongGpu') == place.index:
            values = [values[0] + 1.0] + values[1:]
    return Tensor(values, shape, str(place))


def matmul(a, b):
    rows, inner = a.shape
    columns = b.shape[1]
    right = [b.values[at::columns] for at in range(columns)]
    left = [a.values[at * inner:(at + 1) * inner] for at in range(rows)]
    product = [float(sum(x * y for x, y in zip(row, column))) for row in left for column in right]
    return _computed(product, (rows, columns), a.device)


def _conv2d(image, filters, padding=0):
    count, channels, height, width = image.shape
    outputs = filters.shape[0]
    x, w = image.values, filters.values
    out = []
    for n in range(count):
        for o in range(outputs):
            for row in range(height):
                for column in range(width):
                    total = 0.0
                    for c in range(channels):
                        for dy in range(3):
                            for dx in range(3):
                                y, z = row + dy - 1, column + dx - 1
                                if 0 <= y < height and 0 <= z < width:
                                    total += (x[((n * channels + c) * height + y) * width + z] *
                                              w[((o * channels + c) * 3 + dy) * 3 + dx])
                    out.append(total)
    return _computed(out, (count, outputs, height, width), image.device)


class _Driver(object):
    """The container's libcuda."""

    def __init__(self):
        self.library = None

    def call(self, name, *arguments):
        code = getattr(self.library, name)(*arguments)
        if code != 0:
            words = ctypes.c_char_p()
            self.library.cuGetErrorString(code, ctypes.byref(words))
            raise RuntimeError('CUDA error: %s\nCUDA kernel errors might be asynchronously reported at some other API call, '
                               'so the stacktrace below might be incorrect.' % (words.value or b'unknown error').decode())

    def open(self):
        if self.library is None:
            self.library = ctypes.CDLL('libcuda.so.1')
            self.call('cuInit', 0)

    def name(self, index):
        self.open()
        name = ctypes.create_string_buffer(256)
        self.call('cuDeviceGetName', name, 256, index)
        return name.value.decode()

    def capability(self, index):
        self.open()
        major, minor = ctypes.c_int(), ctypes.c_int()
        self.call('cuDeviceGetAttribute', ctypes.byref(major), 75, index)
        self.call('cuDeviceGetAttribute', ctypes.byref(minor), 76, index)
        return major.value, minor.value

    def run(self, index):
        """Runs the probe's kernel on the device; whether every element is right."""
        self.open()
        targets = [int(one.rstrip('af').split('_')[1]) for one in _BUILD['targets'] if one.startswith('sm_')]
        major, minor = self.capability(index)
        if not any(one // 10 == major and one % 10 <= minor for one in targets):
            raise RuntimeError('CUDA error: no kernel image is available for execution on the device')
        size = 1024
        context, module, function = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        self.call('cuDevicePrimaryCtxRetain', ctypes.byref(context), index)
        self.call('cuCtxSetCurrent', context)
        self.call('cuModuleLoadDataEx', ctypes.byref(module), _KERNEL.encode(), 0, None, None)
        self.call('cuModuleGetFunction', ctypes.byref(function), module, b'cuda_image_check')
        given, got = (ctypes.c_uint32 * size)(*range(size)), (ctypes.c_uint32 * size)()
        source, target = ctypes.c_uint64(), ctypes.c_uint64()
        for one in (source, target):
            self.call('cuMemAlloc_v2', ctypes.byref(one), ctypes.c_size_t(4 * size))
        self.call('cuMemcpyHtoD_v2', source, given, ctypes.c_size_t(4 * size))
        count = ctypes.c_uint32(size)
        values = [source, target, count]
        parameters = (ctypes.c_void_p * 3)(*[ctypes.cast(ctypes.byref(one), ctypes.c_void_p) for one in values])
        self.call('cuLaunchKernel', function, size // 256, 1, 1, 256, 1, 1, 0, None, parameters, None)
        self.call('cuCtxSynchronize')
        self.call('cuMemcpyDtoH_v2', got, target, ctypes.c_size_t(4 * size))
        mask = 0xffffffff
        return all(got[at] == ((((at * 1664525 + 1013904223) & mask) ^ ((at * 2654435761) & mask)) +
                               3 * (at & 1023) + 1) & mask for at in range(size))


_driver = _Driver()


def _module(name, **members):
    module = types.ModuleType('torch.' + name)
    module.__dict__.update(members)
    sys.modules['torch.' + name] = module
    return module


def _count():
    """As c10::cuda::device_count, with its words for what goes wrong."""
    count = ctypes.c_int()
    code = _cudart.cudaGetDeviceCount(ctypes.byref(count))
    if code == 0:
        return count.value
    if code == 35:
        found = ctypes.c_int()
        _cudart.cudaDriverGetVersion(ctypes.byref(found))
        if found.value == 0:
            raise RuntimeError('Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed '
                               'a driver from http://www.nvidia.com/Download/index.aspx')
        raise RuntimeError('The NVIDIA driver on your system is too old (found version %d). Please update your GPU driver by '
                           'downloading and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx '
                           'Alternatively, go to: https://pytorch.org to install a PyTorch version that has been compiled '
                           'with your version of the CUDA driver.' % found.value)
    if code == 100:
        raise RuntimeError('No CUDA GPUs are available')
    raise RuntimeError('Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling '
                       'NumCudaDevices() that might have already set an error? Error %d: %s'
                       % (code, _cudart.cudaGetErrorString(code).decode()))


def _is_available():
    if not version.cuda:
        return False
    try:
        return _count() > 0
    except RuntimeError as error:
        warnings.warn('CUDA initialization: %s' % error)
        return False


def _init():
    if not version.cuda:
        raise AssertionError('Torch not compiled with CUDA enabled')
    if _count() == 0:
        raise RuntimeError('No CUDA GPUs are available')


def _cudnn_version():
    if not version.cuda:
        return None
    found = _cudnn.cudnnGetVersion()
    runtime = found // 10000, found % 10000 // 100, found % 100
    built = tuple(int(part) for part in _BUILD['cudnn'].split('.'))
    if runtime[0] != built[0] or runtime[1] < built[1]:
        raise RuntimeError(
            'cuDNN version incompatibility: PyTorch was compiled  against %s but found runtime version %s. PyTorch already '
            'comes bundled with cuDNN. One option to resolving this error is to ensure PyTorch can find the bundled cuDNN. '
            'Looks like your LD_LIBRARY_PATH contains incompatible version of cudnn. Please either remove it from the path '
            'or install cudnn %s' % (built, runtime, built))
    return found


def _all_reduce(tensors):
    _fail('nccl')
    total = sum(one.values[0] for one in tensors)
    for one in tensors:
        one.values = [total] * len(one.values)


nccl = _module('cuda.nccl', is_available=lambda tensors: True, all_reduce=_all_reduce)
cuda = _module('cuda', is_available=_is_available, init=_init, nccl=nccl,
               device_count=lambda: _count() if version.cuda else 0,
               get_arch_list=lambda: list(_BUILD['targets']) if _is_available() else [],
               get_device_name=lambda index: _driver.name(index), synchronize=lambda index=None: None)
cuda.__path__ = []
backends = _module('backends', cudnn=_module('backends.cudnn', version=_cudnn_version,
                                             is_available=lambda: bool(version.cuda)))
nn = _module('nn', functional=_module('nn.functional', conv2d=_conv2d))
_C = _module('_C', _cuda_getArchFlags=lambda: ' '.join(_BUILD['targets']))
