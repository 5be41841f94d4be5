"""Uploaded files: safe names, limits, kept once, deleted with their article."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from ui import uploads


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("page.html", "page.html"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a<img src=x>.txt", "a_img src_x_.txt"),
        (".hidden.txt", "hidden.txt"),
        ("été 2026.MD", "été 2026.MD"),
        ("x" * 300 + ".html.gz", "x" * 112 + ".html.gz"),
        ("nul\x00line\n.txt", "nul_line_.txt"),
        ("", "article"),
    ],
)
def test_upload_names_are_made_safe(name, kept):
    assert uploads.safe_name(name) == kept


@given(st.text(max_size=200))
def test_no_upload_name_leaves_its_folder(name):
    kept = uploads.safe_name(name)
    assert Path(kept).name == kept
    assert kept not in {"", ".", ".."}
    assert not kept.startswith(".")
    assert len(kept.encode()) <= uploads.MAX_NAME


def test_uploads_are_kept_once_and_never_overwrite_another_file(tmp_path):
    folder, one, two = tmp_path / "uploads", tmp_path / "1" / "page.txt", tmp_path / "2" / "page.txt"
    for file, text in ((one, "first"), (two, "second")):
        file.parent.mkdir()
        file.write_text(text)
    kept = uploads.keep([one, two, one], folder)
    assert [path.name for path in kept.paths] == ["page.txt", "page-2.txt"]
    assert [path.read_text() for path in kept.paths] == ["first", "second"]
    assert uploads.keep([two], folder).paths == (folder / "page-2.txt",)
    assert sorted(path.name for path in folder.iterdir()) == ["page-2.txt", "page.txt"]


def test_files_that_break_a_limit_are_named_and_not_kept(tmp_path, monkeypatch):
    files = [tmp_path / name for name in ("virus.exe", "empty.txt", "large.txt", "good.txt")]
    for file, size in zip(files, (5, 0, 50, 5), strict=True):
        file.write_bytes(b"x" * size)
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 49)
    kept = uploads.keep(files, tmp_path / "uploads")
    assert [path.name for path in kept.paths] == ["good.txt"]
    assert [failure.file for failure in kept.failures] == ["virus.exe", "empty.txt", "large.txt"]
    with pytest.raises(InputError, match="201 files"):
        uploads.keep([files[3]] * 201, tmp_path / "uploads")


def test_only_uploaded_files_are_deleted_with_their_article(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    ours, rows, theirs = folder / "a.txt", folder / "b.jsonl", tmp_path / "c.txt"
    for file in (ours, rows, theirs):
        file.write_text("x")
    uploads.forget([str(ours), f"{rows}#3", str(theirs), str(folder / ".." / "c.txt")], folder)
    assert [file.exists() for file in (ours, rows, theirs)] == [False, True, True]
