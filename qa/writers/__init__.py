"""An optional language model: it writes prose from the same evidence and is held to the same checks.

`load_writer` gives the model that the environment names, `write_answer` asks it. The extractive answer is
made before and without it, and stands whatever it does. See docs/language-model.md.
"""

from collections.abc import Mapping

from qa.writers.openai_compatible import OpenAICompatibleWriter
from qa.writers.protocol import Limits, Message, Writer, WriterError, WrittenDelta
from qa.writers.settings import WriterSettings, read_writer_settings
from qa.writers.writing import write_answer

__all__ = [
    "Limits", "Message", "OpenAICompatibleWriter", "Writer", "WriterError", "WriterSettings", "WrittenDelta",
    "load_writer", "read_writer_settings", "write_answer",
]  # fmt: skip


def load_writer(environment: Mapping[str, str]) -> Writer | None:
    """Return the model that the environment names, None when it names none. Nothing is asked of it yet.

    Raises:
        InputError: A value that cannot be used.
    """
    settings = read_writer_settings(environment)
    return OpenAICompatibleWriter(settings) if settings else None
