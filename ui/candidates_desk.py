"""Gold questions from use, on the page Evaluate: a person edits, accepts or discards readers' complaints."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from eval import candidates as kept
from eval.candidates import Candidate, State
from eval.checking import Missing, missing_evidence
from eval.given import citations_of, read_given
from eval.schema import Evidence
from index.errors import InputError
from index.library import Library
from ui.problems import problem
from ui.view import NO_TITLE, Json, count_text, date_text

SHOWN = 30
MAX_FILES = 1000
MAX_ANSWERS = 50
MAX_TEXT = 2000
MAX_NEAREST = 200
OTHERS = 6


class CandidatesDesk:
    """The page's one way to the candidates.

    Args:
        library: Open for reading; tells whether evidence stands in it.
        folder: The library's folder; holds the candidates.
        gold: The gold file that accepted rows go into.
    """

    def __init__(self, library: Library, folder: Path, gold: Path) -> None:
        self.library = library
        self.folder = folder
        self.gold = gold

    def show(self) -> Json:
        """Return the open candidates, newest first, and what became of the others."""
        try:
            everyone = kept.candidates(self.folder)
        except Exception as error:  # noqa: BLE001 - shown in place of the list, logged where unexpected
            return {"rows": [], "text": " ".join(problem(error)), "wrong": True, "accepted": 0, "files": []}
        waiting = [one for one in reversed(everyone) if one.state is State.OPEN]
        accepted = sum(one.state is State.ACCEPTED for one in everyone)
        missing = missing_evidence(self.library, [one.draft for one in waiting[:SHOWN]])
        more = f"; the newest {SHOWN} are shown" if len(waiting) > SHOWN else ""
        return {
            "rows": [candidate_view(one, missing) for one in waiting[:SHOWN]],
            "text": f"{count_text(len(waiting), 'complaint')} to look at, {accepted:,} accepted{more}.",
            "wrong": False,
            "accepted": accepted,
            "files": self._files() if waiting else [],
        }

    def edit(self, sent: Mapping[str, Any]) -> Json:
        """Change a candidate's row; return the line that says so.

        Raises:
            InputError: The form cannot be read, or there is no such open candidate.
        """
        answerable = sent.get("answerable") is not False
        changes = {
            "question": _text(sent, "question"),
            "answerable": answerable,
            "answers": _lines(sent.get("answers")) if answerable else [],
            "evidence": _evidence(sent.get("evidence")) if answerable else [],
        }
        if not changes["question"]:
            raise InputError("The row has no question.", "Write one.")
        kept.edit(self.folder, _text(sent, "id"), **changes)
        return {"text": "The row is changed.", "kind": "good"}

    def accept(self, name: str) -> Json:
        """Take a candidate's row into the gold file; return the line that says so.

        Raises:
            InputError: The row is not complete, or its question is in the gold file.
        """
        self.gold.parent.mkdir(parents=True, exist_ok=True)
        case = kept.accept(self.folder, name, self.gold)
        return {"text": f"“{case.question}” is a gold question now, in {self.gold.name}.", "kind": "good"}

    def discard(self, name: str) -> Json:
        """Set a candidate aside; return the line that says so.

        Raises:
            InputError: There is no such open candidate.
        """
        one = kept.reject(self.folder, name)
        return {"text": f"Set aside: “{one.draft.question}”.", "kind": "good", "undo": one.id}

    def take_back(self, name: str) -> Json:
        """Undo a discard; return the line that says so.

        Raises:
            InputError: There is no such discarded candidate.
        """
        one = kept.reopen(self.folder, name)
        return {"text": f"Back in the list: “{one.draft.question}”.", "kind": "good"}

    def gold_text(self) -> str:
        """Return the accepted rows as a gold file."""
        return self.gold.read_text(encoding="utf-8") if self.gold.exists() else ""

    def _files(self) -> list[str]:
        files = {card.file for card in self.library.store.articles()[:MAX_FILES]}
        return sorted(files)


def candidate_view(one: Candidate, missing: Sequence[Missing]) -> Json:
    """Return a candidate as the page shows it: what was answered, and the gold row as far as it goes."""
    given = read_given(one.given)
    draft = one.draft
    wanting = {
        (lack.evidence.article, lack.evidence.quote): lack for lack in missing if lack.case == draft.id
    }
    in_row = {evidence.quote for evidence in draft.evidence}
    others = {str(cited.get("quote")): cited for cited in citations_of(one.given)}
    plan = one.given.get("plan") or {}
    return {
        "id": one.id,
        "complaint": one.complaint.value,
        "made": date_text(datetime.fromisoformat(one.made).astimezone().isoformat(timespec="minutes")),
        "remark": one.remark,
        "question": draft.question,
        "answerable": draft.answerable,
        "given": "The articles don’t say." if given.abstained else "; ".join(given.said) or "nothing",
        "filtered": _filter_text(plan.get("filter") or {}),
        "answers": list(draft.answers),
        "evidence": [_evidence_view(evidence, wanting) for evidence in draft.evidence],
        "others": [_cited(cited) for quote, cited in others.items() if quote not in in_row][:OTHERS],
        "lacks": _lacks(one),
    }


def _evidence_view(evidence: Evidence, wanting: Mapping[tuple[str, str], Missing]) -> Json:
    lack = wanting.get((evidence.article, evidence.quote))
    return {"article": evidence.article, "quote": evidence.quote, "lack": _lack_text(lack) if lack else ""}


def _lack_text(lack: Missing) -> str:
    if lack.elsewhere:
        return f"These words stand in {lack.elsewhere}, not here."
    if not lack.article_known:
        return "There is no such article in the library."
    nearest = lack.nearest if len(lack.nearest) <= MAX_NEAREST else f"{lack.nearest[:MAX_NEAREST]}…"
    return f"The article does not have these words.{f' Nearest: “{nearest}”' if nearest else ''}"


def _cited(citation: Mapping[str, Any]) -> Json:
    where = ", ".join(
        str(part) for part in (citation.get("title") or NO_TITLE, citation.get("outlet")) if part
    )
    return {
        "article": str(citation.get("file") or ""),
        "quote": str(citation.get("quote") or ""),
        "where": where,
        "place": {name: citation.get(name) for name in ("article", "start", "end")},
    }


def _filter_text(limits: Mapping[str, Any]) -> str:
    """Return what the question was limited to when it was asked: the gold row does not say it."""
    parts = [str(value) for name in ("outlets", "authors") for value in limits.get(name) or ()]
    parts += [f"{word} {limits[name]}" for word, name in _DAYS if limits.get(name)]
    return ", ".join(parts)


_DAYS = (("from", "published_from"), ("until", "published_to"))


def _lacks(one: Candidate) -> str:
    """Return what the row still needs before it can be accepted."""
    if not one.draft.answerable:
        return ""
    wanted = [
        word
        for word, there in (
            ("the right answer", one.draft.answers),
            ("a quote that shows it", one.draft.evidence),
        )
        if not there
    ]
    return f"Still needs {' and '.join(wanted)}." if wanted else ""


def _text(sent: Mapping[str, Any], name: str) -> str:
    text = " ".join(str(sent.get(name) or "").split())
    if len(text) > MAX_TEXT:
        raise InputError(f"The {name} has more than {MAX_TEXT:,} characters.", "Shorten it.")
    return text


def _lines(sent: object) -> list[str]:
    lines = [" ".join(line.split()) for line in str(sent or "").splitlines()]
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) > MAX_ANSWERS or any(len(line) > MAX_TEXT for line in found):
        raise InputError(f"There are more than {MAX_ANSWERS} answers, or one is too long.", "Shorten them.")
    return found


def _evidence(sent: object) -> list[dict[str, str]]:
    """Return the pieces of evidence that have a quote or an article; quotes keep their white space inside."""
    rows = [row for row in sent if isinstance(row, Mapping)] if isinstance(sent, list) else []
    found = [{"article": _text(row, "article"), "quote": str(row.get("quote") or "").strip()} for row in rows]
    found = [row for row in found if row["quote"] or row["article"]]
    if len(found) > MAX_ANSWERS or any(len(row["quote"]) > MAX_TEXT for row in found):
        raise InputError("There is too much evidence, or a quote is too long.", "Shorten it.")
    if any(not (row["quote"] and row["article"]) for row in found):
        raise InputError("Evidence is an article and its words.", "Fill in both, or empty both.")
    return found
