"""What the public functions give, as MCP tools give it: JSON text, or an error that says what to do."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    from mcp.types import TextContent


def as_tool_result(values: Sequence[dict[str, Any]], root_url: str) -> "list[TextContent]":
    """Return what a function gave as the JSON text that a model reads; Gradio would write it as Python does.

    Args:
        values: The one value that the function returned.
        root_url: The server's address, which is not needed.

    Raises:
        InputError: The function could not answer; the caller is told that its call failed, and why.
    """
    from mcp.types import TextContent

    del root_url
    for value in values:
        if "error" in value:
            raise InputError(value["error"], value["remedy"])
    return [TextContent(type="text", text=json.dumps(value, ensure_ascii=False)) for value in values]
