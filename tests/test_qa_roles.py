"""Who holds a role that a question names."""

import pytest

from index.config import IndexConfig
from index.ingest import add
from index.library import Library
from index.schema import Filter
from qa.roles import holder_of

ARTICLE = """Auditors fault the tender

"Careless is not crooked," said Edmund Tarrow, the head of the chamber. Harbour Minister Marit Oskeland
agreed.
The mayor of Brackwell, Lena Castellow, was not asked. Ilse Vandermeer, a former head of customs, was.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("roles")
    (folder / "tender.md").write_text(ARTICLE, encoding="utf-8")
    with Library.create(folder / "library", IndexConfig(model="hashing")) as made:
        add(made, [folder / "tender.md"])
        yield made


@pytest.mark.parametrize(
    ("role", "holder"),
    [
        ("head of the chamber", "Edmund Tarrow"),
        ("head of the audit chamber", "Edmund Tarrow"),
        ("harbour minister", "Marit Oskeland"),
        ("mayor of brackwell", "Lena Castellow"),
        ("head of the ministry", None),
        ("deputy finance minister", None),
        ("king", None),
    ],
)
def test_the_holder_is_named_beside_the_role(library, role, holder):
    assert holder_of(library, role, Filter()) == holder
