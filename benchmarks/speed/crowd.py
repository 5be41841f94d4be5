"""Many readers of one served library at once, each asking over HTTP as the page does.

A reader joins the queue, follows the stream of events until the answer is there, thinks, and asks again: a
closed loop, so that a slow server is asked less often, as by people.
"""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

ANSWERED, BUSY, FAILED = "answered", "busy", "failed"
PATIENCE = 120.0
BOX = "dl-question"
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
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=readers)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:
        event = await _asking_event(client)
        crowd, start = Crowd(), time.perf_counter()

        async def reader(number: int) -> None:
            chance = random.Random(number)
            await asyncio.sleep(chance.uniform(0, think))
            turn = number
            while True:
                reply = await _ask(client, event, questions[turn % len(questions)], start)
                crowd.replies.append(reply)
                turn += readers
                await asyncio.sleep(think * chance.uniform(0.5, 1.5))
                if time.perf_counter() - start >= seconds:
                    return

        await asyncio.gather(*(reader(number) for number in range(readers)))
        over = time.perf_counter()
        while (await _ask(client, event, questions[0], start)).kind != ANSWERED:
            if time.perf_counter() - over > PATIENCE:
                break
            await asyncio.sleep(EVERY)
        crowd.recovery = time.perf_counter() - over
    return crowd


async def _asking_event(client: "httpx.AsyncClient") -> tuple[int, int]:
    """Return the number of the event that asks a question, and of the box that starts it."""
    config: dict[str, Any] = (await client.get("/config")).json()
    boxes = {one["id"] for one in config["components"] if one["props"].get("elem_id") == BOX}
    for event in config["dependencies"]:
        for target, kind in event["targets"]:
            if target in boxes and kind == "submit":
                return int(event["id"]), int(target)
    raise LookupError(f"the page has no box {BOX} that asks")


async def _ask(client: "httpx.AsyncClient", event: tuple[int, int], question: str, start: float) -> Reply:
    """Ask one question as the page does, and follow it to its end."""
    import httpx

    began = time.perf_counter()
    session = f"{random.getrandbits(64):016x}"
    body = {
        "data": [question, [], [], "", ""], "fn_index": event[0], "trigger_id": event[1],
        "session_hash": session, "event_data": None,
    }  # fmt: skip
    told, said = False, ""
    try:
        joined = await client.post("/gradio_api/queue/join", json=body)
        if joined.status_code == 200:
            kind, said = await _follow(client, session)
        else:
            kind = BUSY if joined.status_code in (429, 503) else FAILED
            told, said = "retry-after" in joined.headers, joined.text[:200]
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        kind, said = FAILED, f"{type(error).__name__}: {error}"[:200]
    now = time.perf_counter()
    return Reply(kind, now - began, began - start, told, said)


async def _follow(client: "httpx.AsyncClient", session: str) -> tuple[str, str]:
    """Read the events of a question until it is done; return how it ended and what was wrong."""
    shown: dict[str, Any] = {}
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            event = json.loads(line[5:])
            if event["msg"] == "process_generating":
                shown = event
            elif event["msg"] == "process_completed":
                if event["success"]:
                    return ANSWERED, ""
                return FAILED, json.dumps(event.get("output"))[:200]
            elif event["msg"] in {"unexpected_error", "server_stopped"}:
                return FAILED, str(event)[:200]
    return FAILED, f"the stream ended before the answer: {str(shown)[:100]}"
