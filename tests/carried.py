"""An oracle that knows nothing of Dateline's checks: do the cited words carry a sentence?

No parser, no model, no stems: words, figures and their order, compared as they are printed. It lets some
inventions pass, but whatever it names is not carried.
"""

import re
from itertools import pairwise

AROUND = 400
"""Characters on each side of the cited words in which the full name of "he" or "Ms. Brandt" may stand."""
WORD = re.compile(r"\d[\d.,]*\d|\w+(?:['-]\w+)*")
PLAIN = str.maketrans("‘’“”–—\u00a0\u2011", "''\"\"-- -")
LIGHT = frozenset(
    "a an the this that these those and or but nor so as of in on at by for from to into onto with about "
    "against between during before after since until over under up out off than then there here it its he "
    "him his she her they them their we us our you your i me my who whom whose which what when where why how "
    "is are was were be been being am has have had having do does did doing will shall also just too very mr "
    "mrs ms dr".split()
)
SAYING = frozenset("say says said saying tell tells told telling state states stated according".split())
TURNING = frozenset(
    "not no never none nobody nothing neither without cannot hardly barely may might could would should "
    "must if unless only almost nearly refused denied failed declined former alleged allegedly "
    "reportedly".split()
)
MOVABLE = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July "
    "August September October November December".split()
)
"""Names of times, which stand anywhere in a sentence."""
YEAR = re.compile(r"(?:19|20)\d\d")


def folded(text):
    return " ".join(text.translate(PLAIN).split())


def tokens(text):
    """Return the words as they are printed, a possessive ending and "n't" apart."""
    parted = re.sub(
        r"(?i)n't\b", " not", folded(text).replace("can't", "can not").replace("won't", "will not")
    )
    return WORD.findall(re.sub(r"'s?(?=\W|$)", "", parted))


def is_name(word):
    return word[:1].isupper()


def same(one, other):
    """Whether two words are one but for an ending."""
    one, other = one.lower(), other.lower()
    if one == other or any(map(str.isdigit, one + other)):
        return one.replace(",", "") == other.replace(",", "")
    most = min(len(one), len(other))
    begun = next((at for at in range(most) if one[at] != other[at]), most)
    return begun >= max(most - 2, 4)


def uncarried(sentence, article_text):
    """Return what a sentence says that its cited words do not; [] when it is carried.

    Args:
        sentence: An `AnswerSentence` that is shown as held by the articles.
        article_text: Gives the text of an article for its id.
    """
    if not sentence.citations:
        return ["it cites nothing"]
    cited, around = [], []
    for one in sentence.citations:
        text = article_text(one.article.id)
        if text[one.start : one.end] != one.quote or not one.quote.strip():
            return [f"“{one.quote}” is not what stands at the cited place"]
        cited.append(one.quote)
        near = text[max(one.start - AROUND, 0) : one.end + AROUND]
        around += [near, one.article.title, one.article.outlet or "", *one.article.authors]
    if sentence.support == "quoted":
        whole = folded(sentence.text).rstrip(".")
        return [] if any(whole in folded(one) for one in cited) else ["it is no quotation of the cited words"]
    return uncarried_words(sentence.text, " ".join(cited), " ".join(around))


def uncarried_words(text, cited, around=""):
    """Return what a restated sentence says that the cited words do not.

    Args:
        text: The sentence.
        cited: The cited words.
        around: Words in which a name may stand beside.
    """
    said, held, near = tokens(text), tokens(cited), tokens(around)
    content = [one for one in said if one.lower() not in LIGHT | SAYING | TURNING]
    found = [
        f"“{one}” is not there"
        for at, one in enumerate(content)
        if not any(same(one, other) for other in (*held, *(near if is_name(one) and at else ())))
        and not (is_name(one) and any(one == other for other in near))
    ]
    found += turned(said, held) + swapped(said, held, text + cited) + miscounted(said, held)
    return found + unspoken(content, said, cited)


def turned(said, held):
    """Return the words that turn a meaning and stand on one side only, before a word that stands on both."""
    return [
        f"“{word}” stands {where}, before “{follower}”"
        for own, other, where in (
            (said, held, "in the sentence only"),
            (held, said, "in the cited words only"),
        )
        for at, word in enumerate(own)
        if word.lower() in TURNING and word.lower() not in map(str.lower, other)
        for follower in next_content(own, at)
        if any(same(follower, one) for one in other)
    ]


def next_content(words, at):
    return [one for one in words[at + 1 : at + 4] if one.lower() not in LIGHT | SAYING | TURNING][:1]


def swapped(said, held, both):
    """Return the first name that stands in another order, where nothing is told in the passive."""
    if " by " in both:
        return []
    names = [one for one in said if is_name(one) and one in held and one not in MOVABLE]
    names = [one for one in names if one.lower() not in LIGHT]
    rest = iter(held)
    return [f"“{one}” stands elsewhere" for one in names if not any(one == other for other in rest)][:1]


def miscounted(said, held):
    """Return the figures that count another thing than in the cited words."""
    return [
        f"“{one} {after}” is not there"
        for one, after in pairwise(said)
        if one[0].isdigit() and not YEAR.fullmatch(one) and after.islower() and after not in LIGHT
        if not any(
            one == other and any(same(after, near) for near in held[at + 1 : at + 4])
            for at, other in enumerate(held)
        )
    ]


def unspoken(content, said, cited):
    """Return a complaint where all the words stand in somebody's speech, told as if the article said them."""
    spoken = [part for quote in re.findall(r'"([^"]+)"', folded(cited)) for part in tokens(quote)]
    outside = tokens(re.sub(r'"[^"]+"', " ", folded(cited)))
    told = any(one.lower() in SAYING for one in said)
    inside = all(any(same(one, other) for other in spoken) for one in content)
    beside = all(any(same(one, other) for other in outside) for one in content)
    return ["it is somebody's speech without the one who spoke"] if inside and not beside and not told else []
