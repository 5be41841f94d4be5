"""Questions about what came when: after, before, between, first, latest, in which order. Pure."""

import re
from datetime import date, timedelta

from index.patterns import regex
from qa.names import names_in
from qa.occasions import Occasion, occasions_in
from qa.schema import Kind, Plan, Wanted, When
from qa.wording import content_stems

_HAPPEN = (
    r"(?:happen(?:ed|ing)?|occurred|took place|taken place|went on|gone on|going on|changed"
    r"|followed)"
)
_WHAT_HAPPENED = regex(
    rf"^(?:and )?what (?:else )?(?:has |have |had |was |is |did )?(?:been )?{_HAPPEN}\b(?: next"
    rf"| then)?(?P<rest>[^?]*)",
    re.I,
)
_BOUND = regex(
    r"(?P<topic>.*?)\s*\b(?P<how>immediately after|right after|shortly after|after|following|since"
    r"|right before|just before"
    r"|before|until|prior to|ahead of|between|in the days after|in the run-up to)\s+(?P<rest>.+)",
    re.I,
)
_DURING = regex(r"(?P<topic>.*?)\s*\b(?:on|in|during|over|throughout|at the end of)\s+(?P<rest>.+)", re.I)
_LATEST = regex(
    r"^(?:(?:what|which)(?:’s|'s| is| are| was| were)? (?:the )?(?:very )?(?:latest|newest|most recent|last)"
    r"(?: (?:news|word|developments?|updates?|information|reports?|events?|state of affairs|status))?"
    r"|(?:what(?:’s|'s| is) new|is there (?:any )?(?:news|update)s?|any (?:news|updates?)"
    r"|(?:the )?latest(?: news)?)"
    r"|what (?:has |have )?happened (?:most recently|last|lately|recently))"
    r" ?\b(?:on|about|in|of|with|from|regarding|concerning|to)\b (?P<rest>[^?]+)",
    re.I,
)
_ORDER = regex(
    r"^(?:which|what) (?:came|happened|was|took place|occurred) (?:first|earlier|sooner)\s*[,:;–—-]*\s*"
    r"(?P<one>[^?]+?),? or (?P<other>[^?]+)",
    re.I,
)
_DID = regex(
    rf"^(?:did|was|were|is|has|had|does) (?P<one>[^?]+?)(?: {_HAPPEN}| come| take place| occur| start"
    rf"| begin| end| held"
    r"| published| announced| signed)? (?P<how>before|after|earlier than|later than|prior to"
    r"|ahead of) (?P<other>[^?]+)",
    re.I,
)
_TIMELINE = regex(
    r"^(?:(?:please |can you )*(?:show|give|make|draw up|write)?(?: me| us)?(?: a| the)? ?(?:timeline"
    r"|chronology|history"
    r"|sequence of events) (?:of|for|on|in|around)|(?:in )?what (?:was|is) the (?:timeline|chronology"
    r"|sequence|order)"
    r"(?: of events)? (?:of|in|for|around)|how (?:did|has|have) (?P<early>[^?]+?) (?:develop|unfold|evolve"
    r"|progress|change|go"
    r")(?:ed|d|n|ing)?\b(?: over time| over the (?:weeks|months|years))?)(?P<rest>[^?]*)",
    re.I,
)
_WHEN = regex(r"^when (?:did|was|were|has|is) (?P<rest>[^?]*\b(?P<which>first|last)\b[^?]*)", re.I)
_HAPPENING = regex(rf"\b(?:{_HAPPEN}|over time|next|then|events?)\b", re.I)
_ARTICLE_WORDS = regex(r"\b(?:articles?|stor(?:y|ies)|reports?|coverage)\b", re.I)


def read_time(text: str, newest: str | None = None) -> Plan | None:
    """Read a question that orders or limits things in time; None for all others.

    Args:
        text: The question.
        newest: The day of the library's newest article (ISO), by which days without a year are read.
    """
    if found := _TIMELINE.match(text):
        topic = f"{found.group('early') or ''} {found.group('rest')}"
        return _plan(topic, When("timeline"))
    if found := _LATEST.match(text):
        return _plan(found.group("rest"), When("latest"))
    if found := _ORDER.match(text):
        one, other = _event(found.group("one")), _event(found.group("other"))
        return _plan(f"{one} {other}", When("order", one, other), Wanted.NAME)
    if (found := _DID.match(text)) and _are_events(found):
        one, other = _event(found.group("one")), _event(found.group("other"))
        how = "before" if found.group("how").lower() in _EARLIER else "after"
        return _plan(f"{one} {other}", When(how, one, other), Wanted.YES_NO)
    if found := _WHAT_HAPPENED.match(text):
        return _happened(found.group("rest").strip(), newest)
    return None


_EARLIER = ("before", "earlier than", "prior to", "ahead of")


def _are_events(found: re.Match[str]) -> bool:
    """Whether both sides are events, by a noun with its article: "did the vote come before the march?"."""
    noun = re.compile(r"^(?:the|a|an|its|his|her|their) [\w’' -]+$|^[A-Z]", re.I)
    one, other = found.group("one").strip(), found.group("other").strip()
    happening = found.start("how") - found.end("one") > 1
    return happening and bool(noun.match(one)) and not _time(other, None)


def _happened(rest: str, newest: str | None) -> Plan | None:
    bound = _BOUND.match(rest)
    if bound:
        return _bounded(bound, newest)
    during = _DURING.match(rest)
    if during and (time := _time(during.group("rest"), newest)):
        when = When("during", first=time.first.isoformat(), last=time.last.isoformat())
        return _plan(_topic(during.group("topic")), when)
    topic = _topic(re.sub(r"^(?:to|with|in|at|around|during|on)\s+", "", rest))
    return _plan(topic, When("timeline")) if content_stems(topic) else None


def _bounded(bound: re.Match[str], newest: str | None) -> Plan:
    """Read "after the vote", "since May", "between X and Y"; days become limits, all else events."""
    how, rest = bound.group("how").lower(), bound.group("rest").strip()
    topic = _topic(re.sub(r"^(?:to|with|in|at|around)\s+", "", bound.group("topic")))
    if how == "between":
        one, _, other = rest.partition(" and ")
        begin, end = _time(one, newest), _time(other, newest)
        if begin and end:
            when = When("between", first=begin.first.isoformat(), last=end.last.isoformat())
            return _plan(topic, when)
        return _plan(topic, When("between", _event(one), _event(other)))
    relation = "before" if re.search(r"before|until|prior|ahead|run-up", how) else "after"
    time = _time(rest, newest)
    if time is None:
        return _plan(topic, When(relation, _event(rest)))
    if relation == "before":
        last = time.last if how == "until" else time.first - timedelta(days=1)
        return _plan(topic, When(relation, last=last.isoformat()))
    first = time.first if how == "since" else time.last + timedelta(days=1)
    return _plan(topic, When(relation, first=first.isoformat()))


def _time(words: str, newest: str | None) -> Occasion | None:
    """Return the time that the words are: they must be that alone."""
    plain = re.sub(r"^(?:the |early |late |mid-?|month of )*", "", words.strip(" ,.?"), flags=re.I)
    read_on = newest or date.today().isoformat()
    # "in" makes a month or a year alone a time
    found = occasions_in(f"in {plain}", read_on)
    if found and found[0].first.isoformat() > read_on[:10]:  # what happened is past
        found = occasions_in(f"in {plain}", f"{int(read_on[:4]) - 1}-12-31")
    whole = len(found) == 1 and found[0].end == len(plain) + 3 and found[0].start <= 3
    return found[0] if whole else None


def _event(words: str) -> str:
    return re.sub(r"^(?:the|a|an) ", "", words.strip(" ,.?"), flags=re.I)


def _topic(words: str) -> str:
    return " ".join(_HAPPENING.sub(" ", words).split())


def _plan(topic: str, when: When, wanted: Wanted = Wanted.CLAUSE) -> Plan:
    words = " ".join(_ARTICLE_WORDS.sub(" ", f"{topic} {when.event} {when.other}").split())
    return Plan(
        kind=Kind.TEMPORAL,
        wanted=wanted,
        when=when,
        head=topic.strip(" ,.?"),
        names=names_in(f"of {words}"),
        terms=content_stems(words),
    )
