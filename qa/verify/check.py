"""Checks a sentence against the words it cites: what in it they do not hold, and how well they carry it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

import numpy as np

from index.aliases import Aliases, form_key
from index.embedders.protocol import Embedder
from index.stores.protocol import Store
from qa.schema import AnswerSentence, Citation, Support
from qa.verify.attributed import misattributed, sayers
from qa.verify.entailment import Entailment
from qa.verify.figures import figures, unborne_figures
from qa.verify.grounds import Ground, read_ground
from qa.verify.moments import known_moments, placed_moments, unborne_moments
from qa.verify.naming import Naming, common_words, missing_name, names_of
from qa.verify.quotations import find_in, folded, quotations
from qa.verify.quoted import placed
from qa.verify.replaced import Replacement, replacements
from qa.verify.reversal import plain_words, polarity, swapped_parties, turned_negation, turned_opposite
from qa.verify.support import Measures, load_weights, share_covered, support_score

UNCITED = "it cites no words of an article"
_CONTRADICTED = 0.5
_RUNS = 12
"""Sentences of one citation that are put together in every way."""
_READ_CHARS = 600
"""Of longer texts only the beginning is compared by meaning; models read about so much at once."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks sentences against one library.

    Attributes:
        entailment: A model that reads whether one text follows from another, where the user has one.
        aliases: What the user says about which names are one person's.
    """

    store: Store
    embedder: Embedder
    entailment: Entailment | None = None
    aliases: Aliases = field(default_factory=Aliases)

    def check(self, text: str, cited: Sequence[Citation]) -> AnswerSentence:
        """Check one sentence; see `check_sentence`."""
        citations = [found for one in cited if (found := placed(self.store, one))]
        if not citations:
            return AnswerSentence(text, Support.WEAK, (), 0.0, (UNCITED,))
        grounds = [read_ground(self.store, one) for one in citations]
        if is_verbatim(text, grounds):
            return AnswerSentence(text, Support.QUOTED, tuple(citations), 1.0, ())
        problems = find_problems(text, grounds, self.aliases)
        weights = load_weights()
        score = support_score(self._measures(text, grounds, len(problems)), weights)
        if self.entailment:
            follows, contradicts = self.entailment.judge(" ".join(one.window for one in grounds), text)
            score = min((score + follows) / 2, 1 - contradicts)
            if contradicts > _CONTRADICTED:
                problems = (*problems, "the cited words say the contrary")
        carried = not problems and score >= weights.threshold
        return AnswerSentence(
            text,
            Support.SUPPORTED if carried else Support.WEAK,
            tuple(citations),
            round(min(score, 0.999), 3),
            problems,
        )

    def measure(self, text: str, cited: Sequence[Citation]) -> Measures | None:
        """Return what the support of a sentence is judged by; None for a quotation and without citations."""
        grounds = [read_ground(self.store, found) for one in cited if (found := placed(self.store, one))]
        if not grounds or is_verbatim(text, grounds):
            return None
        return self._measures(text, grounds, len(find_problems(text, grounds, self.aliases)))

    def _measures(self, text: str, grounds: Sequence[Ground], problems: int) -> Measures:
        cited = " ".join(one.cited for one in grounds)
        window = " ".join(one.window for one in grounds)
        sentences = [sentence for one in grounds for sentence in one.sentences]
        covered = share_covered(text, cited, sentences)
        vectors = self.embedder.embed([text[:_READ_CHARS], cited[:_READ_CHARS], window[:_READ_CHARS]])
        likeness = float(np.max(vectors[1:] @ vectors[0]))
        return Measures(max(likeness, 0.0), covered, float(problems))


def check_sentence(
    text: str,
    cited: Sequence[Citation],
    store: Store,
    embedder: Embedder,
    entailment: Entailment | None = None,
) -> AnswerSentence:
    """Check a sentence of an answer against the words it cites.

    It is quoted when the cited words are its own, supported when nothing in it is missing from them (or from
    the sentences beside them) and they carry its meaning, else weak. Citations whose words the article no
    longer holds are left out; a sentence without any is weak.

    Args:
        text: One sentence.
        cited: The places it cites, one or more.
        store: Where the articles are.
        embedder: Compares meanings.
        entailment: A model that reads whether one text follows from another, where the user has one.

    Returns:
        The sentence with its support, score (0 to 1) and problems: what the cited words do not hold.
    """
    return Checker(store, embedder, entailment).check(text, cited)


def is_verbatim(text: str, grounds: Sequence[Ground]) -> bool:
    """Whether a sentence is all that is cited at one place, or whole sentences of it, word for word.

    A part of a sentence is no quotation of it: what was left out may have said who says so, or "not".
    """
    own = _bare(text)
    return bool(own) and any(own in _whole_runs(one) for one in grounds)


def _whole_runs(ground: Ground) -> set[str]:
    """Return the cited words and every run of whole sentences in them."""
    whole = [sentence for sentence in ground.sentences if sentence in ground.cited][:_RUNS]
    runs = {
        _bare(" ".join(whole[first:last]))
        for first in range(len(whole))
        for last in range(first + 1, len(whole) + 1)
    }
    return {_bare(ground.cited), *runs}


def _bare(text: str) -> str:
    return folded(text).strip(" \"'").rstrip(".,;: \"'")


def find_problems(text: str, grounds: Sequence[Ground], aliases: Aliases) -> tuple[str, ...]:
    """Return what in a sentence the cited words and their neighbours do not hold, in words for the reader."""
    body = normalize("NFC", " ".join(text.split()))
    found = [
        *_altered_quotations(body, grounds),
        *_missing_figures(body, grounds),
        *_missing_moments(body, grounds),
        *_missing_names(body, grounds, aliases),
        *_reversals(body, grounds),
        *_other_speakers(body, grounds, aliases),
    ]
    if not found:
        found += _replaced(body, grounds)
    return tuple(dict.fromkeys(found))


def _altered_quotations(text: str, grounds: Sequence[Ground]) -> list[str]:
    articles = [folded(one.article) for one in grounds]
    return [
        f"the quotation “{quote.words}”"
        for quote in quotations(text)
        if not any(find_in(article, quote.words) for article in articles)
    ]


def _missing_figures(text: str, grounds: Sequence[Ground]) -> list[str]:
    bare = _without(text, [(start, end) for start, end, _ in placed_moments(text)])
    held = [figure for one in grounds for part in (one.window, one.heading) for figure in figures(part)]
    return [f"the number {one.text}" for one in unborne_figures(figures(bare), held)]


def _replaced(text: str, grounds: Sequence[Ground]) -> list[str]:
    """Return what stands in the place of something else that the cited words have there."""
    found = [
        one
        for ground in grounds
        for one in replacements(text, ground.cited, ground.citation.article.published)
        if one.what != "name" or one.claimed not in ground.cited
    ]
    return [_in_place_of(one) for one in found]


def _in_place_of(one: Replacement) -> str:
    if one.what == "not":
        return f"“{one.claimed or one.held}”, which only one of the two has"
    return f"the {one.what} “{one.claimed}” (there it is “{one.held}”)"


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Blank out places of a text, so that all others stay where they are."""
    for start, end in places:
        text = text[:start] + "," * (end - start) + text[end:]
    return text


def _missing_moments(text: str, grounds: Sequence[Ground]) -> list[str]:
    held = [
        moment
        for one in grounds
        for part in (one.window, one.heading)
        for moment in known_moments(part, one.citation.article.published)
    ]
    claimed = [moment for _, _, moment in placed_moments(text)]
    return [f"the date “{one.text}”" for one in unborne_moments(claimed, held)]


def naming_of(grounds: Sequence[Ground], aliases: Aliases) -> Naming:
    """Return what the cited words, their neighbours and the articles' headings name."""
    texts = tuple(part for one in grounds for part in (one.window, one.heading))
    known = [name for one in grounds for name in (*one.mentions, *one.speakers)]
    written = {form_key(name) for name in known}
    joined = form_key(" ".join(texts))
    also = [
        name
        for people in aliases.people
        if any(form_key(form) in written or f" {form_key(form)} " in f" {joined} " for form in people)
        for name in people
    ]
    return Naming(texts, tuple(dict.fromkeys((*known, *also))))


def _missing_names(text: str, grounds: Sequence[Ground], aliases: Aliases) -> list[str]:
    held = naming_of(grounds, aliases)
    common = frozenset().union(*(common_words(one.article) for one in grounds))
    return [f"the name “{one.text}”" for one in names_of(text) if missing_name(one, held, common)]


def _reversals(text: str, grounds: Sequence[Ground]) -> list[str]:
    claim, held = polarity(text), polarity(" . ".join(one.cited for one in grounds))
    turned = turned_negation(claim, held)
    if turned:
        return [f"“{turned}”, which the cited words turn the other way"]
    opposite = turned_opposite(claim, held)
    if opposite:
        return [f"“{opposite[0]}” where the cited words have “{opposite[1]}”"]
    names = [named.text.split()[-1] for named in names_of(text)]
    swapped = swapped_parties(plain_words(text), [plain_words(one.cited) for one in grounds], names)
    return ["who does it to whom"] if swapped else []


def _other_speakers(text: str, grounds: Sequence[Ground], aliases: Aliases) -> list[str]:
    speakers = [name for one in grounds for name in one.speakers]
    spoken = [said.name for one in grounds for said in sayers(one.window)]
    outlets = [
        name
        for one in grounds
        for name in (one.citation.article.outlet, *one.citation.article.authors)
        if name
    ]
    found = misattributed(text, (*speakers, *spoken), outlets, naming_of(grounds, aliases))
    return [f"the speaker “{claimed}” (there it is “{other}”)" for claimed, other in found]
