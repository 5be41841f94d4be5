"""One answerer per kind of question: each turns a plan into a draft of verbatim sentences."""

from collections.abc import Callable

from index.library import Library
from qa.answerers.argument import answer_argument
from qa.answerers.compare import answer_comparison
from qa.answerers.count import answer_count
from qa.answerers.draft import Draft
from qa.answerers.fact import answer_fact
from qa.answerers.list import answer_list
from qa.answerers.metadata import answer_metadata
from qa.answerers.quote import answer_quote
from qa.answerers.statements import answer_statements
from qa.answerers.summary import answer_summary
from qa.answerers.temporal import answer_temporal
from qa.answerers.whether import answer_whether
from qa.schema import Kind, Plan, Question
from qa.settings import AnswerSettings

ANSWERERS: dict[Kind, Callable[[Library, Question, Plan, AnswerSettings], Draft]] = {
    Kind.FACT: answer_fact,
    Kind.QUOTE: answer_quote,
    Kind.STATEMENTS: answer_statements,
    Kind.METADATA: answer_metadata,
    Kind.COMPARE: answer_comparison,
    Kind.LIST: answer_list,
    Kind.COUNT: answer_count,
    Kind.TEMPORAL: answer_temporal,
    Kind.WHETHER: answer_whether,
    Kind.SUMMARY: answer_summary,
    Kind.ARGUMENT: answer_argument,
}

__all__ = ["ANSWERERS", "Draft"]
