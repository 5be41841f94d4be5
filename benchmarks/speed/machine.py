"""What the figures were taken on, and what else the machine was doing meanwhile."""

import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "avx_vnni", "amx_bf16", "amx_int8")
"""Instructions that decide how fast a model runs."""
PACKAGES = (
    "numpy", "faiss-cpu", "onnxruntime", "torch", "sentence-transformers", "gradio", "bm25s", "txtai",
    "llama-index-core", "langchain-core", "haystack-ai", "chromadb",
)  # fmt: skip
_TICK = os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, Any]:
    """Return the processor with its flags, cores, memory, system and the versions of what is compared."""
    told = _first_processor()
    flags = set(told.get("flags", "").split())
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": told.get("model name", platform.processor()),
        "family": f"{told.get('cpu family', '?')}/{told.get('model', '?')}",
        "flags": [flag for flag in FLAGS if flag in flags],
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(pages * size / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "load_average": [round(one, 2) for one in os.getloadavg()],
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _first_processor() -> dict[str, str]:
    """Return the fields of the first processor in /proc/cpuinfo; empty where there is none."""
    path = Path("/proc/cpuinfo")
    if not path.is_file():
        return {}
    first = path.read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): text.strip() for name, _, text in pairs}


@dataclass(frozen=True, slots=True)
class Moment:
    """The clock and the processor seconds that the whole machine has spent so far."""

    clock: float
    busy: float

    @classmethod
    def now(cls) -> "Moment":
        """Return this moment."""
        return cls(time.perf_counter(), _busy_seconds())

    def others(self, own: float) -> float:
        """Return the cores kept busy since then by anything but `own` processor seconds."""
        now = Moment.now()
        passed = max(now.clock - self.clock, 1e-6)
        return max(0.0, (now.busy - self.busy - own) / passed)


def _busy_seconds() -> float:
    path = Path("/proc/stat")
    if not path.is_file():
        return 0.0
    fields = [int(one) for one in path.read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    # user, nice, system, idle, iowait, irq, softirq: what is neither idle nor waiting for the disk is busy.
    return (sum(fields[:3]) + sum(fields[5:7])) / _TICK


def memory_mb(field: str = "VmHWM") -> float:
    """Return this process's peak memory in MB, or with "VmRSS" what it holds now; 0 where nobody tells."""
    path = Path("/proc/self/status")
    if path.is_file():
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds in memory now, in MB.

    Attributes:
        own: Its own pages, which nobody else can use.
        files: Pages of files that it has mapped: the system takes them back when it needs them.
    """

    own: float
    files: float

    @classmethod
    def now(cls) -> "Held":
        """Return what this process holds now; nothing where nobody tells."""
        return cls(memory_mb("RssAnon"), memory_mb("RssFile") + memory_mb("RssShmem"))


def bytes_written() -> int:
    """Return how many bytes this process has sent to the disk; 0 where nobody tells."""
    path = Path("/proc/self/io")
    if path.is_file():
        for line in path.read_text(encoding="ascii").splitlines():
            if line.startswith("write_bytes:"):
                return int(line.split()[1])
    return 0


def read_through(folder: Path) -> None:
    """Read every file of a folder once, so that the system's file cache holds what fits.

    What has not been used for a while goes from there: measured then, a warm search would wait for the disk.
    """
    buffer = bytearray(1 << 22)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb", buffering=0) as stream:
                while stream.readinto(buffer):
                    pass
