"""Readers' complaints about answers, on the Ask page: each is kept as a candidate for a gold question."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from index.errors import InputError
from qa.answer_json import citation_json, to_json
from qa.schema import Answer, Citation
from ui.problems import problem
from ui.view import NO_TITLE, Json, citation_numbers, citations_in

KEPT = 200
"""Answers that can still be complained about; a complaint about an older one is asked to ask again."""
MAX_NOTE = 1000
MAX_QUOTE = 90

WRONG_CITATION = "wrong citation"
KINDS = ("wrong answer", WRONG_CITATION, "missed source")


class Complaints:
    """Takes complaints about the answers that were shown last.

    Args:
        folder: The library's folder, in which candidates are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._keeping = Lock()

    def keep(self, answer: Answer) -> str:
        """Remember an answer that is shown; return the key that a complaint names it by."""
        key = uuid4().hex
        with self._keeping:
            self._answers[key] = answer
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return key

    def offer(self, key: str) -> Json:
        """Return the line of buttons under an answer; nothing for one that is not kept."""
        with self._keeping:
            answer = self._answers.get(key)
        if answer is None:
            return {"state": "none"}
        citations = [
            {"n": n, "label": f"[{n}] {_short(one.quote)}", "title": one.article.title or NO_TITLE}
            for n, one in _numbered(answer).items()
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

        with self._keeping:
            answer = self._answers.get(key)
        if answer is None:
            raise InputError("This answer is no longer at hand.", "Ask the question again, then report it.")
        kind, note = str(sent.get("kind", "")), " ".join(str(sent.get("note") or "").split())
        if kind not in KINDS:
            raise InputError("The complaint cannot be read.", "Load the page again.")
        if len(note) > MAX_NOTE:
            raise InputError(f"The note has more than {MAX_NOTE:,} characters.", "Shorten it.")
        citation = _numbered(answer).get(_number(sent.get("n"))) if kind == WRONG_CITATION else None
        made = complain(
            self.folder,
            Complaint(kind),
            to_json(answer),
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


def _numbered(answer: Answer) -> dict[int, Citation]:
    """Return what the answer cites, by the numbers that the page shows."""
    numbers = citation_numbers(answer)
    return {numbers[one.article.id, one.start, one.end]: one for one in citations_in(answer)}


def _number(sent: object) -> int:
    return sent if isinstance(sent, int) else 0


def _short(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else f"{text[: MAX_QUOTE - 1].rstrip()}…"
