"""What went wrong, in words for the reader."""

import logging

from index.errors import DatelineError

logger = logging.getLogger(__name__)


def problem(error: Exception) -> tuple[str, str]:
    """Return what went wrong and what to do about it; what nobody expected is logged with its traceback."""
    if isinstance(error, DatelineError):
        return error.message, error.remedy
    logger.error("Unexpected error", exc_info=error)
    return "Something went wrong in Dateline itself.", "The terminal it runs in shows the details."
