"""The pages served over a real port and opened in a real Chromium, for the tests that look at them.

Every page of every test is watched: a script from an article, a dialog, an error on the page or a request to
any other host fails the test.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from needs import missing

from index.config import IndexConfig
from index.ingest import add
from index.library import Library

SYSTEM_CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 60_000
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

HOSTILE = (
    '<script>window.__p=1</script><img src=http://evil.example/i onerror="window.__p=2"> '
    "${Object.assign(window,{__p:3})} `${window.__p=4}` {{value}} {{#each this}}x{{/each}} "
    "![a](http://evil.example/m.png) [b](javascript:window.__p=5) "
    "<iframe srcdoc='<script>top.__p=6</script>'>"
)
HOSTILE_BODY = (
    f"The quillwort festival opened on Monday. Zarnia Plock said: “{HOSTILE}” Ms. Plock paid €5 per ticket."
)


class Server:
    """`python app.py` as its own process over one library; `settings` are further environment variables."""

    def __init__(self, root, library, **settings):
        self.library = library
        self.log = library.with_name(f"{library.name}{len(settings)}.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py", "--library", str(library), "--port", "0"],
                cwd=root, stdout=subprocess.PIPE, stderr=log, text=True, env=environment() | settings,
            )  # fmt: skip
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, f"no address: {line!r} {self.log.read_text()}"
        self.address, self.port = found[0], int(found[1])

    def request(self, method, path, body=None, **headers):
        """Send one request with exactly these headers; return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, dict(reply.getheaders()), content

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE / 1000)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def environment():
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


@pytest.fixture(scope="session")
def sample_library(samples, tmp_path_factory):
    """The samples and a hostile article as a library that no test may change; each server gets a copy."""
    folder = tmp_path_factory.mktemp("articles")
    hostile = {
        "title": HOSTILE, "author": HOSTILE, "source": HOSTILE, "text": HOSTILE_BODY, "date": "2026-01-02",
        "url": "javascript:window.__p=7",
    }  # fmt: skip
    (folder / "evil<img src=x onerror=alert(1)>.jsonl").write_text(json.dumps(hostile))
    with Library.create(folder / "library", IndexConfig(model="hashing")) as made:
        assert not add(made, [samples, *folder.glob("*.jsonl")]).failures
    return folder / "library"


@pytest.fixture(scope="module")
def server(root, sample_library, tmp_path_factory):
    library = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(sample_library, library)
    running = Server(root, library)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        missing("no Playwright; install it with: pip install playwright")
    with sync_playwright() as playwright:
        path = str(SYSTEM_CHROMIUM) if SYSTEM_CHROMIUM.exists() else None
        try:
            launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        except Error as error:
            missing(
                f"no Chromium; install it with: apt-get install chromium ({error.message.splitlines()[0]})"
            )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser, server):
    """Open pages that are watched until the test ends."""
    with watched(browser, server) as opener:
        yield opener


@contextmanager
def watched(browser, server):
    """Open pages of a server that are watched until the end."""
    contexts, problems = [], []

    def opener(path="/", viewport=WIDE, theme="light", context=None):
        """Open a page; in the `context` of another it shares what that browser keeps."""
        if context is None:
            context = browser.new_context(
                viewport=viewport, permissions=["clipboard-read", "clipboard-write"]
            )
            context.on("request", lambda request: _same_host(request.url, server, problems))
            contexts.append(context)
        page = context.new_page()
        _watch(page, problems)
        joint = "&" if "?" in path else "?"
        page.goto(f"{server.address}{path}{joint}__theme={theme}")
        return page

    yield opener
    for context in contexts:
        for page in context.pages:
            if page.evaluate("window.__p") is not None:
                problems.append("a script from an article ran")
        context.close()
    assert problems == []


def _same_host(url, server, problems):
    if not url.startswith((server.address, "data:", "blob:")):
        problems.append(f"request {url}")


def _watch(page, problems):
    page.set_default_timeout(PATIENCE)
    page.on("dialog", lambda dialog: (problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: problems.append(f"error {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if "Error executing" in message.text or "Content Security Policy" in message.text
            else None
        ),
    )


def words_of(locator):
    """Return the text of a quote without the numbers of its citations."""
    return locator.evaluate(
        """node => {
          const copy = node.cloneNode(true);
          copy.querySelectorAll('button').forEach(button => button.remove());
          return copy.textContent.replace(/ $/, '');
        }"""
    )


def visible_mark(page):
    """Return the marked words, after checking that they stand inside the window and the reader's box."""
    mark = page.locator(".dl-reader mark").first
    mark.wait_for()
    box, scroll = mark.bounding_box(), page.locator(".dl-scroll").bounding_box()
    assert box["y"] >= scroll["y"] - 1
    assert box["y"] + min(box["height"], 60) <= scroll["y"] + scroll["height"] + 1
    assert 0 <= box["y"] < page.viewport_size["height"]
    assert 0 <= box["x"] < page.viewport_size["width"]
    return "".join(page.locator(".dl-reader mark").all_text_contents())


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return numbers(getComputedStyle(document.body).backgroundColor);
  };
  const low = [];
  for (const node of document.querySelectorAll('[class*=dl-], [class*=dl-] *, .nav-holder a')) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.disabled || !node.getClientRects().length) continue;
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${node.tagName} ${node.className} ${ratio.toFixed(2)}`);
  }
  return low;
}"""
