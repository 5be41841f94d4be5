"""The web server around the pages: health routes, security headers, and what is refused before Gradio."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit

from index.errors import DatelineError, InputError
from ui.assets import busy_script, style
from ui.busy import Pace, Rush
from ui.tool_results import offer_tools_only
from ui.uploads import MAX_FILE_BYTES

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks
    from gradio.themes import ThemeClass as Theme
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
"""Largest request that is no upload; a question takes a few kilobytes."""

MAX_UPLOAD_BYTES = 8 * MAX_FILE_BYTES
"""Largest upload request, all its files together."""

MAX_SCRATCH_BYTES = 1024 * 1024 * 1024
"""Most that uploads may hold on disk before they are added; each is deleted as soon as it is."""

GOODBYE_SECONDS = 3

WAITING_CONNECTIONS = 1024
"""Connections that may wait to be taken: those beyond are tried again by the system a second later."""

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio builds component templates with `new Function`, and its page holds inline scripts.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


Fields: TypeAlias = Mapping[str, Sequence[str]]
"""The fields of an address, each with all its values."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is made on request out of what the address asks for."""

    media_type: str
    make: Callable[[Fields], str]


class Served(Protocol):
    """What the server needs of what is behind the pages."""

    pace: Pace

    def ready(self) -> bool:
        """Whether questions are answered at full speed yet."""

    def downloads(self) -> Mapping[str, Download]:
        """Files to offer, by path."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served."""

    status: int
    reason: str


def host_name(authority: str) -> str:
    """Return the host of a Host header or origin's authority: "[::1]:7860" -> "::1", "a.b:80" -> "a.b"."""
    try:
        return (urlsplit(f"//{authority}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def refuse(method: str, path: str, headers: dict[str, str], allowed_hosts: frozenset[str]) -> Refusal | None:
    """Decide about a request by its head alone.

    Args:
        method: HTTP method in capitals.
        path: Path of the request.
        headers: Header names in lower case.
        allowed_hosts: Host names the server answers to; empty allows every one.
    """
    host = headers.get("host", "")
    if allowed_hosts and host_name(host) not in allowed_hosts:
        return Refusal(400, "This server does not answer under that host name.")
    if method in SAFE_METHODS:
        return None
    origin = headers.get("origin")
    foreign = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    if foreign or (origin is not None and urlsplit(origin).netloc != host):
        return Refusal(403, "Requests from other sites are refused.")
    return _refuse_size(path, headers.get("content-length", ""))


def _refuse_size(path: str, length: str) -> Refusal | None:
    if not (length.isascii() and length.isdigit()):
        return Refusal(411, "The request must say how long it is.")
    limit = MAX_UPLOAD_BYTES if is_upload(path) else MAX_BODY_BYTES
    if int(length) > limit:
        return Refusal(413, f"The request is larger than {limit >> 20} MB.")
    return None


def is_upload(path: str) -> bool:
    """Say whether a request to this path carries files."""
    return path.rstrip("/").endswith("/upload")


def refuse_flood(length: int, scratch: Path) -> Refusal | None:
    """Refuse an upload that would fill the disk with files that nobody adds to the library."""
    if folder_bytes(scratch) + length > MAX_SCRATCH_BYTES:
        return Refusal(429, "Too many uploaded files wait to be added. Try again later.")
    return None


def folder_bytes(folder: Path) -> int:
    """Return the size of all files under the folder; files that go meanwhile count nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(place, name).stat().st_size
    return total


class Guard:
    """ASGI middleware: refuses foreign hosts, cross-site writes and oversized bodies; adds security headers.

    Written at the ASGI level because Gradio streams its answers, and wrapping responses would buffer them.
    """

    def __init__(self, app: "ASGIApp", allowed_hosts: frozenset[str], scratch: Path) -> None:
        self.app = app
        self.allowed_hosts = allowed_hosts
        self.scratch = scratch

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADER_PAIRS]
            await send(message)

        refusal = refuse(scope["method"], scope["path"], headers, self.allowed_hosts)
        if refusal is None and scope["method"] == "POST" and is_upload(scope["path"]):
            refusal = refuse_flood(int(headers["content-length"]), self.scratch)
        if refusal:
            logger.warning("Refused %s %r: %s", scope["method"], scope["path"], refusal.reason)
            await _send_refusal(refusal, send_with_headers)
            return
        # Gradio would build its own address from these, and anyone can send them.
        kept = [pair for pair in scope["headers"] if not pair[0].startswith(b"x-forwarded-")]
        await self.app({**scope, "headers": kept}, receive, send_with_headers)


_HEADER_PAIRS = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


async def _send_refusal(refusal: Refusal, send: "Send") -> None:
    body = json.dumps({"error": refusal.reason}).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refusal.status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def allowed_hosts(host: str, names: Iterable[str] = ()) -> frozenset[str]:
    """Return the host names that the server answers to when it listens on `host`.

    Listening on every address needs `names`: without them only this machine's own names are allowed.
    """
    found = set(LOCAL_HOSTS) | {name.lower() for name in names}
    if host in ANY_ADDRESS:
        found |= {socket.gethostname().lower()}
    else:
        found.add(host.lower())
    return frozenset(found)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address; port 0 takes a free one.

    Raises:
        InputError: The port is taken or the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(WAITING_CONNECTIONS)
    except (OSError, OverflowError) as error:
        listener.close()
        raise InputError(
            f"Cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}.",
            "Choose another port with --port, or stop the program that uses this one.",
        ) from error
    return listener


def address(host: str, listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    name = "127.0.0.1" if host in ANY_ADDRESS else host
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


def wrap(pages: "Blocks", served: Served, hosts: frozenset[str], scratch: Path, theme: "Theme") -> "FastAPI":
    """Mount the pages in a server with /healthz and /readyz.

    Args:
        pages: The Gradio pages.
        served: What is behind the pages.
        hosts: Host names to answer to.
        scratch: Folder in which Gradio keeps uploads; limits how much they may hold.
        theme: Colours and fonts of Gradio's own parts.
    """
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse, Response
    from starlette.staticfiles import StaticFiles

    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @server.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @server.get("/readyz")
    def readyz() -> JSONResponse:
        done = served.ready()
        return JSONResponse({"status": "ready" if done else "warming up"}, status_code=200 if done else 503)

    @server.get("/style.css")
    def style_sheet() -> Response:
        return Response(style(), media_type="text/css", headers={"cache-control": "no-cache"})

    @server.get("/busy.js")
    def busy_lines() -> Response:
        return Response(busy_script(), media_type="text/javascript", headers={"cache-control": "no-cache"})

    for path, download in served.downloads().items():
        _offer(server, path, download)
    server.mount("/fonts", StaticFiles(packages=[("ui", "fonts")]))
    with warnings.catch_warnings():
        # Gradio warns that several pages cannot be rendered on the server, which `ssr_mode=False` asks for.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        _mount(server, pages, theme)
    server.add_middleware(Rush, pace=served.pace, queued=lambda: len(pages._queue))
    server.add_middleware(Guard, allowed_hosts=hosts, scratch=scratch)
    return server


def _offer(server: "FastAPI", path: str, download: Download) -> None:
    from fastapi import Request
    from fastapi.responses import PlainTextResponse, Response

    def give(request: Request) -> Response:
        fields = {name: request.query_params.getlist(name) for name in request.query_params}
        try:
            content = download.make(fields)
        except DatelineError as error:
            return PlainTextResponse(str(error), status_code=400)
        saved_as = {"content-disposition": f'attachment; filename="{path.lstrip("/")}"'}
        return Response(content, media_type=download.media_type, headers=saved_as)

    server.add_api_route(path, give, methods=["GET"])


def _mount(server: "FastAPI", pages: "Blocks", theme: "Theme") -> None:
    import gradio as gr

    gr.mount_gradio_app(
        server,
        pages,
        path="/",
        footer_links=["api", "settings"],
        run_history=False,
        show_error=False,
        max_file_size=MAX_FILE_BYTES,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=True,
        head='<link rel="stylesheet" href="/style.css"><script src="/busy.js"></script>',
        theme=theme,
    )
    offer_tools_only(pages.mcp_server_obj)


def _is_cut_off(record: logging.LogRecord) -> bool:
    return record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)


def run(server: "FastAPI", listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until interrupted; `ready` is called once, when the first request can be answered."""
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    # Pages that are open at the end are cut off, as they have to be: that is no error to show.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not _is_cut_off(record))
    # Forwarded addresses are not believed: anyone can send those headers.
    config = uvicorn.Config(
        server,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        # An open page holds a connection for as long as it stands.
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Announcing(config).run(sockets=[listener])
