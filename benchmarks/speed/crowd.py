"""Many readers of one served library at once, each asking over HTTP as the page does.

A reader joins the queue, follows the stream of events until the answer is there, thinks, and asks again: a
closed loop, so that a slow server is asked less often, as by people.
"""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Head: TypeAlias = dict[str, str]
ANSWERED, BUSY, FAILED = "answered", "busy", "failed"
PATIENCE = 120.0
BOX = "dl-question"
MOST_BYTES = 1 << 24
"""Longest line of an answer."""
EVERY = 0.25
"""Seconds between two looks whether the server answers again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one question: how, after how many seconds, and what was said where it failed.

    `at` are the seconds since the crowd began to ask; `told` whether a busy answer said when to come again.
    """

    kind: str
    seconds: float
    at: float
    told: bool = False
    said: str = ""


@dataclass(slots=True)
class Crowd:
    """Everything that a crowd was answered, and how soon a single reader was served after it."""

    replies: list[Reply] = field(default_factory=list)
    recovery: float = 0.0

    def count(self, kind: str) -> int:
        """Return how many questions came to this end."""
        return sum(one.kind == kind for one in self.replies)

    def seconds(self, kind: str) -> list[float]:
        """Return how long these took."""
        return [one.seconds for one in self.replies if one.kind == kind]


def flood(address: str, questions: Sequence[str], readers: int) -> Crowd:
    """Let every reader ask one question in the same moment, then see how soon a single one is served."""
    return asyncio.run(_crowd(address, questions, readers, seconds=0.0, think=0.0))


def visit(address: str, questions: Sequence[str], readers: int, *, seconds: float, think: float) -> Crowd:
    """Let readers ask for so many seconds, each thinking for `think` seconds on average between questions.

    Nobody asks in step: the first questions are spread over one time of thinking, and each time of thinking
    is between half and one and a half times the average.
    """
    return asyncio.run(_crowd(address, questions, readers, seconds=seconds, think=think))


async def _crowd(
    address: str, questions: Sequence[str], readers: int, *, seconds: float, think: float
) -> Crowd:
    server = await _Server.at(address)
    crowd, start = Crowd(), time.perf_counter()

    async def reader(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, think))
        turn = number
        while True:
            crowd.replies.append(await server.ask(questions[turn % len(questions)], start))
            turn += readers
            await asyncio.sleep(think * chance.uniform(0.5, 1.5))
            if time.perf_counter() - start >= seconds:
                return

    await asyncio.gather(*(reader(number) for number in range(readers)))
    over = time.perf_counter()
    while (await server.ask(questions[0], start)).kind != ANSWERED:
        if time.perf_counter() - over > PATIENCE:
            break
        await asyncio.sleep(EVERY)
    crowd.recovery = time.perf_counter() - over
    return crowd


@dataclass(frozen=True, slots=True)
class _Server:
    """The served pages, spoken to over plain sockets: two hundred readers must not be what takes the time.

    Attributes:
        host, port: Where it listens.
        event: The number of the event that asks a question.
        box: The number of the box that starts it.
    """

    host: str
    port: int
    event: int
    box: int

    @classmethod
    async def at(cls, address: str) -> "_Server":
        """Return the server at an address, with what its pages call the box for questions."""
        parts = urlsplit(address)
        server = cls(parts.hostname or "", parts.port or 80, 0, 0)
        status, _, content = await server._request("GET", "/config")
        if status != 200:
            raise LookupError(f"{address}/config gives {status}")
        config: dict[str, Any] = json.loads(content)
        boxes = {one["id"] for one in config["components"] if one["props"].get("elem_id") == BOX}
        for event in config["dependencies"]:
            for target, kind in event["targets"]:
                if target in boxes and kind == "submit":
                    return replace(server, event=int(event["id"]), box=int(target))
        raise LookupError(f"the page has no box {BOX} that asks")

    async def ask(self, question: str, start: float) -> Reply:
        """Ask one question as the page does, and follow it to its end."""
        began = time.perf_counter()
        told, said = False, ""
        try:
            async with asyncio.timeout(PATIENCE):
                session = f"{random.getrandbits(64):016x}"
                body = {
                    "data": [question, [], [], "", ""], "fn_index": self.event, "trigger_id": self.box,
                    "session_hash": session, "event_data": None,
                }  # fmt: skip
                status, head, content = await self._request("POST", "/gradio_api/queue/join", body)
                if status == 200:
                    kind, said = await self._follow(session)
                else:
                    kind = BUSY if status in (429, 503) else FAILED
                    told, said = "retry-after" in head, content.decode("utf-8", "replace")[:200]
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            kind, said = FAILED, f"{type(error).__name__}: {error}"[:200]
        now = time.perf_counter()
        return Reply(kind, now - began, began - start, told, said)

    async def _follow(self, session: str) -> tuple[str, str]:
        """Read the events of a question until it is done; return how it ended and what was wrong."""
        reader, writer = await self._sent("GET", f"/gradio_api/queue/data?session_hash={session}")
        try:
            await _head(reader)
            while line := await reader.readline():
                # Each event is one chunk, so that a line of it is never cut; lines of chunk sizes are passed.
                if not line.startswith(b"data:"):
                    continue
                event = json.loads(line[5:])
                if event["msg"] == "process_completed":
                    failed = not event["success"]
                    return (FAILED, json.dumps(event.get("output"))[:200]) if failed else (ANSWERED, "")
                if event["msg"] in {"unexpected_error", "server_stopped"}:
                    return FAILED, str(event)[:200]
        finally:
            writer.close()
        return FAILED, "the stream ended before the answer"

    async def _request(self, method: str, path: str, body: object = None) -> tuple[int, Head, bytes]:
        reader, writer = await self._sent(method, path, body)
        try:
            status, head = await _head(reader)
            return status, head, await reader.read()
        finally:
            writer.close()

    async def _sent(
        self, method: str, path: str, body: object = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        content = b"" if body is None else json.dumps(body).encode()
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=MOST_BYTES)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Connection: close"]
        if content:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        await writer.drain()
        return reader, writer


async def _head(reader: asyncio.StreamReader) -> tuple[int, Head]:
    """Read status and headers, their names in lower case."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split()[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}
