"""Which language model writes, if any: read from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from index.errors import InputError
from qa.writers.protocol import Limits

BASE_URL = "DATELINE_LLM_BASE_URL"
MODEL = "DATELINE_LLM_MODEL"
API_KEY = "DATELINE_LLM_API_KEY"
TIMEOUT = "DATELINE_LLM_TIMEOUT"
FIRST_TOKEN = "DATELINE_LLM_FIRST_TOKEN"
PROMPT_TOKENS = "DATELINE_LLM_PROMPT_TOKENS"
ANSWER_TOKENS = "DATELINE_LLM_ANSWER_TOKENS"
PASSAGES = "DATELINE_LLM_PASSAGES"
LEAST_PROMPT = 500
"""Tokens that the instructions, a question and one short passage need."""


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """An OpenAI-compatible endpoint and how long to wait for it.

    Attributes:
        base_url: Its address, as a rule ending in "/v1".
        model: The model's name there.
        api_key: Its key; empty where it wants none. Never shown, never logged.
        connect: Seconds to wait for a connection.
        first_token: Seconds to wait for the first words; a model may have to be loaded first.
        stall: Seconds without a new word after which the model is taken to have stopped.
        total: Seconds for the whole answer, tries included.
        tries: How often to ask, where asking again is safe.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    connect: float = 5.0
    first_token: float = 60.0
    stall: float = 20.0
    total: float = 180.0
    tries: int = 3
    limits: Limits = field(default_factory=Limits)

    @property
    def host(self) -> str:
        """Return host and port, for messages; a name and password in the address are left out."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine, where no proxy is to be asked."""
        name = urlsplit(self.base_url).hostname or ""
        return name in ("localhost", "::1") or re.fullmatch(r"127(?:\.\d+){3}", name) is not None


_USUAL = WriterSettings("", "")


def read_writer_settings(environment: Mapping[str, str]) -> WriterSettings | None:
    """Return the endpoint that the environment names, or None when it names none.

    Raises:
        InputError: A value that cannot be used.
    """
    address = environment.get(BASE_URL, "").strip()
    model = environment.get(MODEL, "").strip()
    if not address and not model:
        return None
    if not model:
        raise InputError(
            f"{BASE_URL} is set, but {MODEL} is not.", f"Name the model, such as: export {MODEL}=qwen3:4b"
        )
    if not address:
        raise InputError(
            f"{MODEL} is set, but {BASE_URL} is not.",
            f"Give the address, such as: export {BASE_URL}=http://127.0.0.1:11434/v1",
        )
    return WriterSettings(
        base_url=_address(address),
        model=model,
        api_key=environment.get(API_KEY, "").strip(),
        first_token=_number(environment, FIRST_TOKEN, _USUAL.first_token, least=1),
        total=_number(environment, TIMEOUT, _USUAL.total, least=1),
        limits=Limits(
            prompt_tokens=int(
                _number(environment, PROMPT_TOKENS, _USUAL.limits.prompt_tokens, least=LEAST_PROMPT)
            ),
            answer_tokens=int(_number(environment, ANSWER_TOKENS, _USUAL.limits.answer_tokens, least=20)),
            passages=int(_number(environment, PASSAGES, _USUAL.limits.passages, least=1)),
        ),
    )


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            f"{BASE_URL} is no web address.",
            "Give one such as http://127.0.0.1:11434/v1, with http or https.",
        )
    return text.rstrip("/")


def _number(environment: Mapping[str, str], name: str, default: float, least: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value < 1e7:
        raise InputError(f"{name} is {text!r}.", f"Give a number of {least:g} or more.")
    return value
