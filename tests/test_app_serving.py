"""The server around the pages: what is refused, which headers go out, which files no request can reach."""

import asyncio
import os
import subprocess
import sys

import pytest

from index.errors import InputError
from ui import serving

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
OWN = {"host": "127.0.0.1:7860", "content-length": "10"}


@pytest.mark.parametrize(
    ("authority", "name"),
    [
        ("127.0.0.1:7860", "127.0.0.1"),
        ("[::1]:7860", "::1"),
        ("LOCALHOST", "localhost"),
        ("localhost.", "localhost"),
        ("evil.example@127.0.0.1", "127.0.0.1"),
        ("[broken", ""),
        ("", ""),
    ],
)
def test_the_host_is_read_from_its_header(authority, name):
    assert serving.host_name(authority) == name


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"host": "127.0.0.1:7860"}, None),
        ("GET", "/", {"host": "localhost:7860"}, None),
        ("GET", "/", {"host": "[::1]:7860"}, None),
        ("GET", "/", {"host": "evil.example"}, 400),
        ("GET", "/", {"host": "127.0.0.1.evil.example"}, 400),
        ("GET", "/", {}, 400),
        ("POST", "/gradio_api/queue/join", OWN, None),
        ("POST", "/gradio_api/queue/join", {**OWN, "origin": "http://127.0.0.1:7860"}, None),
        ("POST", "/gradio_api/queue/join", {**OWN, "sec-fetch-site": "same-origin"}, None),
        ("POST", "/gradio_api/queue/join", {**OWN, "origin": "http://evil.example"}, 403),
        ("POST", "/gradio_api/queue/join", {**OWN, "origin": "http://127.0.0.1:9999"}, 403),
        ("POST", "/gradio_api/queue/join", {**OWN, "origin": "null"}, 403),
        ("POST", "/gradio_api/queue/join", {**OWN, "origin": ""}, 403),
        ("POST", "/gradio_api/queue/join", {**OWN, "sec-fetch-site": "cross-site"}, 403),
        ("POST", "/gradio_api/queue/join", {**OWN, "sec-fetch-site": "same-site"}, 403),
        ("DELETE", "/x", {**OWN, "origin": "http://evil.example"}, 403),
        ("POST", "/x", {"host": "127.0.0.1"}, 411),
        ("POST", "/x", {"host": "127.0.0.1", "content-length": "-1"}, 411),
        ("POST", "/x", {"host": "127.0.0.1", "content-length": "²"}, 411),
        ("POST", "/x", {**OWN, "content-length": str(serving.MAX_BODY_BYTES)}, None),
        ("POST", "/x", {**OWN, "content-length": str(serving.MAX_BODY_BYTES + 1)}, 413),
        ("POST", "/gradio_api/upload", {**OWN, "content-length": str(serving.MAX_BODY_BYTES + 1)}, None),
        ("POST", "/gradio_api/upload", {**OWN, "content-length": str(serving.MAX_UPLOAD_BYTES + 1)}, 413),
    ],
)
def test_requests_are_judged_by_their_head(method, path, headers, status):
    refusal = serving.refuse(method, path, headers, HERE)
    assert (refusal.status if refusal else None) == status


def test_listening_on_one_address_answers_to_it_and_to_this_machine():
    assert serving.allowed_hosts("192.0.2.7", ["News.example"]) == HERE | {"192.0.2.7", "news.example"}
    assert "0.0.0.0" not in serving.allowed_hosts("0.0.0.0")


def test_a_taken_port_is_named():
    with serving.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(InputError, match=f"127.0.0.1 port {port}"):
            serving.listen("127.0.0.1", port)
    with pytest.raises(InputError):
        serving.listen("127.0.0.1", 70000)


def call(guard, headers, method="GET"):
    """Send one request through the middleware; return what the app saw, the status and the headers."""
    seen, sent = [], []

    async def app(scope, _, send):
        seen.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/", "headers": headers}
    asyncio.run(guard(app)(scope, None, send))
    return seen, sent[0]["status"], dict(sent[0]["headers"])


def test_every_response_carries_the_security_headers_even_a_refusal(tmp_path):
    def guard(app):
        return serving.Guard(app, HERE, tmp_path)

    for host, status in ((b"127.0.0.1", 200), (b"evil.example", 400)):
        seen, got, headers = call(guard, [(b"host", host)])
        assert got == status
        assert len(seen) == (status == 200)
        policy = headers[b"content-security-policy"].decode()
        assert "default-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "http" not in policy
        assert headers[b"x-content-type-options"] == b"nosniff"


def test_forwarded_headers_do_not_reach_gradio(tmp_path):
    seen, _, _ = call(
        lambda app: serving.Guard(app, HERE, tmp_path),
        [(b"host", b"127.0.0.1"), (b"x-forwarded-host", b"evil.example")],
    )
    assert [name for name, _ in seen[0]["headers"]] == [b"host"]


def test_uploads_that_nobody_adds_cannot_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "MAX_SCRATCH_BYTES", 100)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.txt").write_bytes(b"x" * 60)
    assert serving.refuse_flood(40, tmp_path) is None
    assert serving.refuse_flood(41, tmp_path).status == 429


def run_app(root, *arguments):
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=root, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.mark.slow
def test_the_pages_start_without_the_modules_of_the_evaluation(root):
    told = (
        "import sys, app, ui.api, ui.desk, ui.serving, ui.page_ask, ui.page_evaluate, ui.page_library;"
        "import ui.page_statements; print([name for name in sys.modules if name.split('.')[0] == 'eval'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=root, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_missing_library_is_named_with_the_command_that_makes_one(root, tmp_path):
    done = run_app(root, "--library", str(tmp_path / "none"), "--port", "0")
    assert done.returncode == 2
    assert str(tmp_path / "none") in done.stderr
    assert "python -m index add" in done.stderr
    assert "Traceback" not in done.stderr
