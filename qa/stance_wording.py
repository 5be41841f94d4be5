"""The many ways to ask who praised or criticised whom, said with one verb each. Pure."""

import re

from index.patterns import regex
from qa.names import NAME

_GOOD = r"(?:good|nice|kind|warm|positive|complimentary)"
_BAD = r"(?:bad|harsh|unkind|negative)"
_THING = r"(?:anything|something|things|words)"
_HAD = r"\b(?:ha[ds]|have) (?:had )?"
_MANY = r"(?:the most|the biggest|the harshest|the loudest|the fiercest|the strongest)"
_CRITICAL = r"(?:critical|scathing|dismissive|contemptuous|scornful|disparaging)"
_FOND = r"(?:complimentary|appreciative|supportive|admiring)"
_BE = r"(?:(?:ha[sd]|have) been|was|is|were|are)"
_MORE = r"((?:the )?most |)(?:very |highly |openly |publicly |more |so )?"
_DEGREE = r"(?:biggest|greatest|harshest|fiercest|strongest|sharpest|loudest|most vocal|most outspoken)"
_CRITICS = r"(?:critics?|detractors?|attackers?)"
_ADMIRERS = r"(?:admirers?|fans?|praisers?)"
_BACKERS = r"(?:supporters?|backers?|endorsers?)"
_DEFENDERS = r"defenders?"
_PRAISE = r"(?:praise|plaudits|compliments|acclaim|kind words)"
_BLAME = r"(?:criticisms?|attacks?|blame|condemnation)"
_REPORT = r"(?:articles?|reports?|stor(?:y|ies)|pieces?|coverage)"

_WHO = r"(?i:(who|which [\w -]+?))"


def _roles(words: str) -> str:
    """Return a pattern for "X's biggest critic" and "the biggest critic of X" where the noun is given."""
    most = rf"(?i:(?P<{{}}>{_DEGREE}) )?"
    whose = rf"(?P<whose>{NAME.pattern}|the [a-z ]+?)['’]s? {most.format('first')}{words}\b"
    of_whom = rf"(?:the |an? )?{most.format('second')}{words} of (?P<of>{NAME.pattern})"
    return rf"{_WHO} (?:{_BE}) (?:{whose}|{of_whom})"


_ROLES = tuple(
    (regex(words), regex(_roles(words)), verb)
    for words, verb in (
        (_CRITICS, "criticised"),
        (_ADMIRERS, "praised"),
        (_BACKERS, "endorsed"),
        (_DEFENDERS, "defended"),
    )
)

_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (regex(pattern, re.I), said)
    for pattern, said in (
        # Who was asked by whom: "by whom was X praised", "who was X praised by".
        (rf"^by (?:whom|who|(which [\w ]+?)) (?:{_BE}) (.+)$", r"who was \2 by"),
        # "Which senators did the report name among those opposing X" asks who opposed X.
        (
            rf"\bdid (?:the |this |that )?[^?]*?\b{_REPORT} (?:name|list|mention|cite|quote|count)"
            r" (?:as|among|as among) (?:(?:those|the ones|the people|people)(?: who)? )?",
            "",
        ),
        (rf"\baccording to (?:the |these |this )?{_REPORT},? ", ""),
        (r"\bsp(?:oke|eaks?|oken) (?:well|best|highly|warmly|fondly) of\b", "praised"),
        (r"\bsp(?:oke|eaks?|oken) (?:ill|badly|worst) of\b", "criticised"),
        (rf"\bsa(?:id|ys?) {_THING} {_GOOD} (?:about|of)\b", "praised"),
        (rf"\bsa(?:id|ys?) {_THING} {_BAD} (?:about|of)\b", "criticised"),
        (rf"{_HAD}(?:{_THING} )?{_GOOD}(?: words| things)?(?: to say)? (?:for|about|of)\b", "praised"),
        (rf"{_HAD}(?:{_THING} )?{_BAD}(?: words| things)?(?: to say)? (?:for|about|of)\b", "criticised"),
        (r"\bg(?:ive[sn]?|ave) ((?:the )?[\w’' ]{3,40}?) credit\b", r"praised \1"),
        (
            rf"\b(?:gave|had|offered|voiced|heaped|lavished) {_MANY} {_PRAISE} (?:for|of|on|to)\b",
            "most praised",
        ),
        (
            rf"\b(?:gave|had|offered|voiced|directed|levell?ed) {_MANY} {_BLAME} (?:for|of|at|on|against)\b",
            "most criticised",
        ),
        (rf"\b(?:heaped|lavished|showered) {_PRAISE} on\b", "praised"),
        (
            rf"\b(?:drew|received|got|earned|won|attracted) {_MANY} {_PRAISE}(?: from)?",
            "was most praised by",
        ),
        (
            rf"\b(?:drew|received|got|faced|took|attracted|came in for) {_MANY} {_BLAME}(?: from)?",
            "was most criticised by",
        ),
        (r"\b(?:found|finds?) fault with\b", "criticised"),
        (rf"^(?:was|is|were|has|had) (.+?) (?:been )?(?:ever )?{_CRITICAL} of\b", r"did \1 criticise"),
        (rf"^(?:was|is|were|has|had) (.+?) (?:been )?(?:ever )?{_FOND} of\b", r"did \1 praise"),
        (rf"\b{_BE} {_MORE}{_CRITICAL} (?:of|about|towards?)\b", r"\1criticised"),
        (rf"\b{_BE} {_MORE}{_FOND} (?:of|about|towards?)\b", r"\1praised"),
        (r"\b(?:took|takes?) (?:aim|a swipe|a jab|a shot) at\b|\blash(?:ed|es)? out at\b", "criticised"),
        (r"\b(?:went|goes|gone) after\b|\btore into\b|\bhit (?:back|out) at\b", "attacked"),
        (r"\b(?:came|comes?|coming) out (?:for|in (?:support|favou?r) of)\b", "endorsed"),
        (r"\b(?:came|comes?|coming) out against\b", "criticised"),
        (
            r"\b(?:came|comes?|rose|sprang|leapt) to ((?:the )?[^?]+?)['’]s? (?:defen[cs]e|aid)\b",
            r"defended \1",
        ),
        (r"\b(?:st(?:ood|ands?)) (?:by|up for)\b|\bvouch(?:ed|es) for\b", "defended"),
        (r"\bpaid tribute to\b|\bsang? the praises of\b", "praised"),
        (r"\bthrew (?:his|her|its|their) (?:support|weight) behind\b|\brall(?:ied|ies) behind\b", "endorsed"),
        (r"\bma[dk]e fun of\b|\bpoked? fun at\b", "mocked"),
    )
)


def with_one_verb(text: str) -> str:
    """Return the question with its way of asking who judged whom said by one verb.

    Example: "Who has been most critical of Ito?" -> "Who most criticised Ito".
    """
    normal = text.strip().rstrip("?").strip()
    for noun, role, verb in _ROLES:
        found = role.match(normal) if noun.search(normal) else None  # the noun is found sooner
        if found:
            most = "most " if found.group("first") or found.group("second") else ""
            whom = found.group("whose") or found.group("of")
            return f"{found.group(1)} {most}{verb} {whom}{normal[found.end() :]}"
    for rewrite, said in _REWRITES:
        normal = rewrite.sub(said, normal)
    return " ".join(normal.split())
