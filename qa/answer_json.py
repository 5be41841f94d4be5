"""The public JSON form of an Answer, version 1. Documented in docs/answer-format.md."""

from dataclasses import asdict
from typing import Any

from qa.schema import Answer, AnswerSentence, Citation, Plan, Referent, Tally, Written


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain dicts, lists, strings, numbers, booleans and None."""
    return {
        "version": answer.version,
        "id": answer.id or None,
        "question": answer.question,
        "abstained": answer.abstained,
        "reason": answer.reason or None,
        "confidence": answer.confidence,
        "short_answer": answer.short_answer,
        "short_answers": list(answer.short_answers),
        "choice": answer.choice,
        "sentences": [_sentence_json(sentence) for sentence in answer.sentences],
        "groups": [
            {"label": group.label, "note": group.note or None, "sentences": list(group.sentences)}
            for group in answer.groups
        ],
        "written": _written_json(answer.written) if answer.written else None,
        "tally": _tally_json(answer.tally) if answer.tally else None,
        "coverage": asdict(answer.coverage) if answer.coverage else None,
        "partial": asdict(answer.partial) if answer.partial else None,
        "plan": _plan_json(answer.plan),
        "nearest": [citation_json(citation) for citation in answer.nearest],
        "unclear": [citation_json(citation) for citation in answer.unclear],
        "timings": asdict(answer.timings),
    }


def _sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "support": sentence.support.value,
        "score": round(sentence.score, 3),
        "problems": list(sentence.problems),
        "citations": [citation_json(citation) for citation in sentence.citations],
        "referents": [_referent_json(referent) for referent in sentence.referents],
    }


def _referent_json(referent: Referent) -> dict[str, Any]:
    return {
        "words": referent.words,
        "start": referent.start,
        "end": referent.end,
        "meaning": referent.meaning,
        "citations": [citation_json(citation) for citation in referent.citations],
    }


def _written_json(written: Written) -> dict[str, Any]:
    return {
        "model": written.model,
        "sentences": [_sentence_json(sentence) for sentence in written.sentences],
        "cut": list(written.cut),
        "status": written.status or None,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """Return a citation: its article, the characters it covers and their words."""
    card = citation.article
    return {
        "article": card.id,
        "title": card.title,
        "authors": list(card.authors),
        "outlet": card.outlet,
        "published": card.published,
        "file": card.file,
        "url": card.url,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "counted": tally.counted,
        "rows": [
            {
                "rank": row.rank,
                "name": row.name,
                "statements": row.statements,
                "articles": row.articles,
                "evidence": [citation_json(citation) for citation in row.evidence],
            }
            for row in tally.rows
        ],
    }


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.kind.value,
        "wanted": plan.wanted.value,
        "many": plan.many,
        "speaker": plan.speaker,
        "target": plan.target,
        "stance": plan.stance.value if plan.stance else None,
        "ranked": plan.ranked,
        "family": plan.family or None,
        "described": plan.described or None,
        "including": list(plan.including),
        "about": plan.about or None,
        "sides": list(plan.sides),
        "when": asdict(plan.when) if plan.when else None,
        "parts": list(plan.parts),
        "names": list(plan.names),
        "filter": {
            "outlets": list(plan.filter.outlets),
            "authors": list(plan.filter.authors),
            "published_from": plan.filter.published_from,
            "published_to": plan.filter.published_to,
            "articles": list(plan.filter.articles),
        },
        "constraints": [asdict(constraint) for constraint in plan.constraints],
        "notes": list(plan.notes),
    }
