"""Readers' sessions: each knows the whole pages, none another's changes, and what is unchanged is shared."""

import gradio as gr
import pytest
from gradio.blocks import BlocksConfig
from gradio.state_holder import SessionState

from ui.sessions import share


@pytest.fixture
def pages():
    with gr.Blocks() as made:
        box = gr.Textbox("first", label="Question")
        gr.Dropdown(["a", "b"], value="a")
        gr.HTML({"state": "idle"}, html_template="<p>${value.state}</p>")
        box.submit(lambda text: text, box, box)
    return made


def _number(pages, kind):
    return next(number for number, block in pages.blocks.items() if isinstance(block, kind))


def looks(session):
    return {number: config["props"] for number, config in session.config_values.items()}


def test_a_session_knows_what_it_would_know_without_sharing(pages):
    alone = SessionState(pages)
    share(pages)
    for _ in range(2):
        session = SessionState(pages)
        assert session.config_values == alone.config_values
        assert session.blocks_config.blocks == alone.blocks_config.blocks
        assert session.blocks_config.fns == alone.blocks_config.fns
    assert pages.get_config_file()["components"] == [*alone.config_values.values()]


def test_what_one_reader_changes_no_other_sees(pages):
    share(pages)
    one, other = SessionState(pages), SessionState(pages)
    box, choice = (_number(pages, kind) for kind in (gr.Textbox, gr.Dropdown))
    before = looks(other)
    one._update_value_in_config(box, "second")
    one[choice] = gr.Dropdown(["c"], value="c", render=False)
    one._update_config(choice)
    assert looks(one)[box]["value"] == "second"
    assert [value for _, value in looks(one)[choice]["choices"]] == ["c"]
    assert looks(other) == before == looks(SessionState(pages))


def test_no_component_is_worked_out_for_a_second_reader(pages, monkeypatch):
    share(pages)
    SessionState(pages)
    worked_out = []
    monkeypatch.setattr(BlocksConfig, "config_for_block", staticmethod(lambda *of: worked_out.append(of)))
    SessionState(pages)
    assert not worked_out
