"""Loaders: every format, broken and hostile files, and what `discover` reports."""

import gzip
import json
import os
import threading
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import BODY, PARAGRAPHS, only_failure, only_page, value, write

from index.clean import clean
from index.errors import BrokenFileError, InputError, LoadError
from index.loaders import discover, likely_articles, load
from index.loaders.content import MAX_TEXT_BYTES, decode
from index.loaders.limited import LimitedParser, Limits
from index.loaders.markdown import front_matter, parse_markdown
from index.loaders.unwrap import unwrap_text
from index.loaders.web_page import Block, merge
from index.metadata import extract_metadata
from index.schema import Failure, Page, RemovalReason, Sourced


def web_page(body: str = BODY, head: str = "") -> str:
    paragraphs = "".join(f"<p>{one}</p>" for one in body.split("\n\n"))
    return (
        f"<html><head><title>Pier to be rebuilt - The Post</title>{head}</head><body><nav><a href=/>Home</a> "
        f"<a href=/w>World</a></nav><article><h1>Pier to be rebuilt</h1>{paragraphs}</article>"
        "<aside><h3>Most popular</h3><a href=/x>Gulls like chips more than fish</a></aside>"
        "<footer>© 2024 The Post</footer><script>var tracked = 1;</script></body></html>"
    )


class TestDiscover:
    def test_folders_are_searched_in_order_without_hidden_files(self, tmp_path):
        for name in (
            "b.txt",
            "a.md",
            "sub/c.html.gz",
            "sub/.hidden.txt",
            ".git/d.txt",
            "sub/e.xyz",
            "README",
        ):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            write(tmp_path / name, "text")
        found = discover([tmp_path])
        assert [file.relative_to(tmp_path).as_posix() for file in found.files] == [
            "a.md",
            "b.txt",
            "sub/c.html.gz",
        ]
        assert {failure.file for failure in found.failures} == {"e.xyz", "README"}
        reason = next(failure.reason for failure in found.failures if failure.file == "e.xyz")
        assert reason.startswith("no loader reads .xyz files; supported: ")
        assert ".txt" in reason

    def test_the_same_file_given_twice_is_loaded_once(self, tmp_path):
        file = write(tmp_path / "a.txt", "text")
        assert discover([file, tmp_path]).files == (file,)

    def test_missing_path_is_an_error_that_names_it(self, tmp_path):
        with pytest.raises(InputError, match=r"nowhere\.txt"):
            discover([tmp_path / "nowhere.txt"])

    def test_links_that_leave_the_folder_are_not_followed(self, tmp_path):
        outside = write(tmp_path / "secret.txt", "secret")
        folder = tmp_path / "articles"
        folder.mkdir()
        inside = write(folder / "a.txt", "text")
        (folder / "b.txt").symlink_to(outside)
        (folder / "c.txt").symlink_to(inside)
        (folder / "loop").symlink_to(folder)
        found = discover([folder])
        assert [file.name for file in found.files] == ["a.txt", "c.txt"]
        assert [failure.file for failure in found.failures] == ["b.txt"]


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, tmp_path, encoding):
        assert only_page(write(tmp_path / "a.txt", BODY.encode(encoding))).raw == BODY

    def test_line_ends_become_one_kind(self, tmp_path):
        assert (
            only_page(write(tmp_path / "a.txt", "One line.\r\nTwo lines.\rThree.")).raw
            == "One line.\nTwo lines.\nThree."
        )

    def test_key_and_name(self, tmp_path):
        found = only_page(write(tmp_path / "a.txt", BODY))
        assert (found.key, found.file, found.is_page) == (str(tmp_path / "a.txt"), "a.txt", True)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "no article text"),
            (b" \n\t\n", "no article text"),
            (b"Advertisement\n\nShare this article", "no article text"),
            (b"\x00\x01\x02\x03" * 50, "binary"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary"),
            (b"a " * (MAX_TEXT_BYTES // 2 + 1), "MB"),
        ],
        ids=["empty", "blank", "furniture", "zeros", "png", "large"],
    )
    def test_what_is_no_article_is_a_failure(self, tmp_path, content, reason):
        assert reason in only_failure(write(tmp_path / "a.txt", content))

    def test_damaged_utf8_stays_utf8(self):
        text = decode("“Żółć” said é".encode() * 5 + b"\xff" + "naïve é".encode())
        assert text.startswith("“Żółć” said é")

    def test_hard_wrapped_text_is_joined(self):
        rows = [
            "The harbour council voted on Tuesday to rebuild the old ferry pier, ending",
            "four years of argument over its cost. The mayor said that the decision was",
            "overdue and thanked the fishing families who had waited for it.",
            "",
            "The work will cost 41 million euros and is to begin in March, according to",
            "the council. Opponents said they would take the matter to the regional co-",
            "urt in the spring.",
        ]
        one, two = unwrap_text("\n".join(rows)).split("\n")
        assert one.startswith("The harbour council voted")
        assert one.endswith("waited for it.")
        assert two.endswith("to the regional court in the spring.")

    def test_lines_that_are_paragraphs_are_left_alone(self):
        text = "\n".join(PARAGRAPHS)
        assert unwrap_text(text) == text


class TestWebPage:
    def test_body_verbatim_and_the_rest_removed(self, tmp_path):
        found = only_page(write(tmp_path / "a.html", web_page()))
        assert clean(found).text == BODY
        removed = {found.raw[span.start : span.end]: span.reason for span in found.removed}
        assert any("Gulls" in text for text in removed)
        assert RemovalReason.FOOTER in removed.values()
        assert "tracked" not in found.raw

    def test_packed(self, tmp_path):
        found = only_page(write(tmp_path / "a.html.gz", gzip.compress(web_page().encode())))
        assert clean(found).text == BODY

    def test_declared_charset(self, tmp_path):
        content = web_page(head="<meta charset='windows-1252'>").encode("cp1252")
        assert "“We should" in only_page(write(tmp_path / "a.htm", content)).raw

    def test_metadata_of_the_head(self, tmp_path):
        article = {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": "Pier &amp; ferry to be rebuilt",
                    "author": [{"@type": "Person", "name": "Jo Roe"}, {"name": "Ann Lee"}],
                    "datePublished": "2024-03-05T08:30:00+01:00",
                    "publisher": {"name": "Harbour Post"},
                }
            ],
        }
        head = (
            f'<script type="application/ld+json">{json.dumps(article)}</script>'
            '<meta property="og:site_name" content="The Harbour Post">'
            '<link rel="canonical" href="https://post.example/2024/pier">'
        )
        hints = only_page(write(tmp_path / "a.html", web_page(head=head))).hints
        assert value(hints.title) == "Pier & ferry to be rebuilt"
        assert [author.value for author in hints.authors] == ["Jo Roe", "Ann Lee"]
        assert value(hints.published) == "2024-03-05T08:30:00+01:00"
        assert value(hints.outlet) == "The Harbour Post"
        assert value(hints.url) == "https://post.example/2024/pier"
        assert [one.source for one in (hints.title, hints.published) if one] == ["JSON-LD"] * 2

    @pytest.mark.parametrize(
        ("markup", "reason"),
        [("", "no article text"), ("<html></html>", "no article text"), ("<div>" * 100_000, "")],
        ids=["empty", "bare", "deep"],
    )
    def test_pages_without_an_article_are_failures(self, tmp_path, markup, reason):
        assert reason in only_failure(write(tmp_path / "a.html", markup))

    @given(
        st.lists(st.sampled_from("abcdefgh"), max_size=12),
        st.lists(st.sampled_from("abcdefghxy"), max_size=8),
    )
    def test_merge_keeps_paragraphs_in_order_and_removes_only_the_rest(self, blocks, paragraphs):
        words = {letter: f"{letter * 9} {letter * 7}" for letter in "abcdefghxy"}
        raw, removed = merge(
            [Block(words[one], RemovalReason.MENU) for one in blocks], [words[one] for one in paragraphs]
        )
        inside = {number for span in removed for number in range(span.start, span.end)}
        position, kept = 0, []
        for line in raw.split("\n"):
            if line and position not in inside:
                kept.append(line)
            position += len(line) + 1
        assert kept == [words[one] for one in paragraphs]
        assert all(one.end < other.start for one, other in pairwise(removed))


class TestMarkdown:
    def test_front_matter_headings_and_marks(self):
        text = (
            '---\ntitle: "Pier: rebuilt"\nauthors:\n  - Jo Roe\n  - Ann Lee\ndate: 2024-03-05\n---\n\n'
            "# Another heading\n\nThe **old** pier\nis [closed](https://x.example/a).\n\n"
            "- one\n- two\n\n---\n\nThe end."
        )
        found = parse_markdown(text, "/a.md", "a.md")
        metadata = extract_metadata(found, clean(found))
        assert value(metadata.title) == "Pier: rebuilt"
        assert [author.value for author in metadata.authors] == ["Jo Roe", "Ann Lee"]
        assert value(metadata.published) == "2024-03-05"
        assert clean(found).text.split("\n\n") == [
            "Another heading", "The old pier is closed.", "- one", "- two", "The end.",
        ]  # fmt: skip

    def test_first_heading_is_the_title(self):
        found = parse_markdown("Pier rebuilt\n============\n\nThe old pier is open again.", "/a.md", "a.md")
        assert value(found.hints.title) == "Pier rebuilt"

    def test_front_matter_is_never_code(self):
        assert front_matter("a: !!python/object/apply:os.system ['x']\nb: [1, 'two']") == {
            "a": "!!python/object/apply:os.system ['x']",
            "b": ["1", "two"],
        }


class TestRows:
    ROW: ClassVar = {
        "headline": "Pier",
        "articleBody": BODY,
        "byline": "By Jo Roe and Ann Lee",
        "publish_date": "March 5, 2024",
    }

    def test_json_lines_with_broken_rows(self, tmp_path):
        lines = [
            json.dumps({**self.ROW, "id": "one"}),
            "{broken",
            "[1]",
            '{"title": "no text"}',
            json.dumps(self.ROW),
        ]
        found = list(load(write(tmp_path / "a.jsonl", "\n".join(lines))))
        assert [one.file for one in found] == [f"a.jsonl#{name}" for name in ("one", 2, 3, 4, 5)]
        assert [isinstance(one, Page) for one in found] == [True, False, False, False, True]
        first, last = found[0], found[4]
        assert [one.key.rsplit("#", 1)[1] for one in (first, last) if isinstance(one, Page)] == ["one", "5"]

    @pytest.mark.parametrize(
        ("identity", "name"),
        [
            ("cw-2024-03-05", "cw-2024-03-05"),
            (17, "17"),
            ("x" * 60, "x" * 60),
            ("x" * 61, "1"),
            ("https://post.example/pier", "1"),
            ("", "1"),
            (None, "1"),
        ],
    )
    def test_rows_are_cited_by_a_short_id_of_their_own(self, tmp_path, identity, name):
        row = {**self.ROW, "id": identity}
        assert only_page(write(tmp_path / "a.jsonl", json.dumps(row))).file == f"a.jsonl#{name}"

    def test_rows_with_the_same_id_are_told_apart(self, tmp_path):
        rows = "\n".join(json.dumps({**self.ROW, "id": "one"}) for _ in range(2))
        found = list(load(write(tmp_path / "a.jsonl", rows)))
        assert [one.file for one in found] == ["a.jsonl#one", "a.jsonl#2"]

    def test_field_names(self, tmp_path):
        found = only_page(write(tmp_path / "a.json", json.dumps(self.ROW)))
        assert clean(found).text == BODY
        metadata = extract_metadata(found, clean(found))
        assert metadata.title == Sourced("Pier", "column headline")
        assert [author.value for author in metadata.authors] == ["Jo Roe", "Ann Lee"]
        assert value(metadata.published) == "2024-03-05"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.json", json.dumps([{"text": BODY}, {"content": BODY}])),
            ("b.json", json.dumps({"status": "ok", "articles": [{"text": BODY}, {"body": [*PARAGRAPHS]}]})),
            ("c.jsonl.gz", gzip.compress(b"\n".join([json.dumps({"text": BODY}).encode()] * 2), mtime=0)),
            ("d.csv", 'id,text\n1,"' + BODY + '"\n2,"' + BODY + '"\n'),
            ("e.csv", 'id;Body\n1;"' + BODY + '"\n2;"' + BODY + '"\n'),
        ],
    )
    def test_shapes_of_tables(self, tmp_path, name, content):
        found = list(load(write(tmp_path / name, content)))
        assert [clean(one).text for one in found if isinstance(one, Page)] == [BODY, BODY]
        assert len({one.key for one in found if isinstance(one, Page)}) == 2

    def test_markup_in_a_field_becomes_lines(self, tmp_path):
        row = {"text": "".join(f"<p>{one.replace('“', '&ldquo;')}</p>" for one in PARAGRAPHS)}
        assert clean(only_page(write(tmp_path / "a.json", json.dumps(row)))).text == BODY

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.json", "", "empty"),
            ("a.json", "{", "not valid JSON"),
            ("a.json", "[" * 100_000, "not valid JSON"),
            ("a.csv", "id,name\n1,x\n", "no column"),
            ("a.jsonl.gz", b"not gzip", "cannot be read"),
            ("a.jsonl.gz", gzip.compress(b'{"text": "x"}\n' * 9, mtime=0)[:-12], "cannot be read"),
        ],
    )
    def test_broken_tables_are_failures(self, tmp_path, name, content, reason):
        *_, last = load(write(tmp_path / name, content))
        assert isinstance(last, Failure)
        assert reason in last.reason


class TestLimits:
    def test_the_child_is_used_again_and_replaced_when_killed(self, tmp_path):
        path = write(tmp_path / "a.html", web_page())
        parser = LimitedParser()
        try:
            parser.parse(path)
            first = parser._child
            assert first is not None
            parser.parse(path)
            assert parser._child is first
            os.kill(first.pid, 9)
            first.wait()
            assert clean(parser.parse(path)).text == BODY
            assert parser._child is not first
        finally:
            parser.close()

    def test_wall_time(self, tmp_path):
        parser = LimitedParser(Limits(wall_seconds=0.05))
        with pytest.raises(BrokenFileError, match="longer than"):
            parser.parse(write(tmp_path / "a.html", web_page(BODY + "\n\nx" * 200_000)))
        parser.close()

    @pytest.mark.slow
    def test_processor_time_and_memory(self, tmp_path):
        path = write(tmp_path / "a.html", web_page("\n\n".join(f"Sentence {one}." for one in range(60_000))))
        parser = LimitedParser(Limits(cpu_seconds=1))
        with pytest.raises(BrokenFileError, match="processor time"):
            parser.parse(path)
        parser.close()
        parser = LimitedParser(Limits(memory_bytes=200_000_000))
        with pytest.raises(LoadError):
            parser.parse(path)
        parser.close()

    def test_many_threads_may_load(self, tmp_path):
        paths = [
            write(tmp_path / f"{number}.html", web_page(f"{BODY} Number {number}.")) for number in range(6)
        ]
        results: dict[str, str] = {}

        def work(path: Path) -> None:
            results[path.stem] = clean(only_page(path)).text

        threads = [threading.Thread(target=work, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == {str(number): f"{BODY} Number {number}." for number in range(6)}

    def test_the_child_imports_no_model(self, tmp_path):
        parser = LimitedParser()
        parser.parse(write(tmp_path / "a.html", web_page()))
        assert parser._child is not None
        maps = Path(f"/proc/{parser._child.pid}/maps")
        if maps.exists():
            assert not any(name in maps.read_text() for name in ("torch", "onnxruntime", "spacy"))
        parser.close()


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_text_loaders_raise(content):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.txt", "a.md", "a.json", "a.jsonl", "a.csv", "a.jsonl.gz"):
            for found in load(write(Path(folder) / name, content)):
                assert isinstance(found, Page | Failure)
                if isinstance(found, Page):
                    extract_metadata(found, clean(found))


@pytest.mark.parametrize(
    ("name", "size", "likely"),
    [
        ("page.html", 3_000_000, 1),
        ("page.html.gz", 3_000_000, 1),
        ("table.jsonl", 0, 1),
        ("table.jsonl", 160_000, 20),
        ("TABLE.CSV", 160_000, 20),
        ("table.jsonl.gz", 160_000, 53),
        ("unknown.xyz", 160_000, 1),
    ],
)
def test_a_table_is_taken_to_hold_as_many_articles_as_its_size_says(name, size, likely):
    assert likely_articles(Path(name), size) == likely
