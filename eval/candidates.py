"""Gold questions from use: complaints of readers become candidates, which a person edits, accepts or rejects.

The folder holds `candidates.jsonl`, to which lines are only ever added: a complaint, or a change to one. What
was said last counts, so two windows cannot overwrite each other and nothing is lost.
"""

import json
import logging
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.gold_files import read_gold
from eval.result_json import case_from, case_json
from eval.schema import Case, Evidence
from index.errors import InputError

logger = logging.getLogger(__name__)

FILE = "candidates.jsonl"
_EDITABLE = ("question", "type", "answerable", "answers", "evidence", "asked_on", "choices", "note")


class Complaint(StrEnum):
    """What a reader found wrong."""

    ANSWER = "wrong answer"
    CITATION = "wrong citation"
    SOURCE = "missed source"


class State(StrEnum):
    """What became of a candidate."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A complaint with the gold row that it may become.

    Attributes:
        made: When, in UTC, as ISO 8601.
        draft: The gold row so far; a wrong answer has none of its own, a person must give the right one.
        given: What was answered, in the answer's JSON form.
    """

    id: str
    made: str
    complaint: Complaint
    draft: Case
    state: State = State.OPEN
    remark: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


def complain(
    folder: Path,
    complaint: Complaint,
    answer: Mapping[str, Any],
    *,
    citation: Mapping[str, Any] | None = None,
    remark: str = "",
    asked_on: str | None = None,
) -> Candidate:
    """Keep a reader's complaint about an answer; on return it is on the disk.

    Args:
        folder: Where the candidates are; made when it is not there.
        complaint: What is wrong.
        answer: The answer in its JSON form.
        citation: The citation that is wrong, where it is one.
        remark: What the reader wrote.
        asked_on: The day the question was asked on, as ISO date.

    Raises:
        InputError: The answer has no question, or the folder cannot be written.
    """
    question = str(answer.get("question") or "").strip()
    if not question:
        raise InputError("The answer has no question.", "Pass the whole Answer in its JSON form.")
    made = Candidate(
        id=uuid.uuid4().hex[:8],
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        complaint=complaint,
        draft=_draft(question, complaint, answer, citation, asked_on),
        remark=remark.strip(),
        given=answer,
    )
    _add_line(folder, _candidate_json(made))
    return made


def candidates(folder: Path, state: State | None = None) -> list[Candidate]:
    """Return the candidates as they stand, oldest first; those of one state, or all.

    Raises:
        InputError: The file is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return []
    found: dict[str, Candidate] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read {path}: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            record = json.loads(line)
        except ValueError:
            # A process was killed while it wrote this line: nobody was told that it is kept.
            logger.warning("%s, line %d breaks off and is passed over", path, number)
            continue
        try:
            known = found.get(record["id"])
            found[record["id"]] = _changed(known, record) if known else _candidate_from(record)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}, line {number} is damaged ({error!r}).", "Mend or delete it."
            ) from error
    return [one for one in found.values() if state is None or one.state is state]


def find_candidate(folder: Path, name: str) -> Candidate:
    """Return a candidate by its id or the beginning of it.

    Raises:
        InputError: None, or several, have it.
    """
    found = [one for one in candidates(folder) if one.id.startswith(name)] if name else []
    if len(found) != 1:
        raise InputError(
            f"{len(found) or 'No'} candidates in {folder} have the id {name!r}.",
            "List them: eval candidates.",
        )
    return found[0]


def edit(folder: Path, name: str, **changes: object) -> Candidate:
    """Change fields of a candidate's draft, such as `answers=["..."]`; return it as it then stands.

    Raises:
        InputError: There is no such candidate or field, or it is no longer open.
    """
    one = _open_one(folder, name)
    unknown = sorted(set(changes) - set(_EDITABLE))
    if unknown:
        raise InputError(f"A gold row has no field {unknown[0]!r}.", f"There are {', '.join(_EDITABLE)}.")
    draft = case_from({**case_json(one.draft), **changes})
    _add_line(folder, {"id": one.id, "draft": case_json(draft)})
    return replace(one, draft=draft)


def accept(folder: Path, name: str, gold: Path) -> Case:
    """Add a candidate's row to a gold file and mark it accepted; return the row.

    Raises:
        InputError: There is no such candidate, it is no longer open, its row is not complete, or its question
            is in the gold file.
    """
    one = _open_one(folder, name)
    _check_complete(one)
    if gold.exists() and gold.stat().st_size:
        there = read_gold(gold, strict=True)
        if any(case.question.casefold() == one.draft.question.casefold() for case in there.cases):
            raise InputError(
                f"{gold.name} has the question “{one.draft.question}” already.",
                "Edit it there, or reject this.",
            )
    row = json.dumps(case_json(one.draft), ensure_ascii=False)
    _append(gold, row)
    _add_line(folder, {"id": one.id, "state": State.ACCEPTED.value})
    return one.draft


def reject(folder: Path, name: str) -> Candidate:
    """Mark a candidate as no gold; return it.

    Raises:
        InputError: There is no such candidate, or it is no longer open.
    """
    one = _open_one(folder, name)
    _add_line(folder, {"id": one.id, "state": State.REJECTED.value})
    return replace(one, state=State.REJECTED)


def reopen(folder: Path, name: str) -> Candidate:
    """Take a rejection back; return the candidate.

    Raises:
        InputError: There is no such candidate, or it was not rejected.
    """
    one = find_candidate(folder, name)
    if one.state is not State.REJECTED:
        raise InputError(f"The candidate {one.id} is not rejected.", "Only a rejection can be taken back.")
    _add_line(folder, {"id": one.id, "state": State.OPEN.value})
    return replace(one, state=State.OPEN)


def _draft(
    question: str,
    complaint: Complaint,
    answer: Mapping[str, Any],
    citation: Mapping[str, Any] | None,
    asked_on: str | None,
) -> Case:
    """Return the gold row as far as the complaint tells it: what it found wrong is left out."""
    cited = [one for sentence in answer.get("sentences") or () for one in sentence.get("citations") or ()]
    short = [str(one) for one in answer.get("short_answers") or [answer.get("short_answer")] if one]
    kept = complaint is not Complaint.ANSWER
    return Case(
        id=f"u{uuid.uuid4().hex[:8]}",
        question=question,
        type="use",
        answers=tuple(short) if kept else (),
        evidence=tuple(_evidence(one) for one in cited if kept and one != citation),
        asked_on=asked_on,
        note=f"from use: {complaint.value}",
    )


def _evidence(citation: Mapping[str, Any]) -> Evidence:
    name = citation.get("file") or citation.get("url") or citation.get("title") or citation.get("article")
    return Evidence(str(name or ""), str(citation.get("quote") or ""))


def _check_complete(one: Candidate) -> None:
    remedy = f"Edit it: eval candidates edit {one.id} --answer TEXT --article FILE --quote TEXT."
    if one.draft.answerable and not one.draft.answers:
        raise InputError(f"The candidate {one.id} has no right answer.", f"{remedy} Or --unanswerable.")
    if one.draft.answerable and not one.draft.evidence:
        raise InputError(f"The candidate {one.id} has no evidence.", remedy)


def _open_one(folder: Path, name: str) -> Candidate:
    one = find_candidate(folder, name)
    if one.state is not State.OPEN:
        raise InputError(f"The candidate {one.id} was {one.state.value} already.")
    return one


def _changed(one: Candidate, record: Mapping[str, Any]) -> Candidate:
    draft = case_from(record["draft"]) if "draft" in record else one.draft
    return replace(one, draft=draft, state=State(record.get("state", one.state)))


def _candidate_json(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.id,
        "made": one.made,
        "complaint": one.complaint.value,
        "state": one.state.value,
        "remark": one.remark,
        "draft": case_json(one.draft),
        "given": dict(one.given),
    }


def _candidate_from(record: Mapping[str, Any]) -> Candidate:
    return Candidate(
        id=str(record["id"]),
        made=str(record["made"]),
        complaint=Complaint(record["complaint"]),
        draft=case_from(record["draft"]),
        state=State(record["state"]),
        remark=str(record.get("remark", "")),
        given=record.get("given", {}),
    )


def _add_line(folder: Path, record: Mapping[str, Any]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    _append(folder / FILE, json.dumps(record, ensure_ascii=False))


def _append(path: Path, line: str) -> None:
    """Add a line in one write, after ending a line that a killed process left open."""
    try:
        with path.open("ab+") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else f"\n{line}"
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"Cannot write to {path}: {error.strerror}.") from error
