"""A language model behind any OpenAI-compatible address: Ollama, llama.cpp's server, vLLM, OpenAI.

The request runs in an event loop of its own, in a thread of its own, so that it can be cancelled at any
moment (while connecting, while waiting, half way) and every wait has a limit, whatever the server sends.
"""

import asyncio
import json
import queue
import random
import re
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from index.tokens import count_tokens
from qa.writers.failures import Failure, explain, remedy_for
from qa.writers.protocol import Limits, Message, WriterError
from qa.writers.settings import ANSWER_TOKENS, FIRST_TOKEN, TIMEOUT, WriterSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_HEARTBEAT = 0.25
"""Seconds between two looks at whether the reader is still there."""
_BACKOFF = 0.5
_LONGEST_PAUSE = 20.0
_MOST_WHOLE = 2_000_000
"""Bytes read of an answer that does not stream."""
_WIDEST_TOKEN = 16
"""Characters that one token may take before a text counts as endless."""
_END = None


class OpenAICompatibleWriter:
    """Streams a model's text over HTTP.

    Args:
        settings: Where it is and how long to wait for it.
    """

    def __init__(self, settings: WriterSettings) -> None:
        self._settings = settings

    @property
    def model(self) -> str:
        """Return the model's name."""
        return self._settings.model

    @property
    def limits(self) -> Limits:
        """Return how much it may be given and may write."""
        return self._settings.limits

    def stream(self, messages: tuple[Message, ...]) -> Iterator[str]:
        """Yield the model's text piece by piece, and "" four times a second while there is nothing new.

        Raises:
            WriterError: There is no text, or no more.
        """
        request = _Request(self._settings, messages)
        worker = threading.Thread(target=request.run, name="dateline-writer", daemon=True)
        worker.start()
        try:
            while True:
                try:
                    piece = request.pieces.get(timeout=_HEARTBEAT)
                except queue.Empty:
                    yield ""
                    continue
                if piece is _END:
                    return
                if isinstance(piece, WriterError):
                    raise piece
                yield piece
        finally:
            request.cancel()
            worker.join(timeout=2.0)


@dataclass(slots=True)
class _Progress:
    """How far a request has come: tries made, parameters that the server will not have, text received."""

    tries: int = 0
    text: int = 0
    tokens: int = 0
    alive: bool = False


class _Request:
    """One question to a model, in a thread of its own."""

    def __init__(self, settings: WriterSettings, messages: tuple[Message, ...]) -> None:
        self.pieces: queue.Queue[str | WriterError | None] = queue.Queue()
        self._settings = settings
        self._messages = messages
        self._progress = _Progress()
        self._parameters: dict[str, Any] = {
            "temperature": 0.0,
            "max_tokens": settings.limits.answer_tokens,
        }
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._cancelled = False

    def run(self) -> None:
        """Run to the end; the last piece is a failure or the end mark."""
        last: WriterError | None = _END
        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            pass
        except WriterError as error:
            last = error
        except Exception as error:  # noqa: BLE001 - the thread's edge: a failure becomes a status for the reader
            last = explain(Failure.BROKEN, self._settings, type(error).__name__)
        self.pieces.put(last)

    def cancel(self) -> None:
        """End the request at once, wherever it is."""
        with self._lock:
            self._cancelled = True
            if self._loop and self._task and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        with self._lock:
            if self._cancelled:
                return
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            async with asyncio.timeout(self._settings.total):
                await self._ask()
        except TimeoutError:
            raise explain(
                Failure.TOO_LONG if self._progress.text else Failure.SLOW,
                self._settings,
                f"{self._settings.total:g} seconds ({TIMEOUT})",
            ) from None
        finally:
            with self._lock:
                self._loop = self._task = None

    async def _ask(self) -> None:
        """Ask until there is an answer or no sense in asking again."""
        try:
            client = _client(self._settings)
        except ImportError:
            raise explain(Failure.NO_PACKAGE, self._settings) from None
        async with client:
            while True:
                self._progress.tries += 1
                try:
                    await self._attempt(client)
                except Exception as error:  # noqa: BLE001 - of many libraries; each becomes a status
                    pause = self._pause_after(error)
                    if pause is None:
                        raise remedy_for(error, self._settings, started=self._progress.text > 0) from None
                    await asyncio.sleep(pause)
                else:
                    return

    def _pause_after(self, error: Exception) -> float | None:
        """Return the seconds to wait before asking again, None where that is of no use or not safe.

        It is safe as long as no word has come, and of use where the server was busy, broken for a moment or
        refused a parameter that it can do without.
        """
        from openai import APIConnectionError, APIStatusError, APITimeoutError, BadRequestError

        if self._progress.text or isinstance(error, WriterError | APITimeoutError):
            return None
        if isinstance(error, BadRequestError) and self._drop_parameter(_words_of(error)):
            return 0.0
        if self._progress.tries >= self._settings.tries:
            return None
        backoff = _BACKOFF * 2 ** (self._progress.tries - 1) * random.uniform(0.8, 1.2)
        if isinstance(error, APIStatusError):
            if error.status_code not in (408, 409, 425, 429) and error.status_code < 500:
                return None
            asked = _retry_after(error.response.headers.get("retry-after", ""))
            return None if asked > _LONGEST_PAUSE else max(backoff, asked)
        return backoff if isinstance(error, APIConnectionError) else None

    def _drop_parameter(self, complaint: str) -> bool:
        """Do without a parameter that the server complains of; return whether there was one."""
        if "max_tokens" in complaint and "max_tokens" in self._parameters:
            self._parameters["max_completion_tokens"] = self._parameters.pop("max_tokens")
            return True
        if "temperature" in complaint and "temperature" in self._parameters:
            del self._parameters["temperature"]
            return True
        return False

    async def _attempt(self, client: "AsyncOpenAI") -> None:
        """Ask once and pass on what comes."""
        settings = self._settings
        deadline = monotonic() + settings.first_token
        try:
            async with asyncio.timeout(settings.first_token):
                reply: Any = await client.chat.completions.create(
                    model=settings.model,
                    messages=[{"role": one.role, "content": one.content} for one in self._messages],  # type: ignore[misc]
                    stream=True,
                    **self._parameters,
                )
        except TimeoutError:
            raise self._too_slow() from None
        try:
            kind = reply.response.headers.get("content-type", "")
            if "event-stream" in kind:
                await self._pass_on(_deltas(reply), deadline)
            else:
                await self._pass_on(_whole(reply.response, kind, settings), deadline)
        finally:
            await reply.close()

    async def _pass_on(self, deltas: AsyncIterator[str], deadline: float) -> None:
        """Pass on the pieces of a text; the first and each next one have their time."""
        while True:
            left = self._settings.stall if self._progress.alive else deadline - monotonic()
            try:
                async with asyncio.timeout(max(left, 0.01)):
                    piece = await anext(deltas, None)
            except OverBudgetError:
                raise self._endless() from None
            except TimeoutError:
                if self._progress.alive:
                    what = f"{self._settings.stall:g} seconds"
                    raise explain(Failure.STALLED, self._settings, what) from None
                raise self._too_slow() from None
            if piece is None:
                return
            self._progress.alive = True
            if piece and not self._put(piece):
                raise self._endless()

    def _put(self, piece: str) -> bool:
        """Pass on a piece as far as the budget goes; return whether all of it was."""
        most = self._settings.limits.answer_tokens
        room = most * _WIDEST_TOKEN - self._progress.text
        whole = len(piece) <= room
        piece = piece[: max(room, 0)]
        self._progress.text += len(piece)
        self._progress.tokens += count_tokens(piece)
        # A piece is seldom cut where a tokenizer would: what is counted here is a little too much.
        if self._progress.tokens > most * 1.5 + 16:
            return False
        if piece:
            self.pieces.put(piece)
        return whole

    def _endless(self) -> WriterError:
        what = f"{self._settings.limits.answer_tokens} tokens ({ANSWER_TOKENS})"
        return explain(Failure.ENDLESS, self._settings, what)

    def _too_slow(self) -> WriterError:
        return explain(
            Failure.SLOW, self._settings, f"{self._settings.first_token:g} seconds ({FIRST_TOKEN})"
        )


def _client(settings: WriterSettings) -> "AsyncOpenAI":
    """Return a client that follows no redirect, and asks no proxy for this machine.

    Raises:
        ImportError: The package openai is not installed.
    """
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

    timeout = Timeout(settings.total, connect=settings.connect)
    return AsyncOpenAI(
        base_url=settings.base_url,
        api_key=settings.api_key or "none",
        max_retries=0,
        timeout=timeout,
        http_client=DefaultAsyncHttpxClient(
            timeout=timeout, follow_redirects=False, trust_env=not settings.is_local
        ),
    )


async def _deltas(reply: Any) -> AsyncIterator[str]:  # noqa: ANN401 - openai's AsyncStream of chunks
    """Yield the text of each chunk, "" for one without; thoughts that come apart are left out."""
    reason = None
    async for chunk in reply:
        for choice in (getattr(chunk, "choices", None) or [])[:1]:
            content = getattr(getattr(choice, "delta", None), "content", None)
            yield content if isinstance(content, str) else ""
            reason = getattr(choice, "finish_reason", None) or reason
    if not reason:
        raise BrokenStreamError
    if reason == "length":
        raise OverBudgetError


class BrokenStreamError(Exception):
    """A stream that ended before the model had."""


class OverBudgetError(Exception):
    """A stream that the server ended at the tokens it was allowed."""


async def _whole(response: Any, kind: str, settings: WriterSettings) -> AsyncIterator[str]:  # noqa: ANN401
    """Yield the text of an answer that came in one piece, as from servers that do not stream."""
    if "json" not in kind:
        raise explain(Failure.NOT_A_MODEL, settings, kind.partition(";")[0].strip() or "nothing known")
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MOST_WHOLE:
            raise explain(Failure.NONSENSE, settings)
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise explain(Failure.NONSENSE, settings) from None
    yield content if isinstance(content, str) else ""


def _words_of(error: Exception) -> str:
    return str(getattr(error, "message", "")).lower()


def _retry_after(text: str) -> float:
    """Return the seconds of a Retry-After header; 0 for a date or nothing."""
    return float(text) if re.fullmatch(r"\s*\d{1,6}(?:\.\d+)?\s*", text) else 0.0
