"""A user's own NLI model, its labels found by name; tried with a tiny one of random weights."""

import pytest

from index.errors import InputError, ModelError
from qa.settings import DEFAULTS, settings_text, with_values
from qa.verify import load_entailment
from qa.verify.entailment import places_of_labels

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the yard raised its price no ferry".split()


def tiny_model(folder, labels):
    """Write a model of one layer with random weights, and its tokenizer."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_model_folder_is_loaded_and_its_labels_are_read_by_name(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    tiny_model(one, ["contradiction", "entailment", "neutral"])
    tiny_model(other, ["neutral", "contradiction", "entailment"])
    follows, against = load_entailment(str(one)).judge("the yard raised its price", "no ferry")
    assert 0 < follows < 1
    assert 0 < against < 1
    assert follows + against < 1
    # the same weights under other names: what was "entailment" there is "contradiction" here
    assert load_entailment(str(other)).judge("the yard raised its price", "no ferry")[1] == pytest.approx(
        follows
    )
    again = load_entailment(str(one)).judge("the yard raised its price", "no ferry")
    assert again == (follows, against)


@pytest.mark.slow
def test_a_model_without_such_labels_is_refused(tmp_path):
    tiny_model(tmp_path, ["spam", "ham"])
    with pytest.raises(ModelError, match=r"no entailment label.*spam, ham"):
        load_entailment(str(tmp_path))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelError, match="no NLI model folder"):
        load_entailment(str(tmp_path / "nothing"))


def test_labels_are_found_in_usual_namings():
    assert places_of_labels({0: "contradiction", 1: "neutral", 2: "entailment"}) == (2, 0)
    assert places_of_labels({0: "ENTAILMENT", 1: "not_entailment"}) == (0, None)
    assert places_of_labels({0: "REFUTED", 1: "SUPPORTED", 2: "NEI"}) == (1, 0)
    with pytest.raises(ModelError, match="entailment label"):
        places_of_labels({0: "LABEL_0", 1: "LABEL_1"})


def test_the_setting_is_a_name():
    made = with_values(DEFAULTS, {"nli": "models/nli"})
    assert made.nli == "models/nli"
    assert '"nli": "models/nli"' in settings_text(made)
    with pytest.raises(InputError, match="Give a text"):
        with_values(DEFAULTS, {"nli": 3})
