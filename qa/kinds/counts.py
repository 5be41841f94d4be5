"""Questions whose answer is counted over the articles, told from numbers that a text states. Pure.

"How many people criticised Ito?" is counted in the ledger; "how many people marched?" is a number that some
sentence gives, and stays a question of fact.
"""

import re
from dataclasses import replace

from index.patterns import regex
from qa.names import names_in
from qa.schema import Kind, Plan, Wanted
from qa.stance_questions import read_statements
from qa.wording import content_stems, kind_of_noun

_ARTICLES = r"(?:articles|stories|reports|pieces|news (?:items|stories|articles)|columns)"
_OUTLETS = (
    r"(?:outlets|newspapers|papers|publications|news (?:sites|organisations|organizations)|media|sites)"
)
_MENTION = (
    r"(?:mention\w*|discuss\w*|cover(?:ed|s)?|cited?|name[ds]?|quote[ds]?|refer\w* to|talk\w* about"
    r"|deal\w* with|(?:are|were|is) about|wr(?:ite|ote) (?:about|on|of)|report(?:ed|s)? (?:on|about)?"
    r"|carr(?:y|ied)|published|ran)"
)
_OF_ARTICLES = regex(
    rf"^(?:in )?how many (?:of the |different |of these )*(?P<what>{_ARTICLES}|{_OUTLETS})\b"
    rf"(?P<rest>(?:[^?]*?\b{_MENTION}\b[^?]*)|(?: (?:are|were|is) there| do (?:you|we) have| in total"
    rf"| at all)?[^?]*)"
    r"\??$",
    re.I,
)
_STORED = regex(r"^how many articles\b", re.I)
_MENTIONED = regex(
    r"^how (?:often|many times) (?:is|are|was|were|has|have|do|does) (?P<rest>[^?]*\b(?:mention\w*"
    r"|named)\b[^?]*)",
    re.I,
)
_TIMES = regex(
    r"^how (?:often|many times) (?P<aux>did|does|do|has|have|was|were|is|are)\b (?P<rest>[^?]+)", re.I
)
_SAYINGS = regex(
    r"^how many (?P<noun>statements?|quotes?|quotations?|remarks?|comments?|sentences?|passages?)"
    r" (?:of |by |from |in |that |which |are |were )*(?P<rest>[^?]+)",
    re.I,
)
_PEOPLE = regex(
    r"^how many (?:different |other |named )*(?P<noun>[\w’'-]+(?: [\w’'-]+)?) (?P<rest>[^?]+)", re.I
)
_QUOTED = regex(
    r"^how many (?:different |named )*(?:people|persons|speakers|sources|experts|politicians|officials)"
    r" (?:(?:are|were|is) (?:quoted|cited)|(?:do|does|did) [^?]*\b(?:quote|cite)|(?:speak|spoke"
    r"|talk))\b(?P<rest>[^?]*)",
    re.I,
)
_PASSIVE = regex(r"^(?P<target>.+?) (?:been )?(?P<verb>[a-z]+ed|blamed|thanked)(?: by (?P<by>.+))?$", re.I)
_FILLERS = regex(r"\b(?:mention\w*|named|by name|in (?:the|these|all|our) articles?|articles?)\b", re.I)


def read_count(text: str) -> Plan | None:
    """Read what is to be counted over the articles; None for numbers that only a text can state."""
    return _of_statements(text) or _of_speakers(text) or _of_mentions(text) or _of_articles(text)


def _of_articles(text: str) -> Plan | None:
    found = _OF_ARTICLES.match(text)
    if not found or not (_STORED.match(text) or re.search(rf"\b{_MENTION}\b", found.group("rest"), re.I)):
        return None
    about = "articles" if re.fullmatch(_ARTICLES, found.group("what"), re.I) else "outlets"
    rest = re.sub(
        r"^ (?:(?:are|is) there|do (?:you|we) have)\b(?: about| on| that)?", "", found.group("rest")
    )
    what = re.sub(rf"^.*?\b{_MENTION}\b", "", rest, count=1, flags=re.I).strip(" ?")
    what = re.sub(r"^(?:the |a )?(?:story|article|news|report)s? (?:of|about|on|that) ", "", what, flags=re.I)
    return _counted(about, re.sub(r"^(?:the|a|an|any) ", "", what))


def _of_mentions(text: str) -> Plan | None:
    found = _MENTIONED.match(text)
    if not found:
        return None
    what = " ".join(_FILLERS.sub(" ", found.group("rest")).split()).removeprefix("the ")
    return _counted("mentions", re.sub(r"^(?:articles?|they) ", "", what)) if what else None


def _of_speakers(text: str) -> Plan | None:
    if not _QUOTED.match(text):
        return None
    return replace(_counted("speakers", ""), wanted=Wanted.NUMBER)


def _counted(about: str, what: str) -> Plan:
    return Plan(
        kind=Kind.COUNT,
        wanted=Wanted.NUMBER,
        about=about,
        head=what,
        names=names_in(f"of {what}"),
        terms=content_stems(what) if what else (),
    )


def _of_statements(text: str) -> Plan | None:
    """Read counts of what was said: of statements, of those who said it, of those it was said about."""
    rephrased = _rephrased(text)
    if rephrased is None:
        return None
    about, question = rephrased
    plan = read_statements(question)
    if plan is None or plan.stance is None:
        return None
    if about == "people":
        about = "speakers" if plan.target else "targets"
    return replace(plan, kind=Kind.COUNT, wanted=plan.wanted, about=about, ranked=False, many=False)


def _rephrased(text: str) -> tuple[str, str] | None:
    """Return what is counted and the question about praise or criticism that finds it."""
    if found := re.match(rf"^how many {_ARTICLES} (?P<rest>[^?]+)", text, re.I):
        return "articles", f"Who {found.group('rest')}?"
    if found := _SAYINGS.match(text):
        return "statements", f"Who {_without_aux(found.group('rest'))}?"
    if found := _TIMES.match(text):
        rest = found.group("rest").strip()
        passive = _PASSIVE.match(rest) if found.group("aux").lower() not in ("did", "does", "do") else None
        if passive and passive.group("by"):
            return (
                "statements",
                f"Did {passive.group('by')} {passive.group('verb')} {passive.group('target')}?",
            )
        if passive:
            target = re.sub(r"\bbeen\b", "", passive.group("target")).strip()
            return "statements", f"Who {passive.group('verb')} {target}?"
        return "statements", f"{found.group('aux').capitalize()} {rest}?"
    found = _PEOPLE.match(text)
    if found and any(kind_of_noun(word.lower()) for word in found.group("noun").split()):
        return "people", f"Which {found.group('noun')} {found.group('rest')}?"
    return None


def _without_aux(words: str) -> str:
    return re.sub(r"^(?:that|which|have|has|are|were) ", "", words, flags=re.I)
