"""What went wrong with a language model, in plain words with the remedy.

Nothing that a server sent stands in these: it might hold the key, or words of an article.
"""

from enum import StrEnum

from qa.writers.protocol import WriterError
from qa.writers.settings import ANSWER_TOKENS, API_KEY, BASE_URL, MODEL, PROMPT_TOKENS, WriterSettings

STANDS = "The answer above stands."


class Failure(StrEnum):
    """What can go wrong, as it is told; `{host}`, `{model}` and `{what}` are filled in."""

    NO_PACKAGE = "The package openai is not installed. Install it: pip install -r requirements.txt"
    REFUSED = "Nothing answers at {host}. Start the model's server there, or mend {base_url}."
    CONNECT_SLOW = "No connection to {host} in {what}. See whether the address is right and the network up."
    SLOW = (
        "The model at {host} had not begun to write after {what}. It may still be loading: ask again, take a "
        "smaller model, or allow more time."
    )
    TOO_LONG = "The model at {host} was not done after {what}. Take a smaller model or allow more time."
    STALLED = "The model at {host} stopped half way and sent nothing more for {what}. Ask again."
    HALF = (
        "The connection to {host} broke half way. What had come by then was checked; ask again for the rest."
    )
    ENDLESS = "The model wrote on past {what} and was cut off there."
    NOT_A_MODEL = (
        "{host} sent {what}, not a model's words. See whether {base_url} is right; as a rule it ends in /v1."
    )
    NONSENSE = "What {host} sent cannot be read. See whether it speaks OpenAI's chat completions."
    KEY = "{host} does not take the key. Set {api_key} to one that is valid there."
    FORBIDDEN = "{host} does not allow this key to use the model “{model}”. See the account's rights."
    PAY = "{host} wants to be paid first. See the account's credit."
    MISSING = (
        "{host} knows no model “{model}” at this address. See {model_name} and {base_url}; with Ollama: "
        "ollama pull {model}."
    )
    TOO_MUCH = "The passages are more than the model “{model}” can take in. Lower {prompt_tokens}."
    BUSY = "{host} has too much to do ({what}). Wait a little and ask again."
    REFUSES = "{host} refuses the request ({what}). See whether “{model}” is a chat model."
    DOWN = "{host} failed ({what}). See that server's log, and ask again."
    REDIRECT = "{host} points elsewhere ({what}). Put the final address in {base_url}."
    BROKEN = "Something unforeseen happened while asking {host} ({what}). Ask again."


def explain(failure: Failure, settings: WriterSettings, what: str = "") -> WriterError:
    """Return a failure as it is told to the reader."""
    told = failure.value.format(
        host=settings.host,
        model=settings.model,
        what=what,
        base_url=BASE_URL,
        api_key=API_KEY,
        model_name=MODEL,
        prompt_tokens=PROMPT_TOKENS,
        answer_tokens=ANSWER_TOKENS,
    )
    return WriterError(told, STANDS)


def remedy_for(error: Exception, settings: WriterSettings, *, started: bool) -> WriterError:
    """Return what a library's error means to the reader.

    Args:
        error: What was raised.
        settings: Where it was asked.
        started: Whether some text had come before.
    """
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, WriterError):
        return error
    if started:
        return explain(Failure.HALF, settings)
    if isinstance(error, APITimeoutError):
        return explain(Failure.CONNECT_SLOW, settings, f"{settings.connect:g} seconds")
    if isinstance(error, APIStatusError):
        return _of_status(error.status_code, str(error.message).lower(), settings)
    if isinstance(error, APIConnectionError):
        return explain(Failure.REFUSED, settings)
    return explain(Failure.NONSENSE, settings)


_BY_STATUS = {
    401: Failure.KEY,
    402: Failure.PAY,
    403: Failure.FORBIDDEN,
    404: Failure.MISSING,
    405: Failure.NOT_A_MODEL,
    413: Failure.TOO_MUCH,
    429: Failure.BUSY,
    503: Failure.BUSY,
}


def _of_status(status: int, complaint: str, settings: WriterSettings) -> WriterError:
    what = f"status {status}"
    if status in (400, 422) and any(
        word in complaint for word in ("context", "too long", "n_ctx", "too large")
    ):
        return explain(Failure.TOO_MUCH, settings)
    if status in _BY_STATUS:
        return explain(_BY_STATUS[status], settings, what)
    if 300 <= status < 400:
        return explain(Failure.REDIRECT, settings, what)
    return explain(Failure.REFUSES if status < 500 else Failure.DOWN, settings, what)
