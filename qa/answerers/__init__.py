"""One answerer per kind of question: each turns a plan into a draft of verbatim sentences."""

from collections.abc import Callable

from index.library import Library
from qa.answerers.compare import answer_comparison
from qa.answerers.draft import Draft
from qa.answerers.fact import answer_fact
from qa.answerers.metadata import answer_metadata
from qa.answerers.quote import answer_quote
from qa.answerers.statements import answer_statements
from qa.schema import Kind, Plan, Question
from qa.settings import AnswerSettings

ANSWERERS: dict[Kind, Callable[[Library, Question, Plan, AnswerSettings], Draft]] = {
    Kind.FACT: answer_fact,
    Kind.QUOTE: answer_quote,
    Kind.STATEMENTS: answer_statements,
    Kind.METADATA: answer_metadata,
    Kind.COMPARE: answer_comparison,
}

__all__ = ["ANSWERERS", "Draft"]
