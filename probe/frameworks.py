# The test of the frameworks in this image, made by the image's own Python: see PROTOCOL.md, step `framework`.
#
#   python -B -c SCRIPT list FILE          lists the frameworks that this Python would import, and from where; imports none
#   python -B -c SCRIPT test FILE NAME N   tests one of them on the N GPUs that CUDA shows
#
# FILE is the number of an open file. `list` writes lines of a name and a path. `test` writes lines that are each a whole JSON
# object with all that is known by then, so that what came before a hang or a crash is kept. The line `end` is the last. Runs on Python 3.4 and newer, with
# nothing but the standard library; whatever goes wrong is an answer, too.
import json
import os
import sys

MOST_BYTES = 4096
MOST_LINE = 60000
MOST_WARNINGS = 8
NAMES = ('torch', 'tensorflow', 'jax', 'cupy', 'onnxruntime', 'paddle',
         'triton', 'tensorrt', 'flash_attn', 'xformers', 'bitsandbytes', 'vllm')
OUT = int(sys.argv[2])


def shortened(text, most):
    # The first words name the error, the last ones its cause.
    raw = text.encode('utf-8', 'replace')
    if len(raw) > most:
        raw = raw[:most // 4] + b'\n...\n' + raw[5 - (most - most // 4):]
    return raw.decode('utf-8', 'ignore')


def bounded(value, most):
    if isinstance(value, str):
        return shortened(value, most)
    if isinstance(value, dict):
        return dict((key, bounded(inner, most)) for key, inner in value.items())
    return [bounded(inner, most) for inner in value] if isinstance(value, (list, tuple)) else value


def say(document):
    for most in (MOST_BYTES, 1024, 256, 64):
        line = json.dumps(bounded(document, most), separators=(',', ':'))
        if len(line) < MOST_LINE:
            break
    write(line)


def write(line):
    line = (line + '\n').encode('ascii', 'replace')
    while line:
        line = line[os.write(OUT, line):]


def finish():
    write('end')
    # Without the frameworks' exit handlers, which can hang or crash after everything is said.
    os._exit(0)


def words(error):
    """The exception and those it came from, with the places but not the lines of source, which say what might have gone wrong."""
    import traceback
    told = []
    while error is not None and len(told) < 4:
        places = ['  File "%s", line %s, in %s' % tuple(frame)[:3] for frame in traceback.extract_tb(error.__traceback__)]
        told.insert(0, '\n'.join(places[-8:]) + '\n' + ''.join(traceback.format_exception_only(type(error), error)))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return '\n'.join(told).strip()


def dotted(number, *places):
    """12080 as 12.8 with the places 1000 and 10."""
    parts = []
    for place in places:
        parts.append(number // place)
        number %= place
    return '.'.join(str(part) for part in parts)


def cudnn_version(number):
    if not number:
        return None
    return dotted(number, 10000, 100, 1) if number >= 90000 else dotted(number, 1000, 100, 1)


def text_version(value):
    """A version that a framework gives as text; what is none is left out."""
    import re
    found = re.match(r'\d+(\.\d+){0,3}', value) if isinstance(value, str) else None
    return found.group(0) if found else None


def spread(count, seed):
    """Small whole numbers: their products and sums are exact in TF32 and bfloat16 as well."""
    return [float((index * index * 3 + index * seed + index // 7) % 9 - 4) for index in range(count)]


SIDE = 64
IMAGE = (2, 8, 16, 16)
FILTERS = (8, 8, 3, 3)


def product(shape):
    total = 1
    for one in shape:
        total *= one
    return total


MATRICES = spread(SIDE * SIDE, 5), spread(SIDE * SIDE, 7)
LAYERS = spread(product(IMAGE), 5), spread(product(FILTERS), 7)


def arrays(numpy):
    def make(values, shape):
        return numpy.array(values, dtype='float32').reshape(shape)
    return ([make(values, (SIDE, SIDE)) for values in MATRICES],
            [make(LAYERS[0], IMAGE), make(LAYERS[1], FILTERS)])


def references(numpy):
    """What the CPU computes: the product, and the convolution with padding 1 in the order NCHW."""
    (a, b), (image, filters) = arrays(numpy)
    padded = numpy.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1)), 'constant')
    out = numpy.zeros((IMAGE[0], FILTERS[0]) + IMAGE[2:], dtype='float32')
    for y in range(3):
        for x in range(3):
            part = padded[:, :, y:y + IMAGE[2], x:x + IMAGE[3]]
            out += numpy.einsum('nchw,oc->nohw', part, filters[:, :, y, x])
    return numpy.dot(a, b), out


def close(numpy, got, wanted, share):
    """No element is further off than this share of the largest; NaN is never close."""
    return got.shape == wanted.shape and bool((abs(got - wanted) <= share * abs(wanted).max()).all())


# The product is exact; a convolution may go through Winograd transforms in TF32.
EXACT, ROUNDED = 1e-6, 2e-2


class Test(object):
    """What is known of one framework, and said after each step."""

    def __init__(self, name, gpus):
        self.gpus = gpus
        self.known = {'name': name, 'interpreter': sys.executable or '', 'stage': 'import'}
        self.failed_in = None

    def note(self, **more):
        for name, value in more.items():
            if value is not None or name == 'cuda':
                self.known[name] = value
        say(self.known)

    def failed(self, error):
        """Keeps the first error: what comes after it is mostly its consequence."""
        if 'error' not in self.known:
            self.known['error'] = words(error)
            self.failed_in = self.known['stage']
        say(self.known)

    def attempt(self, work, *given):
        try:
            return work(*given)
        except Exception as error:
            self.failed(error)

    def unavailable(self, work=None):
        """It sees no GPU; `work` makes it say why."""
        self.note(available=False)
        if work and self.known.get('cuda', '') is not None:
            self.attempt(work)

    def on_each(self, indices, named, operations):
        """Makes every operation on every device and compares; an operation gives true, false, or the place it ran at instead."""
        self.note(stage='compute')
        devices = self.known.setdefault('devices', [])
        for index in indices:
            device = {'index': index}
            devices.append(device)
            say(self.known)
            try:
                name = named(index)
                device['name'] = name if isinstance(name, str) else name.decode('utf-8', 'replace')
            except Exception:
                pass
            right, done = True, []
            for operation, work in operations:
                try:
                    answer = work(index)
                except Exception as error:
                    right = None if right else right
                    device.setdefault('error', words(error))
                    continue
                if isinstance(answer, str):
                    right = None if right else right
                    self.known['available'] = False
                    device.setdefault('error', 'the %s was computed on %s' % (operation, answer))
                    continue
                done.append(operation)
                if not answer:
                    right = False
            device['operations'] = done
            if right is not None and done:
                device['correct'] = right
            if right is False and 'error' in device:
                # What a device says that computes wrongly is not why it does.
                self.known.setdefault('warnings', []).append(device.pop('error'))
            device.setdefault('error', None)
            if device['error'] or right is False:
                self.failed_in = self.failed_in or 'compute'
            say(self.known)


def test_torch(test):
    import torch
    test.note(version=str(torch.__version__), cuda=text_version(torch.version.cuda), stage='initialise')
    cuda = torch.cuda
    try:
        # get_arch_list() is empty where no GPU is available.
        targets = cuda.get_arch_list() or torch._C._cuda_getArchFlags().split()
    except Exception:
        targets = []
    test.note(targets=[one for one in targets if one])
    if torch.version.cuda is None:
        return test.unavailable()
    test.note(cudnn=test.attempt(lambda: cudnn_version(torch.backends.cudnn.version())))
    available = cuda.is_available()
    test.note(available=available)
    if not available:
        return test.unavailable(cuda.init)
    count = cuda.device_count()

    def tensor(values, shape):
        return torch.tensor(values, dtype=torch.float32).view(*shape)
    square = SIDE, SIDE
    a, b = [tensor(values, square) for values in MATRICES]
    image, filters = tensor(LAYERS[0], IMAGE), tensor(LAYERS[1], FILTERS)

    def same(index, work, given, share):
        wanted = work(*given)
        got = work(*[one.to('cuda:%d' % index) for one in given])
        cuda.synchronize(index)
        if got.device.type != 'cuda':
            return str(got.device)
        off = (got.cpu() - wanted).abs()
        return bool((off <= share * wanted.abs().max()).all())

    def convolution(index):
        return same(index, lambda x, w: torch.nn.functional.conv2d(x, w, padding=1), (image, filters), ROUNDED)
    operations = [('matmul', lambda index: same(index, torch.matmul, (a, b), EXACT))]
    if torch.backends.cudnn.is_available():
        operations.append(('convolution', convolution))
    test.on_each(range(count), cuda.get_device_name, operations)
    if count > 1:
        torch_nccl(test, torch, count)


def torch_nccl(test, torch, count):
    try:
        import torch.cuda.nccl as nccl
        tensors = [torch.full((4096,), float(index + 1), device='cuda:%d' % index) for index in range(count)]
        if not nccl.is_available(tensors):
            return
    except Exception:
        # A build without NCCL, or a device that failed before: that is said already.
        return
    test.note(stage='nccl')
    try:
        nccl.all_reduce(tensors)
        for index in range(count):
            torch.cuda.synchronize(index)
        wanted = float(count * (count + 1) // 2)
        test.note(nccl={'correct': all(bool((one == wanted).all()) for one in tensors), 'error': None})
    except Exception as error:
        test.note(nccl={'error': words(error)})


def test_tensorflow(test):
    import tensorflow as tf
    test.note(version=str(tf.__version__), stage='initialise')
    info = {}
    try:
        info = dict(tf.sysconfig.get_build_info())
    except Exception:
        pass
    built = bool(tf.test.is_built_with_cuda())
    if built:
        test.note(cuda=text_version(str(info.get('cuda_version', ''))) or '',
                  cudnn=text_version(str(info.get('cudnn_version', ''))),
                  targets=list(info.get('cuda_compute_capabilities', [])))
        if not test.known['cuda']:
            del test.known['cuda']
    else:
        test.note(cuda=None)
    if tf.__version__.startswith('1.'):
        tf.compat.v1.enable_eager_execution()
        config = tf.config.experimental
        config.list_physical_devices = getattr(config, 'list_physical_devices', None)
    else:
        config = tf.config
    devices = config.list_physical_devices('GPU')
    test.note(available=bool(devices))
    if not devices:
        return test.unavailable()
    import numpy
    for device in devices:
        tf.config.experimental.set_memory_growth(device, True)
    config.set_soft_device_placement(False)
    (a, b), (image, filters) = arrays(numpy)
    image, filters = image.transpose(0, 2, 3, 1), filters.transpose(2, 3, 1, 0)

    def same(index, work, share):
        with tf.device('/CPU:0'):
            wanted = work()
        with tf.device('/GPU:%d' % index):
            got = work()
        if 'GPU:%d' % index not in got.device:
            return got.device
        return close(numpy, got.numpy(), wanted.numpy(), share)

    def named(index):
        return tf.config.experimental.get_device_details(devices[index])['device_name']
    test.on_each(range(len(devices)), named, [
        ('matmul', lambda index: same(index, lambda: tf.matmul(tf.identity(a), tf.identity(b)), EXACT)),
        ('convolution', lambda index: same(
            index, lambda: tf.nn.conv2d(tf.identity(image), tf.identity(filters), 1, 'SAME'), ROUNDED))])


def test_jax(test):
    import jax
    import jaxlib
    test.note(version=str(jax.__version__), stage='initialise')
    built = '+cuda' in getattr(jaxlib, '__version__', '')
    try:
        from jax._src.lib import cuda_versions
        if cuda_versions is not None:
            built = True
            test.note(cuda=dotted(cuda_versions.cuda_runtime_build_version(), 1000, 10),
                      cudnn=cudnn_version(cuda_versions.cudnn_get_version()))
    except Exception:
        built = built or found('jax_plugins') or found('jaxlib.cuda')
    if not built and not found('jax_plugins'):
        test.note(cuda=None)
    platforms = os.environ.get('JAX_PLATFORMS') or os.environ.get('JAX_PLATFORM_NAME') or 'cuda'
    if 'cuda' not in platforms and 'gpu' not in platforms:
        return test.note(warnings=['the environment chooses the platforms ' + platforms])
    devices = test.attempt(jax.local_devices) or []
    devices = [one for one in devices if one.platform in ('gpu', 'cuda')]
    test.note(available=bool(devices))
    if not devices:
        return test.unavailable(lambda: jax.devices('cuda'))
    import numpy
    (a, b), (image, filters) = arrays(numpy)
    product, layer = references(numpy)

    def same(index, work, given, wanted, share):
        got = work(*[jax.device_put(one, devices[index]) for one in given])
        got.block_until_ready()
        places = got.devices() if hasattr(got, 'devices') else [got.device()]
        if devices[index] not in places:
            return ', '.join(str(one) for one in places)
        return close(numpy, numpy.asarray(got), wanted, share)

    def convolution(x, w):
        return jax.lax.conv_general_dilated(x, w, (1, 1), 'SAME', dimension_numbers=('NCHW', 'OIHW', 'NCHW'))
    test.on_each(range(len(devices)), lambda index: devices[index].device_kind, [
        ('matmul', lambda index: same(index, jax.numpy.matmul, (a, b), product, EXACT)),
        ('convolution', lambda index: same(index, convolution, (image, filters), layer, ROUNDED))])


def test_cupy(test):
    import cupy
    test.note(version=str(cupy.__version__), stage='initialise')
    import numpy
    runtime = cupy.cuda.runtime
    test.note(cuda=test.attempt(lambda: dotted(runtime.runtimeGetVersion(), 1000, 10)) or '')
    if not test.known['cuda']:
        del test.known['cuda']
    count = test.attempt(runtime.getDeviceCount) or 0
    test.note(available=count > 0)
    (a, b), _ = arrays(numpy)
    wanted = numpy.dot(a, b)

    def on(index, work):
        with cupy.cuda.Device(index):
            got = work(cupy.asarray(a), cupy.asarray(b))
            return cupy.asnumpy(got)
    # The second is compiled by NVRTC on the spot.
    test.on_each(range(count), lambda index: runtime.getDeviceProperties(index)['name'], [
        ('matmul', lambda index: close(numpy, on(index, cupy.matmul), wanted, EXACT)),
        ('kernel', lambda index: close(numpy, on(index, lambda x, y: x * y + x), a * b + a, EXACT))])


def model(operator, shapes, output):
    """An ONNX model of one operator, in the encoding of protocol buffers: (field, number, bytes or list of fields)."""
    def number(value):
        out = b''
        while value > 127:
            out, value = out + bytes(bytearray([value & 127 | 128])), value >> 7
        return out + bytes(bytearray([value]))

    def encoded(fields):
        out = b''
        for field, value in fields:
            if isinstance(value, int):
                out += number(field << 3) + number(value)
            else:
                raw = value if isinstance(value, bytes) else encoded(value)
                out += number(field << 3 | 2) + number(len(raw)) + raw
        return out

    def value(name, shape):
        dimensions = [(1, [(1, size)]) for size in shape]
        return [(1, name), (2, [(1, [(1, 1), (2, dimensions)])])]
    pads = [(5, [(1, b'pads'), (20, 7)] + [(8, 1)] * 4)] if operator == b'Conv' else []
    node = [(1, b'a'), (1, b'b'), (2, b'c'), (4, operator)] + pads
    inputs = [(11, value(name, shape)) for name, shape in zip((b'a', b'b'), shapes)]
    graph = [(1, node), (2, b'g')] + inputs + [(12, value(b'c', output))]
    return encoded([(1, 7), (7, graph), (8, [(2, 13)])])


def test_onnxruntime(test):
    import onnxruntime
    test.note(version=str(onnxruntime.__version__), stage='initialise')
    wanted_provider = 'CUDAExecutionProvider'
    if wanted_provider not in onnxruntime.get_available_providers():
        test.note(cuda=None)
        return test.unavailable()
    try:
        from onnxruntime.capi import build_and_package_info as info
        test.note(cuda=text_version(getattr(info, 'cuda_version', None)) or '',
                  cudnn=text_version(str(getattr(info, 'cudnn_version', ''))))
    except Exception:
        pass
    if not test.known.get('cuda'):
        test.known.pop('cuda', None)
    import numpy
    (a, b), (image, filters) = arrays(numpy)
    product, layer = references(numpy)

    def session(index, program, strict):
        options = onnxruntime.SessionOptions()
        if strict:
            # Otherwise a part that the GPU cannot take goes to the CPU without a word.
            options.add_session_config_entry('session.disable_cpu_ep_fallback', '1')
        providers = [(wanted_provider, {'device_id': index})]
        return onnxruntime.InferenceSession(program, options, providers=providers)

    def on(index, operator, given, wanted, share):
        program = model(operator, [one.shape for one in given], wanted.shape)
        made = session(index, program, False)
        if wanted_provider not in made.get_providers() and hasattr(onnxruntime, 'preload_dlls'):
            onnxruntime.preload_dlls()
            made = session(index, program, False)
            if wanted_provider in made.get_providers():
                test.known['warnings'] = ['it finds its CUDA libraries only after onnxruntime.preload_dlls()']
        if wanted_provider not in made.get_providers():
            return ', '.join(made.get_providers())
        got, = session(index, program, True).run(None, {'a': given[0], 'b': given[1]})
        return close(numpy, got, wanted, share)
    test.note(available=True)
    test.on_each(range(test.gpus), lambda index: '', [
        ('matmul', lambda index: on(index, b'MatMul', (a, b), product, EXACT)),
        ('convolution', lambda index: on(index, b'Conv', (image, filters), layer, ROUNDED))])


def test_paddle(test):
    import paddle
    test.note(version=str(paddle.__version__), stage='initialise')
    if not paddle.is_compiled_with_cuda():
        test.note(cuda=None)
        return test.unavailable()
    test.note(cuda=text_version(paddle.version.cuda()) or '', cudnn=text_version(paddle.version.cudnn()))
    if not test.known['cuda']:
        del test.known['cuda']
    device = paddle.device
    count = test.attempt(device.cuda.device_count) or 0
    test.note(available=count > 0)
    if not count:
        return test.unavailable(lambda: device.set_device('gpu:0'))
    import numpy
    (a, b), (image, filters) = arrays(numpy)
    product, layer = references(numpy)

    def same(index, work, given, wanted, share):
        device.set_device('gpu:%d' % index)
        got = work(*[paddle.to_tensor(one) for one in given])
        if not got.place.is_gpu_place():
            return str(got.place)
        return close(numpy, got.numpy(), wanted, share)

    def convolution(x, w):
        return paddle.nn.functional.conv2d(x, w, padding=1)
    test.on_each(range(count), device.cuda.get_device_name, [
        ('matmul', lambda index: same(index, paddle.matmul, (a, b), product, EXACT)),
        ('convolution', lambda index: same(index, convolution, (image, filters), layer, ROUNDED))])


KERNEL = '''
import triton
import triton.language as tl


@triton.jit
def add(x, y, out, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    tl.store(out + at, tl.load(x + at) + tl.load(y + at))
'''


def test_triton(test):
    import triton
    test.note(version=str(triton.__version__), stage='initialise')
    if not found('torch') or not TEMPORARY:
        return
    import torch
    if not torch.cuda.is_available():
        # torch's own test says why.
        return
    # Triton reads a kernel's source from its file.
    with open(os.path.join(TEMPORARY, 'probe_kernel.py'), 'w') as file:
        file.write(KERNEL)
    sys.path.insert(0, TEMPORARY)

    def kernel(index):
        import probe_kernel
        with torch.cuda.device(index):
            x = torch.arange(256, dtype=torch.float32, device='cuda:%d' % index)
            out = torch.empty_like(x)
            probe_kernel.add[(1,)](x, x, out, BLOCK=256)
            torch.cuda.synchronize(index)
            return bool((out.cpu() == 2 * x.cpu()).all())
    test.note(available=True)
    test.on_each(range(torch.cuda.device_count()), torch.cuda.get_device_name, [('kernel', kernel)])


def test_tensorrt(test):
    import tensorrt
    test.note(version=str(tensorrt.__version__), stage='initialise')
    logger = tensorrt.Logger(tensorrt.Logger.WARNING)
    if not tensorrt.Runtime(logger):
        raise RuntimeError('tensorrt.Runtime could not be made')
    test.note(available=True)


def test_import(test):
    import importlib
    module = importlib.import_module(test.known['name'])
    version = getattr(module, '__version__', None)
    test.note(version=version if isinstance(version, str) else None)
    # Their device code is in a module that the first import may leave out.
    for more in {'xformers': ['xformers.ops'], 'vllm': ['vllm._C']}.get(test.known['name'], []):
        if found(more):
            importlib.import_module(more)


def found(name):
    """Where a module would come from; none for a folder of that name without a module in it."""
    import importlib.util
    try:
        spec = importlib.util.find_spec(name)
    except Exception:
        return None
    return os.path.realpath(spec.origin) if spec and spec.origin and spec.origin != 'namespace' else None


def installed_version(name):
    """By the metadata on disk, for one whose import fails."""
    names = [name, name.replace('_', '-'), name + '_gpu', name + '-gpu', name + '_cpu']
    for folder in sys.path:
        try:
            entries = os.listdir(folder or '.')
        except OSError:
            continue
        for entry in entries:
            stem, dot, kind = entry.rpartition('.')
            package, _, version = stem.partition('-')
            if kind in ('dist-info', 'egg-info') and package.lower() in names and version:
                return version.split('-')[0]


def temporary_folder():
    import tempfile
    for folder in (os.environ.get('TMPDIR'), '/tmp', '/var/tmp', '/dev/shm'):
        try:
            if folder:
                return tempfile.mkdtemp(prefix='cuda-image-probe-', dir=folder)
        except OSError:
            pass


def prepare(folder):
    """Nothing is written outside a folder of our own, nothing is asked of a network, and no GPU's memory is taken whole."""
    home = folder or '/nonexistent'
    for name in ('HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'CUDA_CACHE_PATH', 'TRITON_CACHE_DIR', 'CUPY_CACHE_DIR',
                 'TORCHINDUCTOR_CACHE_DIR', 'TORCH_HOME', 'TORCH_EXTENSIONS_DIR', 'HF_HOME', 'KERAS_HOME',
                 'MPLCONFIGDIR', 'NUMBA_CACHE_DIR', 'VLLM_CACHE_ROOT', 'VLLM_CONFIG_ROOT'):
        os.environ[name] = home
    os.environ.update(PYTHONDONTWRITEBYTECODE='1', HF_HUB_OFFLINE='1', TRANSFORMERS_OFFLINE='1', DO_NOT_TRACK='1',
                      VLLM_NO_USAGE_STATS='1', TF_FORCE_GPU_ALLOW_GROWTH='true', TF_CPP_MIN_LOG_LEVEL='0',
                      XLA_PYTHON_CLIENT_PREALLOCATE='false')
    # As many threads as processors, for each of several libraries, can be more than the container may have.
    for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_MAX_THREADS'):
        os.environ.setdefault(name, '4')
    os.environ.setdefault('NCCL_DEBUG', 'WARN')


def keep_warnings(test):
    import warnings

    def show(message, category, *place, **more):
        kept = test.known.setdefault('warnings', [])
        text = '%s: %s' % (category.__name__, message)
        if issubclass(category, (UserWarning, RuntimeWarning)) and text not in kept and len(kept) < MOST_WARNINGS:
            kept.append(text)
    warnings.showwarning = show


def main():
    # Otherwise a file of the working folder could pass for a framework.
    sys.path[:] = [folder for folder in sys.path if folder]
    if sys.version_info < (3, 4):
        finish()
    os.set_inheritable(OUT, False)
    if sys.argv[1] == 'list':
        for name in NAMES:
            if found(name):
                write(name + ' ' + found(name))
        finish()
    test = Test(sys.argv[3], int(sys.argv[4]))
    test.note(version=installed_version(test.known['name']))
    prepare(TEMPORARY)
    keep_warnings(test)
    try:
        globals().get('test_' + test.known['name'], test_import)(test)
    except BaseException as error:
        test.failed(error)
    if TEMPORARY:
        import shutil
        shutil.rmtree(TEMPORARY, True)
    devices = test.known.get('devices', [])
    test.known['stage'] = test.failed_in or test.known['stage']
    if not test.known.get('error') and all(one.get('correct') and not one.get('error') for one in devices):
        if test.known.get('nccl', {}).get('correct', True):
            test.known.pop('stage')
    test.known.setdefault('error', None)
    say(test.known)
    finish()


TEMPORARY = temporary_folder() if sys.argv[1] == 'test' else None
main()
