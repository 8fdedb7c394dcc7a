from dataclasses import replace

import pytest

from bot.core.answering import goal, next_step, same_dialog, same_prompt
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.grants import grant
from bot.core.prompts import Choice, Kind, Prompt, Role
from tests.support.menu import KEYS, SHAPES, Menu, dialog

APPROVE, ALWAYS, DENY = (Decision(v) for v in (Verdict.APPROVE, Verdict.ALWAYS, Verdict.DENY))


def choose(*rows: int) -> Decision:
    return Decision(Verdict.CHOOSE, numbers=rows)


def answer(text: str) -> Decision:
    return Decision(Verdict.ANSWER, text)


def meant(shape: str, decision: Decision) -> str:
    """The row that a decision leads to, ``Esc``, or ``-`` when it is refused."""
    try:
        aim = goal(SHAPES[shape], decision)
    except Refused:
        return "-"
    match aim:
        case Cancel():
            return "Esc"
        case Mark(labels, submit):
            return f"{'+'.join(sorted(labels))} {submit.label}"
        case Write(row, text):
            return f"{row.label}: {text}"
        case Pick(row):
            return row.label


AGAIN = "Yes, and don\u2019t ask again for: npm run *"


@pytest.mark.parametrize(
    ("shape", "approve", "always", "deny"),
    [
        ("two rows", "Yes", "-", "Esc"),
        ("three rows", "Yes", AGAIN, "Esc"),
        ("four rows", "Yes", AGAIN, "Esc"),
        ("heredoc", "Yes", "-", "Esc"),
        ("no escape", "Yes", AGAIN, "No"),
        ("no first", "Yes", AGAIN, "No"),
        ("always first", "Yes", AGAIN, "No"),
        ("only wider", "-", AGAIN, "No"),
        ("deny for ever", "Yes", "-", "No"),
        ("trust", "Yes, I trust this folder", "-", "No, exit"),
        ("trust, no first", "Yes, I trust this folder", "-", "No, exit"),
        ("bypass", "Yes, I accept", "-", "No, exit"),
        ("plan", "Yes, manually approve edits", "-", "-"),
        ("older plan", "Yes, and manually approve edits", "-", "Esc"),
        ("question", "-", "-", "Esc"),
        ("several", "-", "-", "Esc"),
        ("review", "Submit answers", "-", "Cancel"),
    ],
)
def test_what_a_decision_means(shape: str, approve: str, always: str, deny: str) -> None:
    assert [meant(shape, decision) for decision in (APPROVE, ALWAYS, DENY)] == [
        approve,
        always,
        deny,
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_approve_never_widens_and_deny_never_says_yes(shape: str) -> None:
    if meant(shape, APPROVE) != "-":
        aim = goal(SHAPES[shape], APPROVE)
        assert isinstance(aim, Pick)
        assert aim.row.role in (Role.ALLOW_ONCE, Role.ACCEPT, Role.SUBMIT)
        assert grant(SHAPES[shape], aim.row) is None
    for decision in (DENY, Decision(Verdict.DENY, "use yarn")):
        assert not meant(shape, decision).lower().startswith("yes")


@pytest.mark.parametrize("reason", ["", "use yarn"])
@pytest.mark.parametrize("label", ["Yes", " yes, I deny", "YES, and never again"])
def test_a_row_for_no_that_says_yes_is_not_touched(label: str, reason: str) -> None:
    """A reading that is wrong must not become a key that allows."""
    odd = dialog(Kind.APPROVAL, [("Yes", Role.ALLOW_ONCE), (label, Role.DENY)])
    with pytest.raises(Refused):
        goal(odd, Decision(Verdict.DENY, reason))


def test_a_reason_goes_where_the_agent_takes_one() -> None:
    because = Decision(Verdict.DENY, "use yarn")
    assert meant("three rows", because) == "No: use yarn"
    # no field for it there: the reason follows as a text once the dialog is gone
    assert meant("older plan", because) == "Esc"
    assert meant("plan", because) == "Tell Claude what to change: use yarn"
    assert meant("trust", because) == "No, exit"
    assert meant("three rows", Decision(Verdict.DENY, " \n ")) == "Esc"


@pytest.mark.parametrize("shape", SHAPES)
def test_unseen_is_not_allowed_but_may_be_denied(shape: str) -> None:
    partly = replace(SHAPES[shape], complete=False)
    with pytest.raises(Refused):
        goal(partly, APPROVE)
    with pytest.raises(Refused):
        goal(partly, ALWAYS)
    for row in partly.choices:
        if row.label.startswith("Yes"):
            with pytest.raises(Refused, match="off the screen"):
                goal(partly, choose(row.n))
    if meant(shape, DENY) != "-":
        assert goal(partly, DENY) == goal(SHAPES[shape], DENY)


@pytest.mark.parametrize("kind", [Kind.MENU, Kind.UNREADABLE])
@pytest.mark.parametrize("decision", [APPROVE, ALWAYS, DENY, choose(1), answer("x")])
def test_what_cannot_be_read_is_not_answered(kind: Kind, decision: Decision) -> None:
    with pytest.raises(Refused, match="terminal"):
        goal(replace(SHAPES["three rows"], kind=kind), decision)


def test_rows_are_chosen_by_their_number() -> None:
    assert meant("four rows", choose(4)) == "No"
    assert meant("question", choose(2)) == "Go"
    assert meant("several", choose(2, 1)) == "Auth+Logs Next"
    assert meant("several", choose(4)) == "Next"
    assert meant("question", choose(2, 2)) == "Go"


@pytest.mark.parametrize(
    ("shape", "rows", "why"),
    [
        ("question", (), "no row"),
        ("question", (0,), "no row 0"),
        ("question", (9, 1), "no row 9"),
        ("question", (1, 2), "only one"),
        ("question", (3,), "your own text"),
        ("several", (1, 3), "your own text"),
        ("several", (1, 4), "only one"),
        ("plan", (3,), "your own text"),
    ],
)
def test_rows_that_cannot_be_chosen(shape: str, rows: tuple[int, ...], why: str) -> None:
    with pytest.raises(Refused, match=why):
        goal(SHAPES[shape], choose(*rows))


def test_boxes_that_read_alike_are_not_ticked() -> None:
    twice = [("Auth", Role.ANSWER), ("Auth", Role.ANSWER), ("Submit", Role.SUBMIT)]
    with pytest.raises(Refused, match="alike"):
        goal(dialog(Kind.QUESTION, twice, ticks=[False, False]), choose(1))
    with pytest.raises(Refused, match="submits"):
        goal(dialog(Kind.QUESTION, twice[:1], ticks=[False]), choose(1))


def test_an_answer_is_one_line_and_no_key() -> None:
    assert meant("question", answer("Rust\nplease\t!")) == "Type something.: Rust please !"
    assert meant("question", answer("a\x1b[201~b\rc\x03\ud800")) == "Type something.: ab c"
    assert meant("three rows", answer("x")) == "-"
    assert meant("question", answer(" \x1b\r\n")) == "-"


def test_the_dialog_that_was_seen() -> None:
    seen = SHAPES["four rows"]
    aim = goal(seen, APPROVE)
    moved = replace(
        seen, choices=tuple(replace(c, selected=c.n == 3) for c in seen.choices), span=(9, 20)
    )
    assert same_dialog(seen, moved, aim)


YES, AGAIN_ROW, MODE, NO = SHAPES["four rows"].choices


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "npm run built"},
        {"subject": "npm runbuild"},
        {"subject": "npm\nrun build"},
        {"question": "Do you want to go on?"},
        {"body": ("one more line",)},
        {"tool": "Write"},
        {"kind": Kind.PLAN},
        {"choices": (YES, AGAIN_ROW, NO)},
        {"choices": (AGAIN_ROW, YES, MODE, NO)},
        {"choices": (replace(YES, label="Yes!"), AGAIN_ROW, MODE, NO)},
        {"choices": (replace(YES, role=Role.ALLOW_ALWAYS), AGAIN_ROW, MODE, NO)},
    ],
)
def test_another_dialog_in_its_place(change: dict[str, object]) -> None:
    seen = SHAPES["four rows"]
    now = replace(seen, **change)  # type: ignore[arg-type]
    assert not same_dialog(seen, now, goal(seen, APPROVE))


def test_only_our_own_text_may_change_a_row() -> None:
    seen = SHAPES["three rows"]
    yes, again, no = seen.choices
    typed = replace(seen, choices=(yes, again, replace(no, label="use yarn")), typing=True)
    assert same_dialog(seen, typed, goal(seen, Decision(Verdict.DENY, "use yarn")))
    assert not same_dialog(seen, typed, goal(seen, APPROVE))


def test_a_resize_between_notice_and_tap() -> None:
    command = "docker run --rm -it --volume /home/me/projects/api:/work --workdir /work node:22"
    wide = replace(SHAPES["three rows"], subject=command, body=(command, "Run it"), width=120)
    rows = ("docker run --rm -it --volume /home/me/projects/", "api:/work --workdir /work node:22")
    narrow = replace(wide, body=(*rows, "Run it"), width=52)
    assert same_dialog(wide, narrow, goal(wide, APPROVE))
    assert not same_dialog(wide, replace(narrow, width=120), goal(wide, APPROVE))


def two_carets(prompt: Prompt) -> Prompt:
    return replace(prompt, choices=tuple(replace(c, selected=True) for c in prompt.choices))


def no_caret(prompt: Prompt) -> Prompt:
    return replace(prompt, choices=tuple(replace(c, selected=False) for c in prompt.choices))


@pytest.mark.parametrize("unclear", [two_carets, no_caret])
@pytest.mark.parametrize("decision", [APPROVE, choose(3), Decision(Verdict.DENY, "x")])
def test_no_key_while_the_caret_cannot_be_told(unclear, decision: Decision) -> None:  # type: ignore[no-untyped-def]
    seen = SHAPES["no escape"]
    with pytest.raises(Refused, match="which row"):
        next_step(goal(seen, decision), unclear(seen), KEYS)


@pytest.mark.parametrize("decision", [APPROVE, ALWAYS, DENY, Decision(Verdict.DENY, "x")])
def test_no_key_while_somebody_types_there(decision: Decision) -> None:
    menu = Menu.of(SHAPES["three rows"])
    menu.press(KEYS.tab)
    with pytest.raises(Refused, match="typing"):
        next_step(goal(SHAPES["three rows"], decision), menu.prompt(), KEYS)


def test_a_row_that_went_and_one_that_came_twice() -> None:
    seen = SHAPES["three rows"]
    yes, again, no = seen.choices
    for choices in ((again, no), (yes, replace(yes, n=2), no), (replace(yes, role=Role.DENY), no)):
        with pytest.raises(Refused, match="not there any more"):
            next_step(goal(seen, APPROVE), replace(seen, choices=choices), KEYS)
    aim: Goal = goal(SHAPES["several"], choose(2))
    gone = replace(SHAPES["several"], choices=SHAPES["several"].choices[2:])
    with pytest.raises(Refused, match="not there any more"):
        next_step(aim, gone, KEYS)


def test_text_that_arrives_cut_is_not_sent() -> None:
    seen = SHAPES["question"]
    aim = goal(seen, answer("use yarn instead"))
    *others, chat = (replace(c, selected=False) for c in seen.choices)
    row = Choice(3, "use yar", Role.OTHER, selected=True)
    cut = replace(seen, choices=(*others[:2], row, chat), typing=True)
    with pytest.raises(Refused, match="whole"):
        next_step(aim, cut, KEYS, written=True)
    with pytest.raises(Refused, match="closed"):
        next_step(aim, seen, KEYS, written=True)


def beside(marked: int) -> Prompt:
    rows = ("Allow once", Role.ALLOW_ONCE), ("Allow always", Role.ALLOW_ALWAYS), ("No", Role.DENY)
    choices = [Choice(n, *row, selected=n == marked) for n, row in enumerate(rows, 1)]
    return Prompt(Kind.APPROVAL, "toy", choices=tuple(choices), across=True)


def test_rows_side_by_side_are_reached_to_the_right_and_to_the_left() -> None:
    aim = goal(beside(1), ALWAYS)

    assert next_step(aim, beside(1), KEYS).words == "Right"
    assert next_step(aim, beside(3), KEYS).words == "Left"
    assert next_step(aim, beside(2), KEYS).words == "Enter"
    with pytest.raises(Refused, match="which row is marked"):
        next_step(aim, beside(0), KEYS)


def by_word(typed: str = "") -> Prompt:
    choices = (
        Choice(1, "Yes", Role.ALLOW_ONCE, word="y"),
        Choice(2, "No", Role.DENY, word="n"),
    )
    return Prompt(Kind.APPROVAL, "toy", choices=choices, typed=typed)


@pytest.mark.parametrize(("decision", "word"), [(APPROVE, "y"), (DENY, "n")])
def test_a_word_is_typed_and_counts_as_the_answer(decision: Decision, word: str) -> None:
    key = next_step(goal(by_word(), decision), by_word(), KEYS)

    assert (key.data, key.deciding, key.line) == (word.encode(), True, word)


@pytest.mark.parametrize("typed", ["y", "n", "no, wait"])
def test_behind_what_somebody_types_no_word_is_put(typed: str) -> None:
    with pytest.raises(Refused, match="somebody is typing"):
        next_step(goal(by_word(), APPROVE), by_word(typed), KEYS)


def refined(pattern: str, command: str = "mkfifo it") -> Prompt:
    choices = (
        Choice(1, "Yes", Role.ALLOW_ONCE, selected=True),
        Choice(2, f"Yes, and don\u2019t ask again for: {pattern}", Role.ALLOW_ALWAYS),
        Choice(3, "No", Role.DENY),
    )
    return Prompt(Kind.APPROVAL, "toy", "Bash", command, "Proceed?", choices, cancel_denies=True)


@pytest.mark.parametrize("decision", [APPROVE, DENY])
def test_a_pattern_that_the_agent_refines_is_no_other_dialog_for_another_row(
    decision: Decision,
) -> None:
    first, then = refined("mkfifo *"), refined("mkfifo it *")
    aim = goal(first, decision)

    assert same_prompt(first, then, aim)
    assert same_dialog(first, then, aim)
    assert not same_prompt(first, refined("mkfifo *", "mkfifo other"), aim)
    assert not same_dialog(first, refined("mkfifo *", "mkfifo other"), aim)


def test_for_whoever_chose_the_pattern_it_is_another_dialog() -> None:
    first, then = refined("mkfifo *"), refined("mkfifo it *")
    aim = goal(first, ALWAYS)

    assert not same_prompt(first, then, aim)
    assert not same_dialog(first, then, aim)
    with pytest.raises(Refused, match="not there any more"):
        next_step(aim, then, KEYS)


def test_where_tab_goes_on_it_does_so_once_the_ticks_are_right_and_from_any_row() -> None:
    prompt = SHAPES["several, by tab"]
    logs = goal(prompt, choose(2))
    both = goal(prompt, choose(1, 2))

    assert next_step(logs, prompt, KEYS).words == "Enter (mark)"
    assert next_step(both, prompt, KEYS).words == "Down"
    for aim in (goal(prompt, choose(1)), goal(prompt, choose(3))):
        key = next_step(aim, prompt, KEYS)
        assert (key.data, key.deciding) == (KEYS.tab, True)


def test_no_tab_goes_into_what_somebody_types() -> None:
    prompt = replace(SHAPES["several, by tab"], typing=True)
    typed = replace(prompt.choices[0], role=Role.OTHER)
    prompt = replace(prompt, choices=(typed, *prompt.choices[1:]))

    with pytest.raises(Refused, match="somebody is typing"):
        next_step(goal(prompt, choose(3)), prompt, KEYS)
