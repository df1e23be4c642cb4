"""A stand-in for TensorFlow that can come as far as finding devices: see lab/frameworks/README.md."""
import ctypes
import json
import os
import sys
import time
import types

with open(os.path.join(os.path.dirname(__file__), 'standin.json')) as _file:
    _BUILD = json.load(_file)
if _BUILD.get('fault', {}).get('hang') == 'import':
    while True:
        time.sleep(60)

__version__ = _BUILD['version']


def _warn(text):
    stamp = time.strftime('%Y-%m-%d %H:%M:%S')
    sys.stderr.write('%s.000000: W tensorflow/core/common_runtime/gpu/gpu_device.cc:2348] %s\n' % (stamp, text))


def _list_physical_devices(kind=None):
    """As the real one does: a library that does not load takes the GPUs away, with a warning."""
    if not _BUILD['cuda'] or kind == 'CPU':
        return []
    try:
        ctypes.CDLL('libcudnn.so.' + _BUILD['cudnn'].split('.')[0])
        runtime = ctypes.CDLL('libcudart.so.' + _BUILD['cuda'].split('.')[0])
    except OSError:
        _warn('Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above are installed '
              'properly if you would like to use GPU. Follow the guide at https://www.tensorflow.org/install/gpu for how to '
              'download and setup the required libraries for your platform.\nSkipping registering GPU devices...')
        return []
    count = ctypes.c_int()
    return [object()] * count.value if runtime.cudaGetDeviceCount(ctypes.byref(count)) == 0 else []


test = types.SimpleNamespace(is_built_with_cuda=lambda: bool(_BUILD['cuda']))
sysconfig = types.SimpleNamespace(get_build_info=lambda: {
    'is_cuda_build': bool(_BUILD['cuda']), 'cuda_version': _BUILD['cuda'], 'cudnn_version': _BUILD['cudnn'],
    'cuda_compute_capabilities': _BUILD['targets']})
config = types.SimpleNamespace(list_physical_devices=_list_physical_devices)
