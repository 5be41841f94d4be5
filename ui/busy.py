"""What a caller is told when more questions arrive than can be answered: at once, and when to come again.

Waiting questions are bounded twice: those of the pages by Gradio's queue, those of programs by `Rush`, as
each of them holds a thread that the pages need too. Beyond that the answer is 503 with Retry-After.
"""

import json
import math
import re
from collections.abc import Callable, MutableMapping
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE = 3
"""Questions that are worked on at once; more would only make each of them slower."""
QUEUED = 48
"""Questions of pages that may wait for their turn: fifty readers who ask at once are all served."""
PROGRAMS = 16
"""Questions of programs that may wait or be worked on."""
TOLD_EVERY = 5.0
"""Seconds after which a page is told again how many wait before it, which none shows: Gradio would tell all
waiting pages whenever a question is taken up."""
LOOK_EVERY, PROGRESS_EVERY = 0.01, 0.1
"""Seconds between two looks of Gradio's queue for a question to begin, and for progress to tell of."""

LEAST_SECONDS, MOST_SECONDS = 1, 60
_FIRST_GUESS = 0.5
_WEIGHT = 0.2
"""How much the newest answer counts in the average."""

_CALL = re.compile(r"/gradio_api/(?:run|api)/(?:search|ask|statements)/?")
_QUEUED_CALL = re.compile(r"/gradio_api/(?:queue/join|call/.+)")


class Pace:
    """How long an answer takes just now, so that a caller can be told when to come again."""

    def __init__(self) -> None:
        self._seconds = _FIRST_GUESS
        self._lock = Lock()

    def note(self, seconds: float) -> None:
        """Take in how long an answer took."""
        with self._lock:
            self._seconds += _WEIGHT * (seconds - self._seconds)

    def wait(self, ahead: int) -> int:
        """Return the whole seconds in which so many questions are answered, AT_ONCE at a time."""
        return min(max(math.ceil(self._seconds * ahead / AT_ONCE), LEAST_SECONDS), MOST_SECONDS)


def busy(seconds: int) -> dict[str, Any]:
    """Return what is said instead of an answer.

    Example:
        >>> busy(4)["remedy"]
        'Try again in 4 seconds.'
    """
    message = "Dateline is answering as many questions as it can."
    remedy = f"Try again in {seconds} second{'' if seconds == 1 else 's'}."
    return {"error": message, "remedy": remedy, "detail": f"{message} {remedy}", "retry_after": seconds}


def calm(queue: Any) -> None:  # noqa: ANN401 - Gradio's queue, which has no other way of being told this
    """Let Gradio's queue look for work a hundred times a second: a thousand take a twentieth of a core."""
    queue.sleep_when_free, queue.progress_update_sleep_when_free = LOOK_EVERY, PROGRESS_EVERY


class Rush:
    """ASGI middleware: answers 503 with Retry-After where a question cannot even wait.

    Args:
        app: What answers questions.
        pace: How long that takes just now.
        queued: Tells how many questions of pages wait. Gradio counts them too, but reads a request first.
    """

    def __init__(self, app: "ASGIApp", pace: Pace, queued: Callable[[], int] = lambda: 0) -> None:
        self.app = app
        self.pace = pace
        self.queued = queued
        self._programs = 0

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request, or say that there is no room."""
        asks = scope["type"] == "http" and scope["method"] == "POST"
        if asks and _CALL.fullmatch(scope["path"]):
            if self._programs >= PROGRAMS:
                await _say_busy(send, self.pace.wait(PROGRAMS))
                return
            # All requests are served by one thread, so that counting them needs no lock.
            self._programs += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self._programs -= 1
        elif asks and _QUEUED_CALL.fullmatch(scope["path"]):
            if self.queued() >= QUEUED:
                await _say_busy(send, self.pace.wait(QUEUED))
                return
            await self.app(scope, receive, _Told(send, self.pace.wait(QUEUED)))
        else:
            await self.app(scope, receive, send)


class _Told:
    """Sends what Gradio answers, but says "queue full" in our words."""

    def __init__(self, send: "Send", seconds: int) -> None:
        self._send = send
        self._seconds = seconds
        self._full = False

    async def __call__(self, message: "Message") -> None:
        if message["type"] == "http.response.start" and message["status"] == 503:
            self._full = True
            await _say_busy(self._send, self._seconds)
        elif not self._full:
            await self._send(message)


async def _say_busy(send: "Send", seconds: int) -> None:
    body = json.dumps(busy(seconds)).encode()
    head = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
    ]
    start: MutableMapping[str, Any] = {"type": "http.response.start", "status": 503, "headers": head}
    await send(start)
    await send({"type": "http.response.body", "body": body})
