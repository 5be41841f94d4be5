"""What the speed benchmark measures with: whole processes, parts of a program, large libraries, crowds."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager

import numpy as np
import pytest

from benchmarks.speed import parts
from benchmarks.speed.articles import Corpus, chunks_of, plain, questions
from benchmarks.speed.crowd import ANSWERED, BUSY, FAILED, flood, visit
from benchmarks.speed.machine import Moment, describe, memory_mb
from benchmarks.speed.peers.adapter import Row, cut, windows
from benchmarks.speed.peers.driver import WAYS, installed
from benchmarks.speed.process import FailedRunError, run
from benchmarks.speed.synthetic import grow, make_article, read_pool, sized
from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library

WORK = "import time\nend = time.process_time() + {0}\nwhile time.process_time() < end: pass\n"


@pytest.fixture(scope="module")
def base(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("speed") / "base"
    with Library.create(folder, IndexConfig(model="hashing")) as library:
        add(
            library,
            [samples / "ferry-contract.txt", samples / "strike-vote.txt", samples / "opinion-tender.md"],
        )
    return folder


# ---- whole processes


def test_a_process_is_counted_with_its_children():
    child = WORK.format(0.3)
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    code += "; x = bytearray(60_000_000)"
    done = run([sys.executable, "-c", f"{code}; print('hello'); print('{{\"a\": 1}}')"])
    assert 0.3 <= done.cpu < 3
    assert done.wall > 0.3
    assert done.peak_mb > 60
    assert done.said.startswith("hello")
    assert done.found == {"a": 1}


def test_a_failed_process_is_told_with_its_last_words():
    with pytest.raises(FailedRunError, match="no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"])
    assert run([sys.executable, "-c", "raise SystemExit(3)"], allowed=(0, 3)).found == {}


def test_a_process_that_takes_too_long_is_ended():
    with pytest.raises(FailedRunError):
        run([sys.executable, "-c", "import time; time.sleep(60)"], patience=0.5)


def test_a_process_keeps_to_the_core_it_is_given():
    code = "import os; print(sorted(os.sched_getaffinity(0)))"
    mine = sorted(os.sched_getaffinity(0))
    assert run([sys.executable, "-c", code], core=mine[-1]).said.strip() == str(mine[-1:])
    assert run([sys.executable, "-c", code]).said.strip() == str(mine)


def test_measured_processes_keep_compiled_modules(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import sys; print(sys.dont_write_bytecode)"
    assert run([sys.executable, "-c", code]).said.strip() == "False"


@pytest.mark.parametrize(("threads", "wanted"), [(1, "1"), (0, "None")])
def test_threads_are_limited_unless_all_are_wanted(threads, wanted):
    code = "import os; print(os.environ.get('OMP_NUM_THREADS'))"
    assert run([sys.executable, "-c", code], threads=threads).said.strip() == wanted


def test_the_machine_is_described_and_watched():
    found = describe()
    assert found["cores"] >= 1
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["packages"]["numpy"] == np.__version__
    before = Moment.now()
    assert 0 <= before.others(0.0) <= (os.cpu_count() or 1) + 1
    assert memory_mb() >= memory_mb("VmRSS") > 1


# ---- parts of a program


def test_parts_are_counted_apart_in_every_process_of_a_command(tmp_path):
    (tmp_path / "inner.py").write_text(
        "import time\ndef work(seconds):\n    end = time.process_time() + seconds\n"
        "    while time.process_time() < end: pass\n    return seconds\n"
    )
    (tmp_path / "outer.py").write_text(
        "from inner import work\nclass Mill:\n"
        "    def turn(self):\n        work(.2)\n        work.__wrapped__(.1)\n"
    )
    (tmp_path / "told").mkdir()
    targets = {"inner": ["inner:work"], "outer": ["outer:Mill.turn"]}
    settings = parts.settings(targets, tmp_path / "told")
    settings["PYTHONPATH"] += os.pathsep + str(tmp_path)
    code = "import subprocess, sys; from outer import Mill; Mill().turn()\nif len(sys.argv) == 1: "
    code += "subprocess.run([sys.executable, '-c', 'from inner import work; work(.3)'])"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **settings}, check=True, timeout=60)
    found = parts.totals(tmp_path / "told")
    assert found == {"inner": pytest.approx(0.5, abs=0.05), "outer": pytest.approx(0.1, abs=0.05)}


def test_every_part_that_is_named_is_there():
    parts.check(parts.INGEST)
    parts.check(parts.RETRIEVAL)


@pytest.mark.parametrize(
    "place", ["json:absent", "json:JSONDecoder.absent", "json:loads.absent", "no.where:f", "json:JSONDecoder"]
)
def test_a_part_that_is_not_where_it_is_said_to_be_is_an_error(place):
    with pytest.raises(parts.UnknownPartError, match=place.partition(":")[0]):
        parts.check({"some": [place]})


def test_a_process_whose_parts_have_gone_fails(tmp_path):
    settings = parts.settings({"some": ["wave:gone"]}, tmp_path)
    with pytest.raises(FailedRunError, match="wave defines no gone"):
        run([sys.executable, "-c", "import wave"], settings=settings)


# ---- articles and other ways


def test_articles_are_taken_from_rows_and_from_folders(tmp_path, samples):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        "".join(json.dumps({"id": n, "title": f"T{n}", "text": f"Body {n}. " * 30}) + "\n" for n in range(9))
    )
    taken = Corpus.of(rows).take(3, tmp_path / "a")
    assert [one.title for one in plain(taken)] == ["T0", "T3", "T6"]
    files = Corpus.of(samples).take(4, tmp_path / "b")
    assert len(list(files.iterdir())) == 4
    assert len(chunks_of(plain(taken), 2)) == 2
    with pytest.raises(InputError):
        Corpus.of(tmp_path / "absent")


def test_questions_come_from_a_file_or_from_headlines(tmp_path):
    file = tmp_path / "asked.jsonl"
    file.write_text('{"question": "Who?"}\n\n{"question": "When?"}\n')
    assert questions(file, [], 5) == (["Who?", "When?"], "asked.jsonl")


def test_windows_cover_every_word_in_order():
    words = [f"w{n}" for n in range(1000)]
    pieces = windows(" ".join(words))
    seen = [word for piece in pieces for word in piece.split()]
    assert list(dict.fromkeys(seen)) == words
    assert windows("") == [""]
    texts, owners = cut([Row("a", "", "x y"), Row("b", "", " ".join(words))])
    assert owners == ["a", *["b"] * len(pieces)]
    assert len(texts) == len(owners)


def test_the_hand_written_loop_is_there_and_no_way_is_unknown():
    assert set(installed()) <= set(WAYS)
    assert "by hand" in installed()


# ---- large libraries


def test_a_synthetic_article_is_made_of_spans_and_unit_vectors(base):
    with Library.open(base) as library:
        pool = read_pool(library)
    some = 0
    for number in range(20):
        draft, vectors, analysis = make_article(pool, number)
        text = draft.article.text
        assert draft.article.text == make_article(pool, number)[0].article.text
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert len(vectors) == len(draft.chunks)
        known = {phrase.text for phrase in pool.phrases}
        assert all(text[one.start : one.end] in known for one in draft.sentences)
        starts = {one.start for one in draft.sentences}
        assert all(one.start in starts for one in draft.chunks)
        assert all(text[one.start : one.end].strip() for one in analysis.mentions)
        some += len(analysis.statements)
        for one in analysis.statements:
            if one.cue_span:
                assert one.cue.casefold() in text[one.start : one.end].casefold() or one.cue_span.of(text)
    assert some
    assert make_article(pool, 1)[0].article.id != make_article(pool, 2)[0].article.id


def test_a_library_that_grew_in_steps_is_the_one_made_at_once(base, tmp_path):
    grow(tmp_path / "steps", base, 20)
    grow(tmp_path / "steps", base, 45)
    grow(tmp_path / "once", base, 45)
    with Library.open(tmp_path / "steps") as steps, Library.open(tmp_path / "once") as once:
        assert steps.store.stats().chunks == once.store.stats().chunks >= 45
        assert [card.id for card in steps.store.articles()] == [card.id for card in once.store.articles()]
        assert steps.store.verify() == []
        assert steps.store.search_words("ferry", 5)


def test_a_larger_library_begins_as_a_copy_of_a_smaller_one(base, tmp_path):
    small = sized(tmp_path, base, 20)
    large = sized(tmp_path, base, 40)
    assert sized(tmp_path, base, 40) == large
    with Library.open(small) as one, Library.open(large) as other:
        assert {card.id for card in one.store.articles()} < {card.id for card in other.store.articles()}


# ---- crowds


@contextmanager
def fake_server(room):
    """Serve what a crowd speaks to: the page's config, a queue with so much room, the events of answers."""
    waiting = set()
    address, ready, loop = [], threading.Event(), asyncio.new_event_loop()

    async def answer(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path = head.split()[:2]
        length = next(
            (int(line.split(":")[1]) for line in head.lower().splitlines() if "content-length" in line), 0
        )
        body = json.loads(await reader.readexactly(length)) if length else {}
        if path == "/config":
            box = {"id": 4, "props": {"elem_id": "dl-question"}}
            events = [{"id": 1, "targets": [[4, "change"]]}, {"id": 7, "targets": [[4, "submit"]]}]
            reply(writer, 200, {"components": [{"id": 3, "props": {}}, box], "dependencies": events})
        elif method == "POST" and len(waiting) >= room:
            reply(writer, 503, {"detail": "full"}, "Retry-After: 4")
        elif method == "POST":
            assert (body["fn_index"], body["trigger_id"]) == (7, 4)
            waiting.add(body["session_hash"])
            reply(writer, 200, {"event_id": "e"})
        else:
            session = path.partition("session_hash=")[2]
            await asyncio.sleep(0.05)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for event in ({"msg": "process_generating"}, {"msg": "process_completed", "success": room != 1}):
                writer.write(f"9f\r\ndata: {json.dumps(event)}\n\n\r\n".encode())
            waiting.discard(session)
        await writer.drain()
        writer.close()

    def reply(writer, status, found, *lines):
        content = json.dumps(found).encode()
        head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(content)}", *lines, "", ""]
        writer.write("\r\n".join(head).encode() + content)

    def serve():
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0))
        address.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        ready.set()
        loop.run_forever()
        server.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield address[0]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def test_of_a_flood_some_are_answered_and_the_others_told_when_to_come_again():
    with fake_server(room=5) as address:
        crowd = flood(address, ["Who?", "When?"], 12)
    assert crowd.count(ANSWERED) >= 5
    assert crowd.count(BUSY) == 12 - crowd.count(ANSWERED) > 0
    assert all(one.told for one in crowd.replies if one.kind == BUSY)
    assert crowd.count(FAILED) == 0
    assert 0.04 < crowd.recovery < 5


def test_visitors_ask_again_and_again_until_the_time_is_over():
    with fake_server(room=100) as address:
        crowd = visit(address, ["Who?"], 4, seconds=1.0, think=0.1)
    assert crowd.count(ANSWERED) == len(crowd.replies) > 8
    assert all(one.seconds >= 0.04 for one in crowd.replies)
    assert max(one.at for one in crowd.replies) < 2


def test_an_answer_that_fails_is_a_failure(monkeypatch):
    monkeypatch.setattr("benchmarks.speed.crowd.PATIENCE", 0.3)
    with fake_server(room=1) as address:
        crowd = visit(address, ["Who?"], 1, seconds=0.0, think=0.0)
    assert crowd.count(FAILED) == 1


# ---- rows, whole


@pytest.mark.slow
def test_rows_are_measured_and_written_by_the_command(root, base, samples, tmp_path):
    rows = ["search", "answers", "statements", "edit", "recall", "caches"]
    command = [
        sys.executable, "-m", "benchmarks.speed", "--rows", *rows, "--sizes", "30", "45", "60",
        "--articles", str(samples), "--counts", "3", "--questions", "4", "--repeats", "1", "--ways",
        "--base", str(base), "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / "speed.json").read_text())
    figures = {(one["row"], one["name"], one["size"]): one for one in found["figures"]}
    for size in (30, 45, 60):
        answer = figures["whole answer, warm", "answer, p50, processor", size]
        assert answer["n"] == 4
        assert answer["median"] > 0
        assert 20 < figures["memory while answering", "peak", size]["median"] < 4000
        assert figures["search, warm", "of it words, p50", size]["median"] > 0
        assert figures["one article more or less", "add, beside its models, processor", size]["median"] > 0
        assert figures["recall of vectors", "chunks' own vectors", size]["median"] == 1.0
        assert figures["files beside the library", "words, size", size]["median"] > 0
        assert figures["who praised whom", "the first, processor", size]["median"] > 0
    assert {one["size_of"] for one in found["growth"]} == {"chunks"}
    assert (tmp_path / "out" / "whole-answer-warm.svg").read_text().startswith("<svg")
    assert "## whole answer, warm" in (tmp_path / "out" / "speed.md").read_text()
