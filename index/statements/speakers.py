"""Who a word of the parse stands for: names, pronouns, roles, bodies, and unnamed people by description."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.patterns import regex
from index.schema import Mention, MentionKind, Sentence, Span
from index.statements.cast import Cast, is_role
from index.statements.names import AUTHOR, Gender, is_named, parse_name, same_person
from index.statements.phrases import phrase_of, words_behind_owner
from index.statements.quotes import Quote
from index.statements.wordsets import word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as TokenSpan

HE: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "himself": "m"}
SHE: dict[str, Gender] = {"she": "f", "her": "f", "hers": "f", "herself": "f"}
SPOUSES: dict[str, Gender] = {"husband": "m", "wife": "f"}
FIRST_PERSON = word_set("i me my we us our mine ours myself ourselves")
REFLEXIVE = word_set("himself herself itself themselves")
RELATIVE = word_set("who that which whom whose")
_OTHER_PRONOUNS = word_set(
    """
    it they them their its you your this these those what there itself themselves one some many others
    both everyone everybody anyone anybody someone somebody nobody none all most few such each another
    people
    """
)
_TITLE_INSIDE = regex(
    r"^.*\b(?:Mayor|Gov\.|Sen\.|Rep\.|Governor|Senator|Sheriff|President|Judge|Chairman|Chairwoman|Capt\.|Lt\.)\s"
    r"(?=[A-Z])"
)
"""What stands before the name in "Phoenix Mayor Anna Weber"."""

_NO_PEOPLE = (MentionKind.ORGANISATION, MentionKind.PLACE)
_NAMED_KINDS = (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.OTHER)
_BODY_HEADS = word_set(
    """
    administration campaign government team camp presidency transition regime foundation family
    organization organisation
    """
)
_DETERMINERS = word_set("the a an this that these those his her their its")
_BODY_NOUNS = word_set(
    """
    company network newspaper paper magazine publication agency organization organisation firm outlet website
    nonprofit broadcaster retailer automaker airline committee department court union council commission bank
    foundation university board
    """
)
_BODY_ENDINGS = word_set(
    """
    committee department court union council commission bank foundation university board agency congress
    senate house parliament party campaign administration convention
    """
)
"""Bodies whose names say what they are; "the committee" is none whose name ends otherwise."""

_BODY_REACH = 500
"""How many characters before it an organisation may stand that "the company" means."""

_LONGEST_DESCRIPTION = 8


@dataclass(frozen=True, slots=True)
class Referent:
    """Whom a word stands for.

    Attributes:
        name: Fullest name, or a description in lower case.
        span: The words that say so here, None when implied.
        kind: What is named; None for a description.
        indirect: Whether the word is a thing of the named one ("Mr. Trump's trade truce").
    """

    name: str
    span: Span | None
    kind: MentionKind | None = None
    indirect: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence as it is read: its parse, where it stands, and who was in focus before it.

    `offset` is where the parsed words begin in the article (a dateline is not parsed). `focus` holds the
    people spoken of before, the most likely antecedent first; `quoted_focus` those spoken of in the quote
    that goes on here, whom only a pronoun in it can mean. `quotes` are the article's quotes that touch
    the sentence, each with its speaker when that is known.
    """

    sentence: Sentence
    tree: "Doc"
    cast: Cast
    offset: int
    focus: tuple[str, ...] = ()
    quoted_focus: tuple[str, ...] = ()
    quotes: tuple[tuple[Quote, Referent | None], ...] = field(default=())

    def place(self, token: "Token") -> Span:
        """Return the token's range in the article."""
        start = self.offset + token.idx
        return Span(start, start + len(token.text))

    def quote_at(self, token: "Token") -> tuple[Quote, Referent | None] | None:
        """Return the quote that a token stands in."""
        place = self.place(token)
        for quote, speaker in self.quotes:
            if quote.start < place.end and place.start < quote.end:
                return quote, speaker
        return None


def resolve(scene: Scene, token: "Token", *, but: str | None = None) -> Referent | None:
    """Return whom a noun or pronoun stands for, None for words that stand for nobody we can tell.

    Args:
        scene: The sentence.
        token: Head of the noun phrase.
        but: A name that a pronoun cannot mean, such as the speaker of the quote it stands in.
    """
    word = token.lower_
    if word in FIRST_PERSON:
        return _first_person(scene, token)
    if word in REFLEXIVE:
        return _itself(scene, token, but)
    if word in HE or word in SHE:
        return _pronoun(scene, token, but)
    if word in RELATIVE:
        return _antecedent(scene, token, but)
    if word in _OTHER_PRONOUNS:
        return None
    return _noun(scene, token, but)


def _first_person(scene: Scene, token: "Token") -> Referent | None:
    quoted = scene.quote_at(token)
    if quoted is None:
        return Referent(AUTHOR, scene.place(token))
    speaker = quoted[1]
    return Referent(speaker.name, scene.place(token), speaker.kind) if speaker else None


def _antecedent(scene: Scene, token: "Token", but: str | None) -> Referent | None:
    for ancestor in token.ancestors:
        if ancestor.dep_ == "relcl":
            noun = ancestor.head
            found = resolve(scene, noun, but=but)
            # "An analyst at the Hudson Institute who ..." : a body is no "who".
            while (
                token.lower_ == "who"
                and found is not None
                and found.kind in _NO_PEOPLE
                and noun.dep_ == "pobj"
            ):
                noun = noun.head.head
                found = resolve(scene, noun, but=but)
            return found
    return None


def _itself(scene: Scene, token: "Token", but: str | None) -> Referent | None:
    """Read "himself" as the subject of its own verb."""
    for child in clause_verb(token).children:
        if child.dep_ in ("nsubj", "nsubjpass") and child != token:
            return resolve(scene, child, but=but)
    return None


def _pronoun(scene: Scene, token: "Token", but: str | None) -> Referent | None:
    """Return the person "he" or "she" means: a subject of an enclosing or earlier clause, else the focus."""
    gender = HE.get(token.lower_) or SHE[token.lower_]
    spoken_of = scene.quoted_focus if scene.quote_at(token) is not None else ()
    for name in (*_subjects_before(scene, token), *spoken_of, *scene.focus):
        if name != but and scene.cast.genders.get(name, gender) == gender:
            return Referent(name, scene.place(token), MentionKind.PERSON)
    return None


def _subjects_before(scene: Scene, token: "Token") -> Iterator[str]:
    """Yield the people who are subjects before a pronoun in its sentence, the enclosing clauses' first.

    The subject of the pronoun's own verb is nobody a pronoun in object place can mean. Who is named in a
    quote is nobody a pronoun outside it means: in "Ruiz lied," he said, "he" is not Ruiz.
    """
    within = scene.quote_at(token) is not None
    own = clause_verb(token)
    enclosing = [verb for verb in own.ancestors if verb.tag_.startswith("VB")]
    earlier = [verb for verb in token.doc[: token.i] if verb.tag_.startswith("VB") and verb != own]
    if token.dep_ == "poss":
        enclosing.insert(0, own)
    for verb in [*enclosing, *reversed(earlier)]:
        # "Even as he accused X, Giuliani ..." : a clause in front may name its subject behind.
        in_front = own.dep_ == "advcl" and own.head == verb and token.i < verb.i
        for child in verb.children:
            if child.dep_ not in ("nsubj", "nsubjpass") or not (child.i < token.i or in_front):
                continue
            if within or scene.quote_at(child) is None:
                yield from _people_at(scene, child)
    if token.dep_ not in ("nsubj", "nsubjpass"):
        before = scene.cast.between(scene.sentence.start, scene.place(token).start, MentionKind.PERSON)
        yield from (one.name for one in reversed(before) if within or not in_quote(scene, one))


def _people_at(scene: Scene, subject: "Token") -> Iterator[str]:
    """Yield the person a subject names, or whose thing it is ("Ruiz's quarrel with them ...")."""
    person = _person_of(scene, subject)
    if person is not None:
        yield person
        return
    for child in subject.children:
        if child.dep_ == "poss":
            owner = _person_of(scene, child)
            if owner is not None:
                yield owner


def in_quote(scene: Scene, mention: Mention) -> bool:
    """Whether a name stands in a quote that touches the sentence."""
    return any(quote.start < mention.end and mention.start < quote.end for quote, _ in scene.quotes)


def _person_of(scene: Scene, token: "Token") -> str | None:
    place = scene.place(token)
    mention = scene.cast.at(place.start, place.end)
    if mention is not None and mention.kind is MentionKind.PERSON:
        return mention.name
    apposed = _apposed(scene, token)
    return apposed.name if apposed else None


def clause_verb(token: "Token") -> "Token":
    """Return the verb of the clause a word stands in (the word itself when it is one)."""
    while not token.tag_.startswith(("VB", "MD")) and token.head != token:
        token = token.head
    return token


def _noun(scene: Scene, token: "Token", but: str | None) -> Referent | None:
    place = scene.place(token)
    mention = scene.cast.at(place.start, place.end)
    if token.dep_ == "appos" and (mention is None or mention.kind is not MentionKind.PERSON):
        # "Murphy, a Jupiter Democrat who ..." is about Murphy.
        renamed = _renamed(scene, token)
        if renamed is not None:
            return renamed
    if mention is not None and mention.kind in _NAMED_KINDS and is_named(mention.name):
        return Referent(mention.name, Span(mention.start, mention.end), mention.kind)
    apposed = _apposed(scene, token)
    if apposed is not None:
        return apposed
    body = _body(scene, token) or _known_body(scene, token)
    if body is not None:
        return body
    owner = owner_of(scene, token, but=None if token.lower_ in SPOUSES else but)
    spouse = _spouse(scene, owner.name, token) if owner is not None and token.lower_ in SPOUSES else None
    if spouse is not None:
        return spouse
    phrase = phrase_of(token)
    by_role = scene.cast.with_role(phrase.text) if _is_definite(phrase.text, owner) else None
    if by_role is None and owner is None and is_role(phrase.text):
        by_role = next((name for name in scene.focus if name != but and _may_be(scene, name, token)), None)
    if by_role is not None and by_role != but:
        return Referent(by_role, _span(scene, phrase), MentionKind.PERSON)
    if owner is not None and owner.kind in (MentionKind.PERSON, MentionKind.ORGANISATION):
        words = scene.tree[words_behind_owner(token) : token.i + 1].text
        return Referent(f"{owner.name}’s {words}", _span(scene, phrase), owner.kind, indirect=True)
    return _described(scene, token)


def _renamed(scene: Scene, token: "Token") -> Referent | None:
    """Return the name that a noun in apposition only describes."""
    named = _person_of(scene, token.head)
    if named is not None:
        return Referent(named, scene.place(token.head), MentionKind.PERSON)
    place = scene.place(token.head)
    mention = scene.cast.at(place.start, place.end)
    if mention is not None and mention.kind is MentionKind.ORGANISATION and token.tag_ in ("NN", "NNS"):
        return Referent(mention.name, Span(mention.start, mention.end), mention.kind)
    return None


def _spouse(scene: Scene, owner: str, token: "Token") -> Referent | None:
    """Read "her husband" as the one man of the article who has her surname."""
    surname = parse_name(owner).surname
    found = [
        name
        for name in scene.cast.counts
        if name != owner
        and parse_name(name).surname == surname
        and scene.cast.genders.get(name) == SPOUSES[token.lower_]
    ]
    if len(found) != 1:
        return None
    return Referent(found[0], _span(scene, phrase_of(token)), MentionKind.PERSON)


def _apposed(scene: Scene, token: "Token") -> Referent | None:
    """Return the name behind a description: "the mayor, Anna Weber", "the newspaper Haaretz"."""
    for child in token.children:
        if child.dep_ == "appos":
            place = scene.place(child)
            mention = scene.cast.at(place.start, place.end)
            if mention is None:
                continue
            close = mention.kind is MentionKind.ORGANISATION and token.lower_ in _BODY_NOUNS
            if mention.kind is MentionKind.PERSON or close:
                return Referent(mention.name, Span(mention.start, mention.end), mention.kind)
    return None


def _known_body(scene: Scene, token: "Token") -> Referent | None:
    """Read "the company" as the organisation named last before it, "the committee" as the last committee."""
    if token.lower_ not in _BODY_NOUNS or token.tag_ != "NN" or token.left_edge.lower_ != "the":
        return None
    if any(child.dep_ in ("prep", "relcl", "acl", "poss", "compound") for child in token.children):
        return None
    place = scene.place(token)
    before = scene.cast.between(max(0, place.start - _BODY_REACH), place.start, MentionKind.ORGANISATION)
    for mention in reversed(before):
        last = mention.name.split()[-1].casefold()
        if token.lower_ == last or (token.lower_ not in _BODY_ENDINGS and last not in _BODY_ENDINGS):
            return Referent(mention.name, _span(scene, phrase_of(token)), mention.kind)
    return None


def _may_be(scene: Scene, name: str, role: "Token") -> bool:
    """Whether somebody's gender is that of a role: "the businessman" is no woman."""
    gender = scene.cast.genders.get(name)
    if role.lower_.endswith("woman") or role.lower_ in ("lady", "queen", "widow"):
        return gender != "m"
    return gender != "f" or not (role.lower_.endswith("man") or role.lower_ in ("king", "prince", "pope"))


def _body(scene: Scene, token: "Token") -> Referent | None:
    """Read "the Trump administration" and the like: a body named for a person, place or party."""
    if token.lower_ not in _BODY_HEADS or token.i == 0:
        return None
    before = token.nbor(-1)
    owner_token = before.nbor(-1) if before.lower_ in ("'s", "’s") and before.i > 0 else before
    place = scene.place(owner_token)
    mention = scene.cast.at(place.start, place.end)
    if mention is None or mention.kind not in _NAMED_KINDS:
        return None
    owner = mention.name.split()[-1] if mention.kind is MentionKind.PERSON else mention.name
    return Referent(
        f"{owner} {token.text}", Span(mention.start, scene.place(token).end), MentionKind.ORGANISATION
    )


def owner_of(scene: Scene, token: "Token", *, but: str | None = None) -> Referent | None:
    """Return whose thing a noun is: "Trump" for "plan" in "Trump's plan", also for "the plan of Trump"."""
    for child in token.children:
        if child.dep_ == "poss":
            return resolve(scene, child, but=but)
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for inner in child.children:
                place = scene.place(inner)
                mention = scene.cast.at(place.start, place.end)
                if inner.dep_ == "pobj" and mention is not None and mention.kind is MentionKind.PERSON:
                    return Referent(mention.name, Span(mention.start, mention.end), mention.kind)
    return None


def _span(scene: Scene, phrase: "TokenSpan") -> Span:
    return Span(scene.offset + phrase.start_char, scene.offset + phrase.end_char)


def _is_definite(phrase: str, owner: Referent | None) -> bool:
    first = phrase.split(" ", 1)[0].casefold()
    return first in _DETERMINERS - {"a", "an"} and owner is None


def _described(scene: Scene, token: "Token") -> Referent | None:
    """Describe somebody unnamed in the article's words, in lower case: "a senior official"."""
    if not token.tag_.startswith("N"):
        return None
    phrase = phrase_of(token)
    if len(phrase) > _LONGEST_DESCRIPTION:
        phrase = token.doc[max(token.left_edge.i, token.i - 4) : token.i + 1]
    words = " ".join(phrase.text.split()).strip(" \"“”'‘’,")
    if not words:
        return None
    if token.tag_.startswith("NNP") and words[:1].isupper():
        # A name that the recogniser missed; one of the article's people if a surname says so.
        words = _TITLE_INSIDE.sub("", words)
        known = next((name for name in scene.cast.counts if same_person(words, name)), words)
        return Referent(known, _span(scene, phrase), MentionKind.OTHER)
    place = scene.place(phrase[0])
    if scene.cast.at(place.start, place.end) is None:
        words = words[:1].lower() + words[1:]
    return Referent(words, _span(scene, phrase))


def subject_people(scene: Scene) -> list[str]:
    """Return the people of a sentence in the order in which a later pronoun would mean them.

    Subjects of the main clause come first, then other subjects, then everybody else in order of place.
    Those named in quotes are left out: they are spoken of in the quote alone.
    """
    ranked: list[tuple[int, int, str]] = []
    for token in scene.tree:
        if token.dep_ in ("nsubj", "nsubjpass") and scene.quote_at(token) is None:
            referent = resolve(scene, token)
            if referent is not None and referent.kind is MentionKind.PERSON and not referent.indirect:
                depth = sum(1 for _ in token.head.ancestors)
                ranked.append((depth, token.i, referent.name))
    names = [name for _, _, name in sorted(ranked)]
    sentence = scene.sentence
    names += [
        mention.name
        for mention in scene.cast.between(sentence.start, sentence.end, MentionKind.PERSON)
        if not in_quote(scene, mention)
    ]
    return list(dict.fromkeys(names))
