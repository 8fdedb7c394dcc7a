import textwrap
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.prompts import Choice, Kind, Prompt, Role, canonical, fingerprint, squeezed
from tests.support.playbook import ALWAYS, NO, YES, prompt

BUILD = prompt("npm run build", body=("npm run build", "Build it"))


@pytest.mark.parametrize(
    "same",
    [
        replace(BUILD, choices=(replace(YES, selected=False), ALWAYS, replace(NO, selected=True))),
        replace(BUILD, choices=(replace(YES, checked=True), ALWAYS, NO)),
        replace(BUILD, choices=(replace(YES, rows=(4, 5)), ALWAYS, NO)),
        replace(BUILD, choices=(replace(YES, detail="once"), ALWAYS, NO)),
        replace(BUILD, span=(10, 20)),
        replace(BUILD, typing=True),
        replace(BUILD, complete=False),
        replace(BUILD, width=80),
        replace(BUILD, subject="npm run\nbuild"),
        replace(BUILD, subject="npm run bui\nld"),
        replace(BUILD, body=("npm run", "build", "Build it")),
        replace(BUILD, body=(" │ npm run", " │ build", "Build it")),
    ],
)
def test_what_does_not_make_another_prompt(same: Prompt) -> None:
    assert fingerprint(same) == fingerprint(BUILD)


@pytest.mark.parametrize(
    "other",
    [
        replace(BUILD, subject="npm run built"),
        replace(BUILD, subject="NPM run build"),
        replace(BUILD, question="Do you want to go on?"),
        replace(BUILD, tool="Write"),
        replace(BUILD, kind=Kind.PLAN),
        replace(BUILD, choices=(YES, NO)),
        replace(BUILD, choices=(YES, NO, ALWAYS)),
        replace(BUILD, choices=(YES, replace(ALWAYS, label="Yes, for ever"), NO)),
        replace(BUILD, choices=(replace(YES, label="YesYes"), replace(ALWAYS, label=""), NO)),
        replace(BUILD, subject="", body=("npm run", "build")),
        replace(BUILD, body=("npm run build", "Build that")),
    ],
)
def test_what_makes_another_prompt(other: Prompt) -> None:
    assert fingerprint(other) != fingerprint(BUILD)


def test_without_a_subject_the_body_is_what_is_asked() -> None:
    raw = Prompt(Kind.UNREADABLE, "claude", body=("Something", "waits"))
    assert fingerprint(raw) != fingerprint(replace(raw, body=("Something", "else")))
    assert fingerprint(raw) == fingerprint(replace(raw, body=("Some", "thing waits")))


def test_composed_and_decomposed_letters_are_one() -> None:
    assert fingerprint(prompt("cat café")) == fingerprint(prompt("cat cafe\u0301"))
    assert canonical(" cafe\u0301 \n au  lait ") == "café au lait"
    assert squeezed("cafe\u0301 au\tlait") == "caféaulait"


@pytest.mark.parametrize("char", ["\ud800", "\x00", "\u202e"])
def test_any_text_has_a_fingerprint(char: str) -> None:
    assert fingerprint(prompt(f"rm {char}x")) != fingerprint(prompt("rm x"))


WORDS = st.lists(st.text("abc/-.*'\"$é漢", min_size=1, max_size=90), min_size=1, max_size=30)
LABEL = "Yes, and don't ask again for: a very long command that has to be wrapped somewhere *"


@given(WORDS, st.integers(20, 80), st.integers(81, 200))
def test_a_resize_makes_no_new_prompt(words: list[str], narrow: int, wide: int) -> None:
    """Between words and inside those that are longer than a row."""

    def drawn(width: int) -> Prompt:
        def wrapped(text: str) -> str:
            return textwrap.fill(text, width)

        choices = (YES, Choice(2, wrapped(LABEL), Role.ALLOW_ALWAYS), NO)
        return prompt(wrapped(" ".join(words)), *choices, question=wrapped("Go on? " * 20))

    assert fingerprint(drawn(narrow)) == fingerprint(drawn(wide))


def test_ticks_above_a_question_are_no_other_question() -> None:
    asked = Prompt(Kind.QUESTION, "claude", subject="Which?", body=("←  ☐ Checks  ✔ Submit  →",))
    ticked = replace(asked, body=("←  ☒ Checks  ✔ Submit  →",))
    assert fingerprint(ticked) == fingerprint(asked)
    other = replace(asked, kind=Kind.APPROVAL)
    assert fingerprint(replace(ticked, kind=Kind.APPROVAL)) != fingerprint(other)
