"""The trained reader: where in a passage the answer to a question stands."""

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedders import minilm_folder
from index.embedders.onnx_runtime import read_tokenizer, start_session
from index.errors import ModelError
from qa.reader import Found, Reading, load_reader, model
from qa.reader.graph import draw_reader
from qa.reader.model import CARD_FILE, WEIGHTS_FILE, load_weights, pack, reading_of, unpack
from qa.reader.pairs import LONGEST, Pair
from qa.reader.weighing import agreement, own_span

SHIPPED = Path(model.__file__).parent / "weights"
FLOOD = "The flood in Orvale killed 31 people on Tuesday, mayor Lena Dray said."


@pytest.fixture(scope="module")
def reader():
    return load_reader()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many people were killed by the flood in Orvale?", "31"),
        ("When did the flood in Orvale kill 31 people?", "Tuesday"),
        ("Where did the flood kill 31 people?", "Orvale"),
    ],
)
def test_the_words_that_answer_are_found(reader, question, answer):
    reading = reader.score(question, [FLOOD])[0]
    best = reading.spans[0]
    assert answer in FLOOD[best.start : best.end]
    assert reading.margin > 0


def test_a_passage_about_other_things_has_a_lower_margin(reader):
    question = "How many people were killed by the flood in Orvale?"
    other = "The council met on Monday to talk about the new library and its opening hours."
    right, wrong = reader.score(question, [FLOOD, other])
    assert right.margin > wrong.margin + 1


def test_no_reading_depends_on_the_other_passages(reader):
    question = "Who is the mayor?"
    alone = [reader.score(question, [passage])[0] for passage in (FLOOD, "A short one.")]
    assert reader.score(question, [FLOOD, "A short one."]) == alone


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=60), st.text(max_size=400))
def test_spans_lie_within_any_passage_and_do_not_overlap(question, passage):
    reading = load_reader().score(question, [passage])[0]
    assert reading.no_answer <= 1e-5
    assert math.isfinite(reading.margin)
    for place, span in enumerate(reading.spans):
        assert 0 <= span.start < span.end <= len(passage)
        assert span.log_probability <= 1e-5
        assert all(span.end <= other.start or other.end <= span.start for other in reading.spans[:place])
    likely = [span.log_probability for span in reading.spans]
    assert likely == sorted(likely, reverse=True)


def test_a_long_passage_is_read_to_its_limit(reader):
    reading = reader.score("Who spoke?", ["Ms. Dray spoke. " + "word " * 400])[0]
    assert 0 < reading.spans[0].end < LONGEST * 6


def test_scores_become_probabilities():
    pair = Pair((101, 7, 102, 8, 9, 102), 3, (), ((0, 3), (4, 7)))
    scores = np.log(np.array([[1, 2], [9, 9], [9, 9], [6, 1], [3, 5], [9, 9]], dtype=np.float32))
    reading = reading_of(scores, pair, limit=2)
    assert reading.no_answer == pytest.approx(math.log(1 / 10) + math.log(2 / 8), abs=1e-5)
    assert (reading.spans[0].start, reading.spans[0].end) == (0, 7)
    assert reading.spans[0].log_probability == pytest.approx(math.log(6 / 10 * 5 / 8), abs=1e-5)
    assert len(reading.spans) == 1  # any other range overlaps the best


@given(st.lists(st.floats(-4, 4, width=32), min_size=6, max_size=6))
def test_packed_weights_are_within_half_a_step(values):
    matrix = np.array(values, dtype=np.float32).reshape(2, 3)
    name = "encoder.layer.5.output.dense.weight"
    back = unpack(pack({name: matrix}))
    assert list(back) == [name]
    step = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    assert np.all(np.abs(back[name] - matrix) <= step * 0.501)


def test_damaged_weights_are_refused(tmp_path):
    for name in (WEIGHTS_FILE, CARD_FILE):
        shutil.copy(SHIPPED / name, tmp_path)
    content = bytearray((tmp_path / WEIGHTS_FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        load_weights(tmp_path)
    (tmp_path / CARD_FILE).write_text(json.dumps({}))
    with pytest.raises(ModelError, match="cannot be read"):
        load_weights(tmp_path)


@pytest.mark.slow
def test_reading_loads_no_torch(root):
    code = (
        "import sys; from qa.reader import load_reader; "
        "assert 'onnxruntime' not in sys.modules; "
        "load_reader().score('Who?', ['Ms. Dray spoke.']); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


@pytest.mark.slow
def test_the_graph_computes_what_was_trained():
    import torch

    from index.embedders import minilm_folder
    from index.embedders.onnx_runtime import read_tokenizer, start_session
    from qa.reader.graph import MARKS, PIECES, SCORES, draw_reader
    from qa.reader.pairs import pair_up
    from training.reader_network import Example, ReaderNetwork, collate

    folder, own = minilm_folder(), load_weights(SHIPPED)
    trained = min(int(name.split(".")[2]) for name in own if name.startswith("encoder."))
    network = ReaderNetwork(folder, read_from=trained, dropout=0.0).eval()
    network.load_shipped(own)
    session = start_session(draw_reader(folder, own, eight_bit=False), folder)
    question = "How many people were killed by the flood in Orvale?"
    for pair in pair_up(read_tokenizer(folder), question, [FLOOD, "Nobody was hurt.", f"{FLOOD} {FLOOD}"]):
        marks = np.zeros((len(pair.pieces), 2), dtype=np.float32)
        marks[pair.first : pair.first + len(pair.offsets), 0] = 1
        marks[list(pair.matched), 1] = 1
        drawn = session.run([SCORES], {PIECES: np.array([pair.pieces], dtype=np.int64), MARKS: marks})[0]
        with torch.inference_mode():
            batch = collate([Example(pair.pieces, pair.first, pair.matched, 0, 0, 0)])
            wanted = network(batch)[0].T.numpy()
        read = [0, *range(pair.first, pair.first + len(pair.offsets))]
        assert np.abs(drawn[read] - wanted[read]).max() < 1e-3


def test_a_candidate_gains_by_odds_and_overlap():
    sure = Reading((Found(10, 20, -0.1),), -5.0)
    unsure = Reading((Found(10, 20, -6.0),), -0.1)
    same, half, other = (agreement(sure, *span) for span in ((10, 20), (10, 15), (30, 40)))
    assert same > half > other > agreement(unsure, 30, 40)
    assert agreement(sure, 10, 20) > agreement(unsure, 10, 20) >= agreement(None, 10, 20)
    assert all(0.86 < agreement(reading, 0, 5) < 2.34 for reading in (sure, unsure, None))


def test_the_reader_answers_where_no_rule_does():
    assert own_span(Reading((Found(0, 4, -0.2), Found(6, 9, -3.0)), -2.0)) == Found(0, 4, -0.2)
    assert own_span(Reading((), -0.1)) is None
    assert own_span(None) is None


def test_readings_do_not_depend_on_the_threads(reader):
    passages = [
        f"The harbour of Orvale has {number} cranes and {number + 3} ferries." for number in range(12)
    ]
    folder = minilm_folder()
    session = start_session(draw_reader(folder, load_weights(SHIPPED)), folder)
    one, two = (model.Reader(session, read_tokenizer(folder), threads=threads) for threads in (1, 2))
    question = "How many cranes has the harbour?"
    assert one.score(question, passages) == two.score(question, passages) == reader.score(question, passages)
    assert one.score(question, []) == two.score(question, []) == []
