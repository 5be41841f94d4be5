"""A server on loopback that speaks OpenAI's chat completions as a test scripts it, faults included."""

import json
import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qa.writers import OpenAICompatibleWriter, WriterSettings


def sse(*pieces, finish="stop"):
    """Return the bytes of a stream of these pieces of text."""
    chunks = [
        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces
    ]
    if finish:
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    lines = [
        f"data: {json.dumps({'id': 'c', 'object': 'chat.completion.chunk', **chunk})}\n\n" for chunk in chunks
    ]
    return ("".join(lines) + ("data: [DONE]\n\n" if finish else "")).encode()


def keys_in(request):
    """Return the keys of the passages that a request holds, in order."""
    body = request["messages"][-1]["content"]
    return re.findall(r"=== [0-9a-f]{16} passage \[([a-z]\d[a-z]\d)\]", body)


class Call:
    """One request being answered: what was asked, and how to answer."""

    def __init__(self, handler, request):
        self.handler, self.request = handler, request
        self.keys = keys_in(request) if request.get("messages") else []
        self.released = handler.server.released

    def start(self, status=200, kind="text/event-stream", **headers):
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def send(self, content):
        self.handler.wfile.write(content)
        self.handler.wfile.flush()

    def stream(self, *pieces, finish="stop"):
        self.start()
        self.send(sse(*pieces, finish=finish))

    def fail(self, status, message="broken", **headers):
        self.start(status, "application/json", **headers)
        self.send(json.dumps({"error": {"message": message, "type": "x", "code": "x"}}).encode())

    def hang(self, seconds=20):
        self.released.wait(seconds)

    def gone(self, within=5):
        """Whether the other side goes away within so many seconds."""
        self.handler.connection.settimeout(within)
        try:
            return self.handler.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        request = json.loads(self.rfile.read(length))
        server = self.server
        server.requests.append(request)
        server.headers.append(dict(self.headers))
        server.times.append(time.monotonic())
        script = server.script[min(len(server.requests), len(server.script)) - 1]
        self.close_connection = True
        try:
            script(Call(self, request))
        except (BrokenPipeError, ConnectionResetError):
            server.broken += 1

    def log_message(self, *arguments):
        """Keep the tests' output clean."""


@contextmanager
def scripted(*script):
    """Serve these answers, one a request, the last again and again; yield the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.script, server.requests, server.headers, server.times, server.broken = script, [], [], [], 0
    server.released = threading.Event()
    server.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


SECRET = "sk-planted-secret-4711"
QUICK = {"connect": 2.0, "first_token": 2.0, "stall": 1.0, "total": 8.0}


def warmed(address, **changes):
    return OpenAICompatibleWriter(WriterSettings(address, "small", **{"api_key": SECRET, **QUICK, **changes}))


def half(then):
    """Return a script that sends the beginning of a text, then does something else."""

    def script(call):
        call.start()
        call.send(sse("Half", finish=None))
        then(call)

    return script


def raw(content, kind="text/event-stream"):
    """Return a script that sends exactly these bytes."""

    def script(call):
        call.start(200, kind)
        call.send(content)

    return script


def pinging(call):
    call.start()
    for _ in range(20):
        call.send(b": ping\n\n")
        call.hang(0.2)
