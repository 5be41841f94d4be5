"""Parsing in a child process with limits on memory, processor time and wall time.

A file that was made (or happens) to need endless time or memory, or that crashes a parser written in C, costs
one Failure and one child process. The child is kept between files, started again after it was ended, and
talks in lines of JSON over its standard streams. It imports the parsers only, never a model.
"""

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import BrokenFileError, EmptyArticleError, LoadError
from index.schema import Metadata, Page, RemovalReason, Removed, Sourced

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
LONGEST_REPLY = 64 * MEGABYTE
FILES_PER_CHILD = 500
"""A child is replaced after this many files, so that what its parsers leak stays small."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may use: address space of the child in bytes, processor and wall time in seconds."""

    memory_bytes: int = 1_500 * MEGABYTE
    cpu_seconds: int = 10
    wall_seconds: float = 30.0


class LimitedParser:
    """A child process that parses one file at a time; safe to call from several threads."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

    def parse(self, path: Path) -> Page:
        """Parse a file in the child.

        Raises:
            LoadError: When the file is broken or empty, or went over a limit.
        """
        with self._lock:
            reply = self._ask(path)
        if "page" in reply:
            return _page_from(reply["page"])
        error = EmptyArticleError if reply.get("kind") == "EmptyArticleError" else BrokenFileError
        raise error(str(reply.get("error")))

    def close(self) -> None:
        """End the child process, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        child.wait()

    def _ask(self, path: Path) -> dict[str, Any]:
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        timed_out = threading.Event()

        def stop() -> None:
            timed_out.set()
            child.kill()

        timer = threading.Timer(self._limits.wall_seconds, stop)
        timer.start()
        try:
            child.stdin.write(json.dumps(str(path)).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline(LONGEST_REPLY)
        except OSError:
            line = b""
        finally:
            timer.cancel()
        self._files += 1
        if line.endswith(b"\n"):
            reply: dict[str, Any] = json.loads(line)
            if reply.get("restart") or self._files >= FILES_PER_CHILD:
                self.close()
            return reply
        self.close()
        return {"error": self._cause(child.returncode, timed_out.is_set())}

    def _cause(self, code: int | None, timed_out: bool) -> str:
        if timed_out:
            return f"took longer than {self._limits.wall_seconds:g} s to parse"
        if code is not None and -code == 24:  # SIGXCPU; the name is missing on some systems
            return f"took more than {self._limits.cpu_seconds} s of processor time to parse"
        return f"ended its parser (exit code {code})"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        root = str(Path(__file__).resolve().parents[2])
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([root, *sys.path[1:]]),
            "OMP_NUM_THREADS": "1",
        }
        self._child = subprocess.Popen(
            [sys.executable, "-m", "index.loaders.limited", json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._files = 0
        return self._child


_shared: LimitedParser | None = None
_shared_owner = 0
_shared_lock = threading.Lock()


def parse_limited(path: Path) -> Page:
    """Parse a file in this process's shared child, starting it when there is none.

    Raises:
        LoadError: As `LimitedParser.parse`.
    """
    global _shared, _shared_owner
    with _shared_lock:
        if _shared is None or _shared_owner != os.getpid():  # a forked process must not share the pipes
            _shared, _shared_owner = LimitedParser(), os.getpid()
            atexit.register(_shared.close)
        parser = _shared
    return parser.parse(path)


def _page_from(fields: dict[str, Any]) -> Page:
    hints = fields["hints"]

    def sourced(value: dict[str, str] | None) -> Sourced | None:
        return Sourced(**value) if value else None

    return Page(
        key=fields["key"],
        file=fields["file"],
        raw=fields["raw"],
        hints=Metadata(
            title=sourced(hints["title"]),
            authors=tuple(Sourced(**author) for author in hints["authors"]),
            outlet=sourced(hints["outlet"]),
            published=sourced(hints["published"]),
            url=sourced(hints["url"]),
        ),
        removed=tuple(
            Removed(one["start"], one["end"], RemovalReason(one["reason"])) for one in fields["removed"]
        ),
        is_page=fields["is_page"],
    )


def _parser_for(path: Path) -> Callable[[Path], Page]:
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from index.loaders.pdf import parse_pdf

        return parse_pdf
    if suffix == ".docx":
        from index.loaders.word import parse_word

        return parse_word
    from index.loaders.web_page import parse_web_page

    return parse_web_page


def _reply(path: Path) -> dict[str, Any]:
    try:
        return {"page": asdict(_parser_for(path)(path))}
    except LoadError as error:
        return {"error": error.message, "kind": type(error).__name__}
    except MemoryError:
        return {"error": "needs more memory to parse than a file may use", "restart": True}
    except RecursionError:
        return {"error": "is nested too deeply to parse"}
    except Exception as error:  # noqa: BLE001 - the edge: whatever a parser raises on a bad file becomes its failure
        return {"error": f"cannot be parsed: {type(error).__name__}: {str(error)[:160]}"}


def _limit_memory(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # not a Unix system: the wall limit alone must do
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_next_file(limits: Limits) -> None:
    """Allow the next file its processor time on top of what this process has used."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _serve(limits: Limits) -> None:
    """Answer one line of JSON (a path) with another (a page or an error) until the input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a parser prints must not mix with the replies
    _limit_memory(limits)
    for line in sys.stdin.buffer:
        _limit_next_file(limits)
        reply = json.dumps(_reply(Path(json.loads(line)))).encode()
        if len(reply) >= LONGEST_REPLY:
            reply = b'{"error": "holds more text than one article may"}'
        replies.write(reply + b"\n")
        replies.flush()


if __name__ == "__main__":
    _serve(Limits(**json.loads(sys.argv[1])))
