"""Python runs this at the start of every process that has its folder in PYTHONPATH; see `parts`."""

import importlib.util
import json
import os
from pathlib import Path


def _begin() -> None:
    wanted = os.environ.get("DATELINE_PARTS")
    if not wanted:
        return
    # By its path, because the checkout is not on the path yet, and under its own name, so that it is one.
    place = Path(__file__).resolve().parents[1] / "parts.py"
    spec = importlib.util.spec_from_file_location("dateline_parts", place)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install(json.loads(wanted))


_begin()
