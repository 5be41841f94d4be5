"""Adding articles from files: what is read, and what is left alone."""

import json
import os
import threading
import time

import pytest
from store_samples import COUNCIL_TEXT, ingest_library, settle

from index.config import IndexConfig
from index.errors import InputError
from index.ingest import add
from index.library import Library
from index.plan import SeenFile, plan_files
from index.schema import Analysis, Filter
from index.stores.protocol import FileStamp


def write(folder, name, number=4, *, title=None):
    """Write a small Markdown article and return its path."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {title or name}\n\n" + COUNCIL_TEXT.format(name=name, number=number))
    settle(path)
    return path


class Counting:
    """The test embedder, counting the passages it embeds."""

    def __init__(self, embedder):
        self.embedder = embedder
        self.space, self.dimension = embedder.space, embedder.dimension
        self.passages = 0

    def embed(self, texts):
        self.passages += len(texts)
        return self.embedder.embed(texts)


@pytest.fixture
def library(tmp_path):
    with ingest_library(tmp_path / "library") as opened:
        opened._embedder = Counting(opened.embedder)
        yield opened


def titles(library):
    return sorted(card.title for card in library.store.articles())


# ---- the plan


def test_plan_sorts_files_by_what_is_known():
    known = {
        path: FileStamp(path, 10, 5, "x") for path in ("/a/same", "/a/touched", "/a/gone", "/b/elsewhere")
    }
    found = [SeenFile("/a/new", 10, 5), SeenFile("/a/same", 10, 5), SeenFile("/a/touched", 10, 6)]
    plan = plan_files(found, known, ["/a/half-read"], ["/a"])
    assert [file.path for file in plan.new] == ["/a/new"]
    assert [file.path for file in plan.suspect] == ["/a/touched"]
    assert plan.unchanged == ("/a/same",)
    assert plan.gone == ("/a/gone", "/a/half-read")
    assert plan_files(found, known, [], []).gone == ()
    assert plan_files([], {"/ab/x": FileStamp("/ab/x", 1, 1, "")}, [], ["/a"]).gone == ()


# ---- what an add does


def test_second_add_reads_and_embeds_nothing(library, tmp_path):
    for number in range(5):
        write(tmp_path / "in", f"Town {number}")
    first = add(library, [tmp_path / "in"])
    assert (first.added, first.unchanged, first.failures) == (5, 0, ())
    assert first.chunks == library.embedder.passages > 0
    generation = library.store.stats().generation
    second = add(library, [tmp_path / "in"])
    assert (second.added, second.unchanged, second.chunks) == (0, 5, 0)
    assert library.embedder.passages == first.chunks
    assert library.store.stats().generation == generation


def test_changed_file_replaces_its_article(library, tmp_path):
    path = write(tmp_path / "in", "Town")
    add(library, [path])
    write(tmp_path / "in", "Town", number=9)
    settle(path, 50)
    report = add(library, [path])
    assert (report.added, report.changed) == (0, 1)
    (card,) = library.store.articles()
    assert "9 percent" in library.store.article(card.id).text
    assert library.store.search_words("4", 5) == []
    assert library.store.verify() == []


def test_touched_file_with_the_same_content_is_unchanged(library, tmp_path):
    path = write(tmp_path / "in", "Town")
    add(library, [path])
    settle(path, 10)
    assert add(library, [path]).unchanged == 1
    assert library.store.files()[str(path)].mtime_ns == path.stat().st_mtime_ns


def test_a_change_within_the_clock_tick_is_noticed(library, tmp_path):
    path = write(tmp_path / "in", "Town", number=4)
    path.touch()
    moment = path.stat().st_mtime_ns
    add(library, [path])
    path.write_text(path.read_text().replace("4 percent", "9 percent"))
    os.utime(path, ns=(moment, moment))
    assert add(library, [path]).changed == 1


def test_same_text_in_two_files_is_one_article_with_two_sources(library, tmp_path):
    write(tmp_path / "in", "b", title="Headline")
    (tmp_path / "in" / "a.md").write_bytes((tmp_path / "in" / "b.md").read_bytes())
    report = add(library, [tmp_path / "in"])
    assert (report.added, report.duplicates) == (1, 1)
    (card,) = library.store.articles()
    assert [source.file for source in library.store.sources_of(card.id)] == ["a.md", "b.md"]
    (tmp_path / "in" / "a.md").write_text("# Other\n\nQuite another story about the weather in the north.")
    report = add(library, [tmp_path / "in"])
    assert report.changed == 1
    assert len(library.store.articles()) == 2
    assert library.store.card(card.id).file == "b.md"
    assert library.store.stale() == ()


def test_vanished_files_go_only_with_sync(library, tmp_path):
    kept = write(tmp_path / "in", "Kept")
    gone = write(tmp_path / "in", "Gone")
    outside = write(tmp_path / "out", "Outside")
    add(library, [tmp_path / "in", outside])
    gone.unlink()
    outside.unlink()
    assert add(library, [tmp_path / "in"]).removed == 0
    assert titles(library) == ["Gone", "Kept", "Outside"]
    report = add(library, [tmp_path / "in"], sync=True)
    assert report.removed == 1
    assert titles(library) == ["Kept", "Outside"]
    assert kept.exists()
    assert library.store.verify() == []


def test_removed_article_comes_back_when_its_file_is_added_again(library, tmp_path):
    path = write(tmp_path / "in", "Town")
    add(library, [path])
    library.store.remove([library.store.resolve("Town.md")])
    assert titles(library) == []
    assert add(library, [path]).added == 1


def test_rows_of_a_table_are_told_apart_by_content(library, tmp_path):
    path = tmp_path / "table.jsonl"

    def write_rows(rows):
        path.write_text("\n".join(json.dumps(row) for row in rows))
        settle(path, len(rows))

    rows = []
    for n in range(4):
        rows.append(
            {"id": f"r{n}", "title": f"Story {n}", "text": COUNCIL_TEXT.format(name=f"Town {n}", number=n)}
        )
    write_rows(rows)
    assert add(library, [path]).added == 4
    embedded = library.embedder.passages
    rows[1]["text"] = COUNCIL_TEXT.format(name="Village", number=77)
    del rows[0]
    rows.append({"id": "r9", "title": "Story 9", "text": COUNCIL_TEXT.format(name="Town 9", number=9)})
    write_rows(rows)
    report = add(library, [path])
    assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 2, 1)
    assert library.embedder.passages < 2 * embedded
    assert titles(library) == ["Story 1", "Story 2", "Story 3", "Story 9"]
    assert library.store.verify() == []


def test_failures_are_collected_and_tried_again(library, tmp_path):
    write(tmp_path / "in", "Good")
    (tmp_path / "in" / "empty.md").write_text("   \n")
    (tmp_path / "in" / "broken.jsonl").write_text(
        '{"title": "x", "text": "' + COUNCIL_TEXT[:40] + '"}\n{"title": \n'
    )
    first = add(library, [tmp_path / "in"])
    assert {failure.file.split("#")[0] for failure in first.failures} == {"empty.md", "broken.jsonl"}
    assert all(failure.reason for failure in first.failures)
    assert "Good" in titles(library)
    assert {failure.file for failure in add(library, [tmp_path / "in"]).failures} == {
        failure.file for failure in first.failures
    }


def test_a_file_that_broke_keeps_its_article(library, tmp_path):
    path = write(tmp_path / "in", "Town")
    add(library, [path])
    path.write_text("")
    assert add(library, [path], sync=True).failures
    assert titles(library) == ["Town"]


def test_an_analysis_that_fails_is_a_failure_of_that_article_only(library, tmp_path):
    def analyse(text, _sentences):
        if "Bad" in text:
            raise ZeroDivisionError("by zero")
        return Analysis()

    library._analyse = analyse
    write(tmp_path / "in", "Bad")
    write(tmp_path / "in", "Good")
    report = add(library, [tmp_path / "in"])
    assert [(failure.file, "by zero" in failure.reason) for failure in report.failures] == [("Bad.md", True)]
    assert titles(library) == ["Good"]


@pytest.mark.parametrize("fault", ["nan", "size", "raise"])
def test_an_embedder_that_fails_stores_nothing(library, tmp_path, fault):
    good = library.embedder.embedder

    class Faulty:
        space, dimension = good.space, good.dimension

        def embed(self, texts):
            if not any("Bad" in text for text in texts):
                return good.embed(texts)
            if fault == "raise":
                raise RuntimeError("out of memory")
            vectors = good.embed(texts)
            return vectors * float("nan") if fault == "nan" else vectors[:, 1:]

    library._embedder = Faulty()
    write(tmp_path / "in", "Bad")
    write(tmp_path / "in", "Good")
    report = add(library, [tmp_path / "in"])
    assert [failure.file for failure in report.failures] == ["Bad.md"]
    assert titles(library) == ["Good"]
    library._embedder = good
    assert add(library, [tmp_path / "in"]).added == 1


def test_unstorable_characters_do_not_stop_an_article(library, tmp_path):
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps({"title": "Odd \ud800", "text": "The mayor\0 said \udfff this on Monday."}))
    report = add(library, [path])
    assert report.failures == ()
    assert library.store.verify() == []


def test_stopping_finishes_the_article_in_work_and_goes_on_later(library, tmp_path):
    for number in range(12):
        write(tmp_path / "in", f"Town {number}")
    asked = []
    report = add(library, [tmp_path / "in"], stop=lambda: len(asked) >= 5, progress=lambda _: asked.append(1))
    assert report.interrupted
    assert 0 < report.added < 12
    assert len(library.store.articles()) == report.added
    assert library.store.verify() == []
    rest = add(library, [tmp_path / "in"])
    assert (report.added + rest.added, rest.interrupted) == (12, False)


def test_keyboard_interrupt_leaves_whole_articles(library, tmp_path):
    for number in range(8):
        write(tmp_path / "in", f"Town {number}")

    def interrupt(progress):
        if progress.articles == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(library, [tmp_path / "in"], progress=interrupt)
    assert len(library.store.articles()) == 3
    assert library.store.verify() == []
    assert add(library, [tmp_path / "in"]).added == 5


def test_progress_reaches_the_end(library, tmp_path):
    for number in range(4):
        write(tmp_path / "in", f"Town {number}")
    seen = []
    add(library, [tmp_path / "in"], progress=seen.append)
    assert (seen[-1].files_done, seen[-1].files_total, seen[-1].articles) == (4, 4, 4)
    assert [one.articles for one in seen] == sorted(one.articles for one in seen)


def test_a_library_open_for_reading_takes_nothing(tmp_path):
    with ingest_library(tmp_path / "library"):
        pass
    with Library.open(tmp_path / "library") as reader, pytest.raises(InputError, match="reading only"):
        add(reader, [tmp_path])


def test_embedding_runs_beside_the_analysis(library, tmp_path):
    """The next article is analysed while the one before is still being embedded."""
    analysed, met = threading.Semaphore(0), []
    good = library.embedder

    class Waiting:
        space, dimension = good.space, good.dimension

        def embed(self, texts):
            met.append(analysed.acquire(timeout=5) and analysed.acquire(timeout=5) if not met else True)
            return good.embed(texts)

    library._embedder = Waiting()
    library._analyse = lambda _text, _sentences: analysed.release() or Analysis()
    for number in range(3):
        write(tmp_path / "in", f"Town {number}")
    add(library, [tmp_path / "in"])
    assert met[0] is True


def test_the_cost_of_finding_statements_is_told_apart(library, tmp_path):
    def busy(_text, _sentences):
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        return Analysis()

    library._analyse = busy
    for number in range(3):
        write(tmp_path / "in", f"Town {number}")
    report = add(library, [tmp_path / "in"])
    assert 0.3 <= report.statement_seconds <= report.cpu_seconds
    assert report.statement_seconds < 0.6
    assert add(library, [tmp_path / "in"]).statement_seconds == 0


# ---- with the real pipeline


@pytest.mark.slow
def test_real_pages_end_to_end(shared, tmp_path):
    with Library.create(tmp_path, IndexConfig(model="hashing")) as library:
        report = add(library, [shared / "articles"])
        assert (report.added, report.failures) == (2, ())
        store = library.store
        assert {card.outlet for card in store.articles()} == {"Carnegie Politika", "The New York Times"}
        assert store.verify() == []
        assert len(store.count_mentioning(["Trump"])) == 2
        assert store.articles(Filter(published_from="2025-11-10"))[0].authors == ("Temur Umarov",)
        hits = store.search_vectors(library.embedder.embed(["Central Asia summit in Washington"])[0], 5)
        assert len(hits) == 5
