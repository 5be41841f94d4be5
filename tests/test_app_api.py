"""What programs may ask: over HTTP, as tools of the served app, over stdio. Nothing of it can write."""

import asyncio
import hashlib
import json
import re
import sys
import threading
from contextlib import asynccontextmanager
from datetime import date

import pytest
from gradio_client import Client
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import McpError
from served import environment

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.schema import Filter
from qa.engine import Engine
from qa.export.formats import FORMATS
from qa.schema import Question
from qa.settings import AnswerSettings, with_values
from qa.talk.links import Link, link_fields
from qa.talk.turns import Turn
from ui import api as public
from ui.api import Api
from ui.desk import Desk
from ui.tool_results import as_tool_result

TOOLS = ["search", "ask", "get_article", "statements", "list_sources"]
QUESTION = "Who praised Marit Oskeland most?"


@pytest.fixture(scope="module")
def folder(samples, tmp_path_factory):
    path = tmp_path_factory.mktemp("api") / "library"
    with Library.create(path, IndexConfig(model="hashing")) as library:
        add(
            library,
            [samples / "ferry-contract.txt", samples / "strike-vote.txt", samples / "opinion-tender.md"],
        )
    return path


@pytest.fixture(scope="module")
def desk(folder):
    with Engine.open(folder) as engine:
        yield Desk(engine, folder)


@pytest.fixture(scope="module")
def api(desk):
    return Api(desk)


def digest(path):
    """Return the digest of every file of a folder, and of every row of its database."""
    found = {
        str(one.relative_to(path)): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in sorted(path.rglob("*"))
        if one.is_file() and not one.name.endswith(("-shm", "-wal"))
    }
    with Library.open(path) as library:
        return found, library.store.generation(), [card.id for card in library.store.articles()]


def test_the_functions_are_these_and_say_what_they_take(api):
    assert [function.__name__ for function in api.functions()] == TOOLS
    for function in api.functions():
        assert len(function.__doc__) > 200
        for name in function.__annotations__.keys() - {"return"}:
            assert f"{name}: " in function.__doc__, (function.__name__, name)


def test_the_documents_name_every_function_argument_and_field_of_a_link(root, api):
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}
    for function in api.functions():
        for name in function.__annotations__.keys() - {"return"}:
            assert f"`{name}`" in rows[function.__name__]
    question = Question("q", "", date(2025, 1, 1), Filter(("o",), ("a",), "x", "y", ("i",)), ("c",), ("w",))
    for name, _ in link_fields(Link(question, (Turn("q", "q"),))):
        assert f"`{name}`" in text.split("## Links")[1], name
    for kind in FORMATS:
        assert f"`{kind}`" in text.split("## Exports")[1], kind


def test_an_answer_has_its_citations(api):
    answer = api.ask(QUESTION)
    assert answer["short_answer"] == "Davor Ketling"
    assert all(one["quote"] for sentence in answer["sentences"] for one in sentence["citations"])
    assert json.loads(json.dumps(answer)) == answer


def test_a_citation_can_be_read_in_its_article(api):
    for sentence in api.ask(QUESTION)["sentences"]:
        for one in sentence["citations"]:
            read = api.get_article(one["article"], one["start"], one["end"] - one["start"])
            assert read["text"] == one["quote"]
            assert read["title"] == one["title"]


def test_an_article_is_read_in_pieces(api):
    article = api.search("ferry", k=1)["hits"][0]["article"]["id"]
    whole = api.get_article(article)
    assert whole["next_start"] is None
    assert len(whole["text"]) == whole["characters"]
    text, start = "", 0
    while start is not None:
        piece = api.get_article(article, start, 700)
        text, start = text + piece["text"], piece["next_start"]
    assert text == whole["text"]
    assert api.get_article(whole["file"])["id"] == api.get_article(article[:8])["id"] == article
    assert api.get_article(article, whole["characters"] + 5)["text"] == ""


def test_search_obeys_its_filters_and_the_librarys_settings(api, desk, monkeypatch):
    hits = api.search("the ferry contract", 5, outlets=["The Harbour Courier"])["hits"]
    assert hits
    assert {hit["article"]["outlet"] for hit in hits} == {"The Harbour Courier"}
    assert api.search("ferry", 2)["hits"] == api.search("ferry", 2.0)["hits"]
    by_both = [hit["scores"]["vector"] for hit in api.search("ferry")["hits"]]
    assert any(score is not None for score in by_both)
    monkeypatch.setattr(desk.engine, "settings", with_values(AnswerSettings(), {"words": 1.0}))
    assert {hit["scores"]["vector"] for hit in api.search("ferry")["hits"]} == {None}


def test_statements_are_listed_page_by_page(api):
    everything = api.statements(target="Oskeland")
    assert everything["found"] == len(everything["statements"]) > 2
    assert everything["next_offset"] is None
    assert {row["stance"] for row in everything["statements"]} <= {"praise", "criticise"}
    praise = api.statements("Ketling", "Oskeland", "praise")["statements"]
    assert {(row["speaker"], row["target"]) for row in praise} == {("Davor Ketling", "Marit Oskeland")}
    first = api.statements(target="Oskeland", limit=2)
    assert first["next_offset"] == 2
    rest = api.statements(target="Oskeland", limit=500, offset=2)
    assert first["statements"] + rest["statements"] == everything["statements"]


def test_sources_are_listed_with_the_names_that_filters_take(api):
    listed = api.list_sources()
    assert listed["library"]["articles"] == listed["found"] == len(listed["articles"]) == 3
    names = [one["name"] for one in listed["outlets"]]
    assert sum(api.list_sources(outlets=[name])["found"] for name in names) == 3
    assert api.list_sources(limit=2)["next_offset"] == 2
    assert api.list_sources("STRIKE ferry nowhere")["found"] == 0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda api: api.search(""), "empty"),
        (lambda api: api.search("?!"), "no words"),
        (lambda api: api.search("x" * 2001), "2,001 characters"),
        (lambda api: api.search("x" * 50_000), "50,000 characters"),
        (lambda api: api.search(None), "“question” is no text"),
        (lambda api: api.search("x", 0), "“k” is 0"),
        (lambda api: api.search("x", 101), "1 to 100"),
        (lambda api: api.search("x", True), "“k” is True"),
        (lambda api: api.search("x", 2.5), "“k” is 2.5"),
        (lambda api: api.search("x", outlets="The Harbour Courier"), "“outlets” is no list"),
        (lambda api: api.search("x", outlets=[3]), "“outlets” is no text"),
        (lambda api: api.search("x", authors=["a"] * 51), "51 values"),
        (lambda api: api.search("x", authors=["a" * 301]), "more than 300"),
        (lambda api: api.ask("x", published_from="7 May"), "“published_from” is “7 May”"),
        (lambda api: api.ask("x", published_from="2025-02-02", published_until="2025-02-01"), "No date lies"),
        (lambda api: api.ask("x", asked_on="today"), "“asked_on” is “today”"),
        (lambda api: api.ask("x", choices={"a": 1}), "“choices” is no list"),
        (lambda api: api.get_article("ffffffffffffffff"), "ffffffffffffffff"),
        (lambda api: api.get_article("../../etc/passwd"), "passwd"),
        (lambda api: api.get_article("x", -1), "“start” is -1"),
        (lambda api: api.get_article("x", 0, 50_001), "1 to 50,000"),
        (lambda api: api.statements(stance="adores"), "adores"),
        (lambda api: api.statements(limit=501), "1 to 500"),
        (lambda api: api.statements(offset=-1), "“offset” is -1"),
        (lambda api: api.list_sources(limit=201), "1 to 200"),
        (lambda api: api.list_sources(words=3), "“words” is no text"),
    ],
)
def test_what_cannot_be_answered_is_told_with_its_remedy(api, call, told):
    result = call(api)
    assert set(result) == {"error", "remedy"}
    assert told in result["error"] + result["remedy"]
    with pytest.raises(InputError) as raised:
        as_tool_result([result], "")
    assert str(raised.value) == f"{result['error']} {result['remedy']}".rstrip()


def test_too_many_callers_are_told_so_at_once(desk, monkeypatch):
    monkeypatch.setattr(public, "AT_ONCE", 1)
    monkeypatch.setattr(public, "PROGRAMS", 2)
    api = Api(desk)
    working, go_on = threading.Event(), threading.Event()

    def slow(*_, **__):
        working.set()
        go_on.wait(30)
        return []

    monkeypatch.setattr(public, "find_passages", slow)
    results = []
    callers = [threading.Thread(target=lambda: results.append(api.search("ferry"))) for _ in range(2)]
    for caller in callers:
        caller.start()
    assert working.wait(30)
    while api._room._value:
        pass
    told = api.search("ferry")
    assert "as many questions as it can" in told["error"]
    assert re.fullmatch(r"Try again in \d+ seconds?\.", told["remedy"])
    assert "library" in api.list_sources()
    go_on.set()
    for caller in callers:
        caller.join(30)
    assert [result["hits"] for result in results] == [[], []]
    assert api.search("ferry")["hits"] == []


def test_no_function_changes_the_library(folder, api):
    before = digest(folder)
    article = api.search("ferry")["hits"][0]["article"]["id"]
    for words in ("Oskeland", "'; DROP TABLE articles; --", "../../x", "{{x}} ${y} <script>"):
        for result in (
            api.search(words), api.ask(words), api.ask(f"Who praised {words}?"), api.get_article(words),
            api.get_article(article), api.statements(words), api.statements(target=words, stance="any"),
            api.list_sources(words), api.ask(words, outlets=[words], without=[words], choices=[words, "b"]),
        ):  # fmt: skip
            assert result
    assert digest(folder) == before


# --- the served app


@pytest.fixture(scope="module")
def client(server):
    return Client(server.address, verbose=False)


@pytest.mark.slow
def test_the_clients_package_calls_each_function(client):
    described = client.view_api(return_format="dict")
    assert list(described["named_endpoints"]) == [f"/{name}" for name in TOOLS]
    assert client.predict(QUESTION, api_name="/ask")["short_answer"] == "Davor Ketling"
    assert len(client.predict("ferry", k=2, api_name="/search")["hits"]) == 2
    assert client.predict(target="Oskeland", limit=1, api_name="/statements")["next_offset"] == 1
    assert client.predict("corran-dam.txt", length=20, api_name="/get_article")["next_start"] == 20
    assert client.predict(api_name="/list_sources")["library"]["articles"] == 14
    assert "1 to 100" in client.predict("ferry", k=0, api_name="/search")["remedy"]


@pytest.mark.slow
def test_plain_http_takes_arguments_by_name(server):
    path = "/gradio_api/call/v2/search"
    status, _, body = server.request(
        "POST", path, json.dumps({"question": "ferry", "k": 1}), Content_Type="application/json"
    )
    assert status == 200
    _, _, stream = server.request("GET", f"/gradio_api/call/search/{json.loads(body)['event_id']}")
    assert stream.startswith(b"event: complete\ndata: ")
    assert len(json.loads(stream.split(b"data: ")[1])[0]["hits"]) == 1


@asynccontextmanager
async def tools_of(server):
    address = f"{server.address}/gradio_api/mcp/"
    async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
        await session.initialize()
        yield session


def texts(result):
    return "".join(one.text for one in result.content)


@pytest.mark.slow
def test_the_served_app_offers_exactly_these_tools_over_mcp(server):
    async def talk():
        async with tools_of(server) as session:
            tools = (await session.list_tools()).tools
            assert [tool.name for tool in tools] == TOOLS
            assert all(len(tool.description) > 150 for tool in tools)
            for tool in tools:
                for name, described in tool.inputSchema["properties"].items():
                    assert described.get("description"), (tool.name, name)
            for asked in (
                session.list_resources(), session.read_resource("file:///etc/passwd"), session.list_prompts(),
                session.get_prompt("x"),
            ):  # fmt: skip
                with pytest.raises(McpError, match="Method not found"):
                    await asked
            answer = await session.call_tool("ask", {"question": QUESTION})
            assert not answer.isError
            assert json.loads(texts(answer))["short_answer"] == "Davor Ketling"
            none = {"outlets": None, "authors": None, "published_from": None}
            found = await session.call_tool("search", {"question": "ferry", "k": 1, **none})
            article = json.loads(texts(found))["hits"][0]["article"]["id"]
            read = json.loads(texts(await session.call_tool("get_article", {"article": article})))
            assert read["id"] == article
            said = json.loads(
                texts(await session.call_tool("statements", {"target": "Oskeland", "limit": 3}))
            )
            assert len(said["statements"]) == 3
            listed = json.loads(texts(await session.call_tool("list_sources", {})))
            assert listed["found"] == 14

    asyncio.run(talk())


@pytest.mark.slow
def test_a_tool_that_cannot_answer_says_why(server):
    async def talk():
        async with tools_of(server) as session:
            for name, given, told in (
                ("search", {"question": "ferry", "k": 0}, "1 to 100"),
                ("search", {"question": "ferry", "k": "many"}, "not of type 'integer'"),
                ("ask", {}, "'question' is a required property"),
                ("ask", {"question": "x", "published_from": "soon"}, "2025-11-07"),
                ("statements", {"stance": "adores"}, "adores"),
                ("get_article", {"article": "ffffffffffff"}, "ffffffffffff"),
                ("delete", {"article": "a"}, "Unknown tool"),
            ):
                result = await session.call_tool(name, given)
                assert result.isError, name
                assert told in texts(result)

    asyncio.run(talk())


@pytest.mark.slow
def test_tools_and_calls_are_held_to_the_servers_rules(server):
    ask = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    takes = {"Content_Type": "application/json", "Accept": "application/json, text/event-stream"}
    for path in ("/gradio_api/mcp/", "/gradio_api/call/v2/ask", "/gradio_api/mcp/messages/"):
        assert server.request("POST", path, ask, Host="evil.example", **takes)[0] == 400
        assert server.request("POST", path, ask, Origin="http://evil.example", **takes)[0] == 403
        assert server.request("POST", path, b"x" * (2**20 + 1), **takes)[0] == 413
    assert server.request("POST", "/gradio_api/mcp/", ask, **takes)[0] == 200


@pytest.mark.slow
def test_the_served_functions_leave_the_library_as_it_was(server, client):
    before = digest(server.library)
    for words in ("ferry", "'; DELETE FROM articles; --"):
        client.predict(words, api_name="/ask")
        client.predict(words, api_name="/search")
        client.predict(words, api_name="/statements")
        client.predict(words, api_name="/list_sources")
        client.predict(words, api_name="/get_article")
    assert digest(server.library) == before


@pytest.mark.slow
def test_the_same_tools_are_served_over_stdio_and_marked_as_reading_only(root, folder):
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "ui.mcp_stdio", "--library", str(folder)], cwd=str(root),
        env=environment(),
    )  # fmt: skip

    async def talk():
        async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            assert [tool.name for tool in tools] == TOOLS
            assert all(tool.annotations.readOnlyHint for tool in tools)
            answer = await session.call_tool("ask", {"question": QUESTION})
            assert json.loads(texts(answer))["short_answer"] == "Davor Ketling"
            refused = await session.call_tool("search", {"question": "ferry", "k": 0})
            assert refused.isError
            assert "1 to 100" in texts(refused)

    asyncio.run(talk())
