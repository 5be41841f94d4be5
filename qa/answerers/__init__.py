"""One answerer per kind of question: each turns a plan into a draft of verbatim sentences.

Each is imported when the first question of its kind is asked: a process that asks one question pays for one.
"""

from collections.abc import Callable

from index.library import Library
from qa.answerers.draft import Draft
from qa.schema import Kind, Plan, Question
from qa.settings import AnswerSettings

__all__ = ["Answerer", "Draft", "answerer_of"]

Answerer = Callable[[Library, Question, Plan, AnswerSettings], Draft]


def answerer_of(kind: Kind) -> Answerer:  # noqa: C901 - a table of eleven
    """Return the answerer of a kind of question.

    Raises ValueError for `Kind.PARTS`: each part of such a question has an answerer of its own.
    """
    match kind:
        case Kind.FACT:
            from qa.answerers.fact import answer_fact

            return answer_fact
        case Kind.QUOTE:
            from qa.answerers.quote import answer_quote

            return answer_quote
        case Kind.STATEMENTS:
            from qa.answerers.statements import answer_statements

            return answer_statements
        case Kind.METADATA:
            from qa.answerers.metadata import answer_metadata

            return answer_metadata
        case Kind.COMPARE:
            from qa.answerers.compare import answer_comparison

            return answer_comparison
        case Kind.LIST:
            from qa.answerers.list import answer_list

            return answer_list
        case Kind.COUNT:
            from qa.answerers.count import answer_count

            return answer_count
        case Kind.TEMPORAL:
            from qa.answerers.temporal import answer_temporal

            return answer_temporal
        case Kind.WHETHER:
            from qa.answerers.whether import answer_whether

            return answer_whether
        case Kind.SUMMARY:
            from qa.answerers.summary import answer_summary

            return answer_summary
        case Kind.ARGUMENT:
            from qa.answerers.argument import answer_argument

            return answer_argument
        case Kind.PARTS:
            raise ValueError("a question of several parts has no answerer of its own")
