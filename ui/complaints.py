"""Readers' complaints about answers, on the Ask page: each is kept as a candidate for a gold question."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import InputError
from qa.answer_json import citation_json, to_json
from qa.schema import Citation
from qa.talk.numbering import numbers_of, passage_of
from ui.citing import cited_in
from ui.kept import Kept, KeptAnswers
from ui.problems import problem
from ui.view import NO_TITLE, Json

MAX_NOTE = 1000
MAX_QUOTE = 90

WRONG_CITATION = "wrong citation"
KINDS = ("wrong answer", WRONG_CITATION, "missed source")


class Complaints:
    """Takes complaints about the answers that were shown last.

    Args:
        folder: The library's folder, in which candidates are kept.
        answers: The answers that can be complained about.
    """

    def __init__(self, folder: Path, answers: KeptAnswers) -> None:
        self.folder = folder
        self.answers = answers

    def offer(self, key: str) -> Json:
        """Return the line of buttons under an answer; nothing for one that is not kept."""
        kept = self.answers.get(key)
        if kept is None:
            return {"state": "none"}
        citations = [
            {"n": n, "label": f"[{n}] {_short(one.quote)}", "title": one.article.title or NO_TITLE}
            for n, one in _numbered(kept).items()
        ]
        kinds = [kind for kind in KINDS if citations or kind != WRONG_CITATION]
        return {"state": "offer", "key": key, "citations": citations, "kinds": kinds}

    def complain(self, sent: Mapping[str, Any]) -> Json:
        """Keep a complaint; return the line that says so, or what is wrong.

        Args:
            sent: "key" of the answer; "kind" of the complaint; "n", the number of the citation if it is about
                one; "note"; and "instead", the id of a complaint that this one takes the place of.
        """
        key = str(sent.get("key", ""))
        try:
            return self.offer(key) | self._complain(key, sent)
        except Exception as error:  # noqa: BLE001 - shown under the answer, logged where unexpected
            return self.offer(key) | {"said": " ".join(problem(error)), "wrong": True}

    def _complain(self, key: str, sent: Mapping[str, Any]) -> Json:
        from eval.candidates import Complaint, complain

        kept = self.answers.get(key)
        if kept is None:
            raise InputError("This answer is no longer at hand.", "Ask the question again, then report it.")
        kind, note = str(sent.get("kind", "")), " ".join(str(sent.get("note") or "").split())
        if kind not in KINDS:
            raise InputError("The complaint cannot be read.", "Load the page again.")
        if len(note) > MAX_NOTE:
            raise InputError(f"The note has more than {MAX_NOTE:,} characters.", "Shorten it.")
        citation = _numbered(kept).get(_number(sent.get("n"))) if kind == WRONG_CITATION else None
        made = complain(
            self.folder,
            Complaint(kind),
            to_json(kept.answer),
            citation=citation_json(citation) if citation else None,
            remark=note,
        )
        self._withdraw(sent.get("instead"))
        which = f" [{_number(sent.get('n'))}]" if citation else ""
        return {
            "state": "kept",
            "id": made.id,
            "kind": kind,
            "n": _number(sent.get("n")) if citation else None,
            "note": note,
            "said": f"Kept: {kind}{which}{', with your note' if note else ''}.",
        }

    def undo(self, sent: Mapping[str, Any]) -> Json:
        """Take a complaint back; return the line of buttons again."""
        offer = self.offer(str(sent.get("key", "")))
        try:
            self._withdraw(sent.get("id"))
        except Exception as error:  # noqa: BLE001 - shown under the answer, logged where unexpected
            return offer | {"said": " ".join(problem(error)), "wrong": True}
        return offer | {"said": "Taken back."}

    def _withdraw(self, name: object) -> None:
        from eval.candidates import reject

        if name:
            reject(self.folder, str(name))


def _numbered(kept: Kept) -> dict[int, Citation]:
    """Return what the answer cites, by the numbers that the page shows."""
    numbers = numbers_of(kept.numbering)
    return {numbers[passage_of(one)]: one for one in cited_in(kept.answer)}


def _number(sent: object) -> int:
    return sent if isinstance(sent, int) else 0


def _short(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else f"{text[: MAX_QUOTE - 1].rstrip()}…"
