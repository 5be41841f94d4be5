"""txtai: its own hybrid index with content."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.peers.adapter import Model, Row, cut, model_folder


class Txtai:
    """One `Embeddings` database, which loads the weights itself; `model` only has vectors made elsewhere."""

    def __init__(self, folder: Path) -> None:
        from txtai import Embeddings

        self.folder = folder
        self.model = Model()
        self.database = Embeddings(path=model_folder(), content=True, hybrid=True)

    def build(self, articles: Sequence[Row]) -> int:
        """Cut, embed and save the articles; return the number of chunks."""
        texts, owners = cut(articles)
        self.database.index((f"{owner}#{place}", text, None) for place, (owner, text) in enumerate(
            zip(owners, texts, strict=True)))  # fmt: skip
        self.database.save(str(self.folder))
        return len(texts)

    def adopt(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Save chunks under the vectors that the model knows; questions are embedded by txtai again."""
        from txtai import Embeddings

        def known(given: list[str]) -> Any:  # noqa: ANN401 - an array
            return self.model.encode(given)

        own = dict(self.database.config)
        made = Embeddings(method="external", transform=known, content=True, hybrid=True)
        rows = zip(owners, texts, strict=True)
        made.index((f"{owner}#{place}", text, None) for place, (owner, text) in enumerate(rows))
        for setting in ("method", "transform"):
            made.config.pop(setting)
        made.config |= own
        made.save(str(self.folder))

    def load(self) -> None:
        """Open what was saved."""
        self.database.load(str(self.folder))

    def search(self, question: str, k: int) -> list[str]:
        """Return the articles of the k best chunks, by both indexes."""
        return [found["id"].partition("#")[0] for found in self.database.search(question, k)]

    def add(self, article: Row) -> None:
        """Add one article and save."""
        texts, owners = cut([article])
        rows = zip(owners, texts, strict=True)
        self.database.upsert((f"{owner}#{place}", text, None) for place, (owner, text) in enumerate(rows))
        self.database.save(str(self.folder))

    def rerun(self, articles: Sequence[Row]) -> None:
        """Embed all of it again: txtai does not know what is unchanged."""
        self.build(articles)
