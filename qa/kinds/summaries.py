"""Questions for the whole of an article or a topic: "summarise ...", "what does the author argue?". Pure."""

import re
from dataclasses import replace

from index.patterns import regex
from qa.kinds.quotes import read_quote
from qa.names import names_in
from qa.schema import Kind, Plan, Wanted
from qa.wording import content_stems

_ARTICLE = (
    r"(?:articles?|commentar(?:y|ies)|reports?|stor(?:y|ies)|pieces?|columns?|op-?eds?|coverage|essay|text"
    r"|dispatch|analysis|explainers?|features?|profiles?|editorials?|interview)"
)
_SUM = regex(
    r"^(?:please |can you |could you |briefly )*(?:"
    r"(?:summari[sz]e|sum up|recap|outline)\b"
    r"|(?:give|write|show)(?: me| us)? (?:a |an |the )?(?:[\w-]+ ){0,2}(?:summary|overview|recap|digest"
    r"|outline|gist) (?:of|on)"
    r"|(?:a |the )?(?:[\w-]+ ){0,1}(?:summary|overview|recap|gist) of|tl;?dr(?: of)?:?"
    r"|(?:brief|fill) me (?:in )?on|tell me (?:more )?about(?! (?:who|what|when|how)\b)"
    r"|what (?:are|were|is) the (?:main|key|most important|central) (?:points?|takeaways?|messages?|facts?"
    r"|findings?|events?)"
    r" (?:of|in|from|on|about)"
    r"|what do(?:es)? (?:the|these|all|our|your) (?:articles?|sources?|reports?|papers?) say (?:about|on)"
    r"|what (?:do (?:we|you) know|is known) about"
    r")\s*(?P<rest>[^?]*)",
    re.I,
)
_ABOUT = regex(
    rf"^what (?:is|was|are|were|’s|'s) (?P<rest>(?:the |this "
    rf"|that )?[^?]*\b{_ARTICLE}\b[^?]*?) (?:all )?about\b",
    re.I,
)
_SAYS = regex(
    rf"^what does (?P<rest>(?:the|this|that) [^?]*\b{_ARTICLE}) (?:say|tell|report|cover)(?: us)?\s*\??$",
    re.I,
)
_HAPPENED = regex(r"^what (?:has |have )?happened (?:with|to|in|around) (?:the )?", re.I)
_ARGUES = (
    r"(?:argue|claim|contend|conclude|maintain|think|believe|suggest|assert|hold|propose|recommend|say"
    r"|make of|want)"
)
_BY_AUTHOR = regex(
    rf"^what (?:do|does|did|is|are) (?:the |this |that |its )*(?P<who>[^?]*?\b(?:{_ARTICLE}|authors?"
    rf"|columnists?"
    rf"|writers?|essayists?)) {_ARGUES}s?(?:ing)?\b(?P<rest>[^?]*)",
    re.I,
)
_ARGUMENT = regex(
    r"^what (?:is|are|was|were|’s|'s) (?P<who>[^?]*?)\b(?:argument|thesis|theses|position|stance"
    r"|point of view|viewpoint"
    r"|conclusions?|opinion|main points?|main claims?|arguments|message|view)(?P<rest>[^?]*)",
    re.I,
)
_VOICE = regex(rf"\b(?:{_ARTICLE}|authors?|columnists?|writers?)\b", re.I)
_NO_TOPIC = regex(
    rf"\b(?:{_ARTICLE}|authors?|columnists?|writers?|main|central|key|overall|basic|core|topic|subject"
    rf"|what happened"
    r"|events?|happened|latest|developments?|news|s|entire|whole|full|new)\b",
    re.I,
)


def read_summary(text: str) -> Plan | None:
    """Read requests for a summary: of one article, or of a topic over time."""
    found = _SUM.match(text) or _ABOUT.match(text) or _SAYS.match(text)
    if found is None:
        return None
    rest = _HAPPENED.sub("", re.sub(r"^(?:with|to|in) ", "", found.group("rest").strip()))
    several = re.search(r"\b(?:articles|stories|reports|coverage|news|events|happened)\b", rest, re.I)
    one = re.search(rf"\b{_ARTICLE}\b", rest, re.I) and not several
    return _plan(Kind.SUMMARY, rest, "article" if one else "topic")


_NAMED_ARGUES = regex(
    r"^what (?:do|does|did|is) [A-Z][^?]*? (?:argue|contend|maintain|conclude)s?(?:ing)?\b", re.I
)


def read_argument(text: str) -> Plan | None:
    """Read "what does the article argue (about X)?" and "what is the author’s argument?".

    "What does Averill argue?" may ask for an author's argument or for somebody's words: its plan has the
    speaker, and the answerer knows the authors.
    """
    quoted = read_quote(text) if _NAMED_ARGUES.match(text) and text.split()[2][0].isupper() else None
    if quoted and quoted.speaker and quoted.speaker[0].isupper():
        return replace(quoted, kind=Kind.ARGUMENT, about="article")
    by_author = _BY_AUTHOR.match(text)
    found = by_author or _ARGUMENT.match(text)
    if found is None:
        return None
    said = f"{found.group('who')} {found.group('rest')}"
    # "What did the 2007 UN report suggest?" asks for what somebody else's report says.
    foreign = by_author and re.search(r"\d|(?<!^)\b[A-Z]{2,}\b", by_author.group("who"))
    if foreign or not _VOICE.search(said):
        return None
    return _plan(Kind.ARGUMENT, said, "article")


def _plan(kind: Kind, words: str, about: str) -> Plan:
    plain = re.sub(r"\bopinion (?=pieces?|columns?|articles?)|['’]s\b", " ", words)
    topic = " ".join(_NO_TOPIC.sub(" ", plain).split())
    topic = re.sub(r"^(?:(?:the|a|an|this|that|of|by|in|on|about) )+|\b(?:the|of|by)$|[\s.,]+$", "", topic)
    return Plan(
        kind=kind,
        wanted=Wanted.CLAUSE,
        about=about,
        head=topic,
        names=names_in(f"of {topic}"),
        terms=content_stems(topic),
    )
