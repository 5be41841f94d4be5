"""Who or what somebody is, as the article puts it beside the name. Pure."""

import re
from collections.abc import Sequence

from index.patterns import regex
from qa.evidence import EvidenceSentence

_APPOSITION = r",\s+(?P<after>(?:an?|the|its|his|her|one of|who)\s[^,;:.“”]{3,120})(?=[,;.])"
_PREDICATE = r"\s+(?:is|was)\s+(?P<after>(?:an?|the|one of)\s[^,;:.“”]{3,120})"
_BEFORE = r"(?P<before>(?:[Tt]he|[Aa]n?)\s(?:[\w’'-]+\s){0,5}[\w’'-]+)(?:\s|,\s(?:the\s)?)"
_VERB_FIRST = regex(r"^(?:\w+ed|said|says|who said|but|and|or|which|where|when|as)\b")


def describe(name: str, sentences: Sequence[EvidenceSentence]) -> tuple[str, EvidenceSentence] | None:
    """Return the description that stands beside a name, with its sentence, or None.

    Example: "Luke Coffey, an analyst at the Hudson Institute who ..., said" -> "an analyst at the Hudson
    Institute who ..."; "The Belarusian human rights group Viasna" -> "The Belarusian human rights group".
    """
    last = re.escape(name.split()[-1])
    patterns = (rf"{last}{_APPOSITION}", rf"{last}{_PREDICATE}", rf"{_BEFORE}(?:[A-Z][\w’'.-]*\s)*{last}\b")
    for pattern in patterns:
        for sentence in sentences:
            for found in re.finditer(pattern, sentence.text):
                parts = found.groupdict()
                words = (parts.get("after") or parts.get("before") or "").strip()
                if words and not _VERB_FIRST.match(words):
                    return words, sentence
    return None
