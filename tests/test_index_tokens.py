"""Token counts: equal to tiktoken's own encoding, offline, and refusing damaged ranks."""

import os
import subprocess
import sys
from hashlib import sha1
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.tokens import _RANKS, count_many, count_tokens, read_ranks


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> tiktoken.Encoding:
    """tiktoken's own cl100k_base, reading our ranks through its cache instead of the network."""
    url = "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken"
    folder = tmp_path_factory.mktemp("ranks")
    (folder / sha1(url.encode()).hexdigest()).write_bytes(_RANKS.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
        return tiktoken.get_encoding("cl100k_base")


NEWS = "“We’ll raise $4.5 billion by Nov. 11, 2025,” Mr. Tokayev said — in Astana…\n\nFin. 日本 🙂 don't I'LL"


@settings(deadline=None)
@given(text=st.text(max_size=200) | st.text(alphabet="ab 'S.\n\r\t19é“<|>", max_size=200))
def test_count_is_tiktokens_own(official, text):
    expected = official.encode(text, disallowed_special=())
    assert count_tokens(text) == len(expected)


def test_count_of_news_text_is_tiktokens_own(official):
    assert count_tokens(NEWS) == len(official.encode(NEWS)) > 20


def test_known_counts():
    assert count_many(["", "hello world", "tiktoken is great!"]) == [0, 2, 6]


def test_special_tokens_are_ordinary_text():
    assert count_tokens("<|endoftext|>") > 1


def test_a_damaged_ranks_file_is_named(tmp_path):
    damaged = tmp_path / "cl100k_base.tiktoken"
    content = bytearray(_RANKS.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(ModelError, match=r"cl100k_base\.tiktoken is damaged"):
        read_ranks(damaged)


def test_a_missing_ranks_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"absent\.tiktoken cannot be read"):
        read_ranks(tmp_path / "absent.tiktoken")


def test_importing_loads_nothing_and_counting_leaves_the_environment_alone(root: Path):
    script = (
        "import os, sys; before = dict(os.environ); import index.tokens;"
        "assert 'tiktoken' not in sys.modules;"
        "assert index.tokens.count_tokens('a b') == 2; assert dict(os.environ) == before"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TIKTOKEN_CACHE_DIR"}
    subprocess.run([sys.executable, "-c", script], cwd=root, env=environment, check=True)
