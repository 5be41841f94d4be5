"""The trained stance model: who is praised and who is criticised, for each mention of a sentence."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InputError, ModelError
from index.schema import Span, Stance
from index.statements import stance_model
from index.statements.stance_model import (
    CARD_FILE,
    STANCES,
    WEIGHTS_FILE,
    load_stance_model,
    load_weights,
    pieces_of,
    start_stance_model,
)

SHIPPED = Path(stance_model.__file__).parent / "stance_weights"
PRAISED_AND_BLAMED = "Ms. Ardo praised Mr. Bilk, while calling Mr. Crane a disgrace."


@pytest.fixture(scope="module")
def model():
    return load_stance_model()


def mention(sentence, name):
    start = sentence.index(name)
    return sentence, Span(start, start + len(name))


def stance(model, sentence, name):
    return STANCES[int(model.probabilities([mention(sentence, name)])[0].argmax())]


@pytest.mark.parametrize(
    ("sentence", "name", "wanted"),
    [
        (PRAISED_AND_BLAMED, "Mr. Bilk", Stance.PRAISE),
        (PRAISED_AND_BLAMED, "Mr. Crane", Stance.CRITICISE),
        (PRAISED_AND_BLAMED, "Ms. Ardo", Stance.NEUTRAL),
        ("Mr. Olan attacked Ms. Perrin over the budget.", "Ms. Perrin", Stance.CRITICISE),
        ("Ms. Perrin was attacked by Mr. Olan over the budget.", "Ms. Perrin", Stance.CRITICISE),
        ("Mr. Fenn met Ms. Dray on Tuesday in Geneva.", "Ms. Dray", Stance.NEUTRAL),
        ("“He is the finest mayor this city has had,” Ms. Tarn said.", "He", Stance.PRAISE),
        ("“She lied to all of us,” the former aide said of Senator Quill.", "She", Stance.CRITICISE),
        ("“She lied to all of us,” the former aide said.", "the former aide", Stance.NEUTRAL),
        ("Mr. Holt thanked the Kazakh president for his wise rule.", "the Kazakh president", Stance.PRAISE),
        ("Ms. Voss said Mr. Holt had called her a genius.", "her", Stance.PRAISE),
    ],
)
def test_the_stance_belongs_to_the_target(model, sentence, name, wanted):
    assert stance(model, sentence, name) is wanted


def test_two_names_change_places_with_their_roles(model):
    one = model.probabilities([mention(PRAISED_AND_BLAMED, "Mr. Bilk")])[0]
    swapped = "Ms. Ardo praised Mr. Crane, while calling Mr. Bilk a disgrace."
    other = model.probabilities([mention(swapped, "Mr. Bilk")])[0]
    praise, blame = STANCES.index(Stance.PRAISE), STANCES.index(Stance.CRITICISE)
    assert one[praise] > other[praise] + 0.3
    assert other[blame] > one[blame] + 0.3


def test_rows_are_probabilities_in_the_order_asked_and_depend_on_no_other(model):
    mentions = [
        mention(PRAISED_AND_BLAMED, "Mr. Crane"),
        mention("Mr. Fenn met Ms. Dray.", "Ms. Dray"),
        mention(PRAISED_AND_BLAMED, "Mr. Bilk"),
        mention("Mr. Fenn met Ms. Dray.", "Mr. Fenn"),
    ]
    rows = model.probabilities(mentions)
    assert rows.dtype == np.float32
    assert rows.shape == (4, 3)
    assert rows.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.array_equal(model.probabilities(mentions[::-1])[::-1], rows)
    for place, one in enumerate(mentions):
        assert np.array_equal(model.probabilities([one])[0], rows[place])


def test_no_mentions_give_no_rows(model):
    assert model.probabilities([]).shape == (0, 3)


def test_a_sentence_is_read_once_for_all_its_mentions(model):
    class Counting:
        def __init__(self, session):
            self.session, self.runs = session, 0

        def run(self, outputs, inputs):
            self.runs += 1
            return self.session.run(outputs, inputs)

    lower = Counting(model._lower)
    counted = stance_model.StanceModel(lower, model._upper, model._tokenizer, window=256)
    names = ("Ms. Ardo", "Mr. Bilk", "Mr. Crane")
    counted.probabilities([mention(PRAISED_AND_BLAMED, name) for name in names])
    assert lower.runs == 1


def test_of_a_long_sentence_the_words_around_the_target_count(model):
    filler = "and then the committee went on to the next of its many points " * 60
    praising = (
        f"Mr. Fenn met the press {filler}and Ms. Ardo praised Mr. Bilk as honest and brilliant {filler}."
    )
    blaming = f"Mr. Fenn met the press {filler}and Ms. Ardo attacked Mr. Bilk as corrupt and cruel {filler}."
    assert stance(model, praising, "Mr. Bilk") is Stance.PRAISE
    assert stance(model, blaming, "Mr. Bilk") is Stance.CRITICISE
    far = [model.probabilities([mention(sentence, "Mr. Fenn")]) for sentence in (praising, blaming)]
    assert np.array_equal(*far)
    sentence = praising
    # The very last words, and a target that is itself longer than what the model reads.
    assert model.probabilities([(sentence, Span(len(sentence) - 1, len(sentence)))]).shape == (1, 3)
    assert model.probabilities([(sentence, Span(0, len(sentence)))]).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("span", [Span(-1, 3), Span(3, 3), Span(5, 3), Span(3, 99), Span(40, 50)])
def test_a_mention_outside_its_sentence_is_refused(model, span):
    with pytest.raises(InputError, match="not in its sentence of 21 characters"):
        model.probabilities([("Mr. Fenn met Ms. Dray", span)])


@given(text=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=60), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_and_any_part_of_it_gives_probabilities(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    row = load_stance_model().probabilities([(text, Span(start, end))])[0]
    assert row.sum() == pytest.approx(1, abs=1e-4)
    assert (row >= 0).all()


def test_pieces_are_those_that_share_a_character():
    offsets = [(0, 0), (0, 3), (3, 4), (5, 9), (0, 0)]
    assert pieces_of(offsets, Span(1, 4)) == [1, 2]
    assert pieces_of(offsets, Span(3, 6)) == [2, 3]
    assert pieces_of(offsets, Span(4, 5)) == [0]


def test_no_torch_is_loaded(root):
    code = (
        "import sys; from index.schema import Span;"
        "from index.statements.stance_model import load_stance_model;"
        "load_stance_model().probabilities([('He won.', Span(0, 2))]);"
        "assert not {'torch', 'transformers', 'spacy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def copied(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "weights"))


def test_the_shipped_weights_are_small_and_complete(copied):
    weights = load_weights(copied)
    assert weights["head.weight"].shape == (3, 3 * 384)
    assert sum(file.stat().st_size for file in copied.iterdir()) < 25_000_000


@pytest.mark.parametrize("file", [WEIGHTS_FILE, CARD_FILE])
def test_missing_files_are_named(copied, file):
    (copied / file).unlink()
    with pytest.raises(ModelError, match=r"stance weights.*cannot be read.*part of Dateline"):
        load_weights(copied)


def test_damaged_weights_are_refused(copied):
    with (copied / WEIGHTS_FILE).open("r+b") as weights:
        weights.seek(5_000)
        weights.write(b"\xff\xff")
    with pytest.raises(ModelError, match="are damaged"):
        load_weights(copied)


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"weights_sha256": 3}'])
def test_a_damaged_card_is_refused(copied, card):
    (copied / CARD_FILE).write_text(card, encoding="utf-8")
    with pytest.raises(ModelError):
        load_weights(copied)


def test_weights_without_a_head_are_refused():
    with pytest.raises(ModelError, match=r"no tensor 'head\.weight'"):
        start_stance_model({"marker": np.zeros(384, np.float32)})


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(("name", "floor"), [("dev_rw", 0.77), ("dev_mt", 0.70)])
def test_quality_on_newsmtsc(model, shared, name, floor):
    from training.figures import macro_f1
    from training.newsmtsc import mentions_of, read_judged, stances_of

    rows = read_judged(shared / "data" / "newsmtsc" / f"{name}.jsonl")
    said = model.probabilities(mentions_of(rows)).argmax(axis=1)
    assert macro_f1(said, stances_of(rows)) >= floor


def test_the_card_says_what_the_weights_were_trained_on():
    card = json.loads((SHIPPED / CARD_FILE).read_text(encoding="utf-8"))
    text = (SHIPPED / "CARD.md").read_text(encoding="utf-8")
    assert card["train_sha256"] in text
    assert str(card["dev_rw"]["macro_f1"]).lstrip("0") in text
