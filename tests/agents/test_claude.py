# ruff: noqa: RUF001 - glyphs as agents draw them
from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents.claude import AGENT, NOTES
from bot.core.agent import Composer, Reading, State
from bot.core.prompts import ANSWERABLE, Role, fingerprint
from bot.core.screen import PaneFacts, Screen
from tests.support.screens import Golden, choice_as, golden_screens, same_text

SCREENS = golden_screens("claude")
BY_NAME = {golden.name: golden for golden in SCREENS}
DIALOGS = [g for g in SCREENS if g.expected["state"] in {kind.value for kind in ANSWERABLE}]
TALKING = [g for g in SCREENS if g.expected["state"] in ("idle", "working")]
ALLOWING = {Role.ALLOW_ONCE, Role.ALLOW_ALWAYS, Role.ALLOW_AND_CHANGE_MODE, Role.ACCEPT}
RUNNING = PaneFacts(command="claude")


def read(screen: Screen) -> Reading:
    return AGENT.read_screen(screen)


def all_screens(screens: list[Golden]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("golden", screens, ids=lambda golden: golden.name)


@all_screens(SCREENS)
def test_reads_a_recorded_screen(golden: Golden) -> None:
    reading = read(golden.screen)
    wanted = golden.expected

    assert reading.state.value == wanted["state"]
    if "composer" in wanted:
        assert (reading.composer.value, reading.draft) == (wanted["composer"], wanted["draft"])
    prompt = reading.prompt
    if "choices" not in wanted:
        assert prompt is None or not prompt.choices
        return
    assert prompt is not None
    labels = {choice["label"] for choice in wanted["choices"]}
    # the corpus lists rows that a key chooses: Submit and Next have none
    rows = [c for c in prompt.choices if c.label in labels or c.label not in ("Submit", "Next")]
    found = [choice_as(w, c) for w, c in zip(wanted["choices"], rows, strict=True)]
    assert found == wanted["choices"]
    for key in ("tool", "typing", "complete"):
        assert getattr(prompt, key) == wanted.get(key, getattr(prompt, key))
    for key in ("subject", "question"):
        if key in wanted:
            assert same_text(getattr(prompt, key), wanted[key])


@all_screens(DIALOGS)
def test_says_where_a_dialog_stands(golden: Golden) -> None:
    screen = golden.screen
    prompt = read(screen).prompt

    assert prompt is not None
    first, end = prompt.span
    assert 0 <= first < end <= len(screen.rows)
    for choice in prompt.choices:
        top = screen.rows[choice.rows[0]]
        assert choice.label.split()[0] in top
        assert choice.selected == ("❯" in top[:8])
        assert all(first <= row < end for row in choice.rows)
    assert sum(choice.selected for choice in prompt.choices) == 1
    assert [choice.n for choice in prompt.choices] == sorted({c.n for c in prompt.choices})
    assert prompt.cancel_denies


@all_screens(DIALOGS)
def test_shows_every_word_above_the_rows(golden: Golden) -> None:
    screen = golden.screen
    prompt = read(screen).prompt

    assert prompt is not None
    above = screen.rows[prompt.span[0] : prompt.choices[0].rows[0]]
    shown = "\n".join((*prompt.body, *NOTES))
    assert [row for row in above if re.search(r"\w", row) and row.strip(" ") not in shown] == []


@all_screens(DIALOGS)
def test_understands_a_dialog_without_pane_facts(golden: Golden) -> None:
    with_facts, bare = read(golden.screen).prompt, read(golden.bare).prompt

    assert with_facts is not None
    assert bare is not None
    assert bare.kind is with_facts.kind
    assert [c.role for c in bare.choices] == [c.role for c in with_facts.choices]


@all_screens(SCREENS)
def test_another_program_in_the_foreground_means_no_dialog(golden: Golden) -> None:
    facts = replace(golden.screen.pane, command="bash", dead=False)

    reading = read(replace(golden.screen, pane=facts))

    assert (reading.state, reading.prompt) == (State.SHELL, None)


@all_screens(DIALOGS)
def test_a_dead_pane_keeps_its_dialog_but_asks_nothing(golden: Golden) -> None:
    facts = replace(golden.screen.pane, dead=True)

    assert read(replace(golden.screen, pane=facts)).state is State.DEAD


BOX = ["─" * 80, "❯\u00a0", "─" * 80, "  ⏸ manual mode on · ? for shortcuts"]


@all_screens(DIALOGS)
def test_an_input_box_below_makes_a_dialog_text(golden: Golden) -> None:
    rows = [*golden.screen.trimmed(), "", *BOX]

    reading = read(Screen(tuple(rows), RUNNING))

    assert (reading.state, reading.prompt) == (State.IDLE, None)
    assert reading.composer is Composer.EMPTY


@all_screens(DIALOGS)
def test_a_shell_prompt_below_means_the_dialog_was_left(golden: Golden) -> None:
    rows = (*golden.screen.trimmed(), "dev@box:~/shop$")

    prompt = read(Screen(rows)).prompt

    assert prompt is None or prompt.kind not in ANSWERABLE


@all_screens([g for g in DIALOGS if g.expected["state"] == "approval"])
def test_a_label_it_does_not_know_makes_a_dialog_unreadable(golden: Golden) -> None:
    prompt = read(golden.screen).prompt
    assert prompt is not None
    for choice in prompt.choices:
        rows = list(golden.screen.rows)
        at = choice.rows[0]
        word = "Yes" if "Yes" in rows[at] else "No"
        rows[at] = rows[at].replace(word, "Sure", 1)

        changed = read(replace(golden.screen, rows=tuple(rows)))

        assert changed.state is State.UNREADABLE
        assert changed.prompt is not None
        assert not changed.prompt.choices


@pytest.mark.parametrize("facts", [True, False])
def test_a_marked_row_with_an_unknown_label_is_not_taken_for_typed_text(facts: bool) -> None:
    screen = BY_NAME["row3_120"].screen
    rows = tuple(
        row.replace("switch to auto mode · auto", "rule the world · it") for row in screen.rows
    )

    reading = read(replace(screen, rows=rows, pane=screen.pane if facts else PaneFacts()))

    assert reading.state is State.UNREADABLE


@all_screens(DIALOGS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_row_taken_away_never_turns_a_no_into_a_yes(golden: Golden, data: st.DataObject) -> None:
    screen = golden.screen
    at = data.draw(st.integers(0, len(screen.rows) - 1))
    rows = screen.rows[:at] + screen.rows[at + 1 :]

    prompt = read(replace(screen, rows=rows, ansi=None)).prompt

    if prompt is not None and prompt.kind.value == "approval":
        for choice in prompt.choices:
            assert choice.label.startswith("Yes") == (choice.role in ALLOWING)


@all_screens(TALKING)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_stands_above_the_input_box_is_never_a_dialog(
    golden: Golden, data: st.DataObject
) -> None:
    screen = golden.screen
    at = data.draw(st.integers(0, max(0, len(screen.rows) - 12)))
    more = data.draw(st.sampled_from(DIALOGS)).screen.trimmed()

    reading = read(replace(screen, rows=(*more, *screen.rows[at:]), ansi=None))

    assert reading.state in (State.IDLE, State.WORKING)


@settings(deadline=None)
@given(st.text(max_size=2000), st.booleans())
def test_any_text_gives_a_reading(text: str, known: bool) -> None:
    assert read(Screen.of(text, RUNNING if known else PaneFacts(), text)).agent == "claude"


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [row for golden in SCREENS[::9] for row in golden.screen.trimmed()] + ["", *BOX]
        ),
        max_size=40,
    )
)
def test_any_mix_of_rows_gives_a_reading(rows: list[str]) -> None:
    prompt = read(Screen(tuple(rows), RUNNING)).prompt

    if prompt is not None and prompt.kind in ANSWERABLE:
        assert prompt.choices


@pytest.mark.parametrize(
    ("below", "state"),
    [
        ("  ⏸ manual mode on · ? for shortcuts", State.IDLE),
        ("  ⏸ manual mode on · esc to interrupt", State.WORKING),
        ("  esc to interrupt · ← for agents", State.WORKING),
    ],
)
def test_the_line_below_the_box_tells_of_work(below: str, state: State) -> None:
    rows = ("● Text streams in.", "", *BOX[:3], below)

    assert read(Screen(rows, RUNNING)).state is state


@pytest.mark.parametrize(
    ("spinner", "activity"),
    [
        ("✶ Crystallizing… (7s · ↓ 21 tokens)", "Crystallizing… (7s · ↓ 21 tokens)"),
        (
            "✻ API error · retrying in 31s · attempt 1/10",
            "API error · retrying in 31s · attempt 1/10",
        ),
        ("✻ Worked for 36s · done 10:33 AM", ""),
        ("  ✶ Crystallizing… in what the agent says", ""),
    ],
)
def test_a_spinner_counts_at_the_left_edge(spinner: str, activity: str) -> None:
    reading = read(Screen(("● Text.", "", spinner, "", *BOX), RUNNING))

    assert reading.activity == activity
    assert reading.state is (State.WORKING if activity else State.IDLE)


def test_2_1_197_turns_a_wheel_in_the_title() -> None:
    facts = PaneFacts(command="claude", title="⠐ Fix the greeting")

    assert read(Screen(tuple(BOX), facts)).state is State.WORKING


@pytest.mark.parametrize(
    ("text", "composer"),
    [
        ("", Composer.EMPTY),
        ("Press up to edit queued messages", Composer.EMPTY),
        ('Try "fix the tests"', Composer.EMPTY),
        ("a draft", Composer.DRAFT),
        ("1. Yes", Composer.DRAFT),
    ],
)
def test_only_an_empty_box_counts_as_empty(text: str, composer: Composer) -> None:
    rows = (BOX[0], f"❯\u00a0{text}", *BOX[2:])

    assert read(Screen(rows, RUNNING)).composer is composer


def test_with_colours_only_faint_text_is_a_placeholder() -> None:
    rows = (BOX[0], "❯\u00a0Press up to edit queued messages", *BOX[2:])
    typed = tuple(rows)
    faint = (BOX[0], "❯\u00a0\x1b[7mP\x1b[0;2mress up to edit queued messages\x1b[0m", *BOX[2:])

    assert read(Screen(rows, RUNNING, typed)).composer is Composer.DRAFT
    assert read(Screen(rows, RUNNING, faint)).composer is Composer.EMPTY


def test_a_shell_box_is_not_typed_into() -> None:
    rows = (BOX[0], "!\u00a0", *BOX[2:])

    assert read(Screen(rows, RUNNING)).composer is Composer.DRAFT
    assert read(Screen(rows, RUNNING)).shell
    assert not read(Screen(tuple(BOX), RUNNING)).shell


def test_signals_come_from_what_the_agent_says() -> None:
    rows = (
        "❯ please print :::DONE:typed:::",
        "",
        "● Bash(echo)",
        "  ⎿  $ echo :::ERROR:in a command:::",
        "     :::ERROR:in its output:::",
        "",
        "● The tests pass.",
        "",
        "  :::DONE:all 12 tests pass, see http://127.0.0.1:80/x:::",
        "",
        *BOX,
    )

    found = read(Screen(rows, RUNNING)).signals

    assert [(s.kind.value, s.text) for s in found] == [
        ("DONE", "all 12 tests pass, see http://127.0.0.1:80/x")
    ]


def test_a_dialog_hides_no_signal_that_was_given_before() -> None:
    golden = BY_NAME["bash_short_120"]
    rows = tuple(
        row.replace("I'll remove the build folder.", ":::PROGRESS:50:::")
        for row in golden.screen.rows
    )

    reading = read(replace(golden.screen, rows=rows))

    assert reading.state is State.APPROVAL
    assert [s.text for s in reading.signals] == ["50"]


@all_screens(DIALOGS)
def test_claims_its_own_dialogs(golden: Golden) -> None:
    assert AGENT.claims(golden.bare)


def test_the_busy_line_stands_beside_no_dialog() -> None:
    busy = re.compile(AGENT.busy_line)
    for golden in DIALOGS:
        prompt = read(golden.screen).prompt
        assert prompt is not None
        assert not any(busy.search(row) for row in golden.screen.rows[slice(*prompt.span)])


TIPPED = [g for g in DIALOGS if "Tip: auto mode handles" in g.text]


@all_screens(TIPPED)
def test_the_advertisement_in_a_dialog_is_not_part_of_what_is_asked(golden: Golden) -> None:
    """It may come and go between two looks: the card stays the one that the person has."""
    prompt = read(golden.screen).prompt
    assert prompt is not None
    assert "Tip:" not in "\n".join(prompt.body)

    rows = golden.text.split("\n")
    start = next(at for at, row in enumerate(rows) if row.startswith(" Tip: "))
    end = next(at for at in range(start, len(rows)) if rows[at].endswith("below")) + 1
    without = read(Screen.of("\n".join(rows[:start] + rows[end:]), RUNNING)).prompt
    same = read(Screen.of(golden.text, RUNNING)).prompt
    assert without is not None
    assert same is not None
    assert (without.body, fingerprint(without)) == (same.body, fingerprint(same))


def test_signals_without_the_agents_screen() -> None:
    """``claude -p`` prints its answer and no input box; what was typed or is shown is none."""
    rows = (
        "$ claude -p 'print :::DONE:typed::: when ready'",
        ":::DONE:ev 1 all tests pass:::",
        "",
        "  12 - `:::DONE:shown:::` - task complete",
        "● Summary below.",
        "",
        "  :::HELP:which database? see https://x.test/a:::",
    )

    found = read(Screen(rows, RUNNING)).signals

    assert [signal.text for signal in found] == [
        "which database? see https://x.test/a",
        "ev 1 all tests pass",
    ]


def test_a_no_that_names_the_agent_in_general() -> None:
    rows = (
        "─" * 60,
        " Bash command",
        "",
        "   rm -rf build",
        "   Clean the build",
        "",
        " Do you want to proceed?",
        " ❯ 1. Yes",
        "   2. No, and tell the agent what to do differently",
        "",
        " Esc to cancel",
    )

    prompt = read(Screen(rows, RUNNING)).prompt

    assert prompt is not None
    assert [choice.role for choice in prompt.choices] == [Role.ALLOW_ONCE, Role.DENY]
