# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

from bot.core.dialogs import find_options
from bot.core.forms import fill, raw
from bot.core.panels import panel_above
from bot.core.prompts import Kind, Prompt, Role

ROWS = ("─" * 40, " Title", "", " Go on?", " ❯ 1. Yes", "   2. No", "", " Esc to cancel")


def test_a_prompt_from_a_form() -> None:
    options = find_options(ROWS)
    assert options is not None
    panel = panel_above(ROWS, options)
    base = Prompt(Kind.APPROVAL, "toy", subject="it")

    prompt = fill(base, options, panel, lambda row, label: Role.ANSWER)

    assert prompt is not None
    assert (prompt.question, prompt.subject, prompt.complete) == ("Go on?", "it", True)
    assert prompt.span == (0, 8)
    assert prompt.body == ("Title", "", "Go on?")
    assert fill(base, options, panel, lambda row, label: None) is None


def test_a_raw_prompt_has_nothing_to_choose() -> None:
    prompt = raw("toy", Kind.UNREADABLE, ROWS, 0)

    assert prompt.body[0] == " Title"
    assert not prompt.choices
