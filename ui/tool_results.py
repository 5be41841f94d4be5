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


def offer_tools_only(served: Any) -> None:  # noqa: ANN401 - Gradio types its own server as any class
    """Let Gradio's MCP server give JSON, and answer requests about tools alone.

    It has no resources or prompts to give; asked for one it would still open an address that the request
    itself names.
    """
    from mcp import types

    served.postprocess_output_data = as_tool_result
    for kind in (
        types.ListResourcesRequest,
        types.ListResourceTemplatesRequest,
        types.ReadResourceRequest,
        types.ListPromptsRequest,
        types.GetPromptRequest,
    ):
        served.mcp_server.request_handlers.pop(kind, None)
