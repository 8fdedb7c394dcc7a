from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.approvals import PromptState
from bot.core.cards import (
    SAME_WORDS,
    always_question,
    closed_card,
    outcome_line,
    prompt_card,
    reason_question,
    reminder_card,
    topic_of,
    urgency_of,
)
from bot.core.decisions import Decision, Verdict
from bot.core.ids import Code, Fingerprint, PromptId, SessionName
from bot.core.marks import on_tap
from bot.core.notices import Notice, PartStyle, Urgency
from bot.core.prompts import Choice, Kind, Prompt, Role, squeezed
from bot.core.records import PromptRecord
from tests.support.menu import SHAPES, dialog
from tests.support.playbook import NOON, session

BASH = replace(SHAPES["three rows"], body=("npm run build", "Build it"))


def record(prompt: Prompt = BASH, **more: object) -> PromptRecord:
    made = PromptRecord(
        id=PromptId("p1"),
        code=Code("k3f9"),
        session=SessionName("vsr-bugfix"),
        pane=session().pane,
        epoch=0,
        fingerprint=Fingerprint("f"),
        prompt=prompt,
        state=PromptState.OPEN,
        opened_at=NOON,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def text(notice: Notice) -> str:
    return "\n".join(part.text for part in notice.parts)


def taps(notice: Notice) -> dict[str, str]:
    return {button.label: button.command for button in notice.buttons}


def test_the_card_of_an_approval() -> None:
    card = prompt_card(record())
    assert card.title == "🔒 Session 'vsr-bugfix' needs approval"
    assert [part.text for part in card.parts] == [
        "Bash",
        "npm run build\nBuild it",
        "Do you want to proceed?",
        "1. Yes\n2. Yes, and don\u2019t ask again for: npm run *\n3. No",
    ]
    assert taps(card) == {"Approve": "approve k3f9", "Always…": "always k3f9", "Deny": "deny k3f9"}
    assert card.footer == (
        "Reply with: • approve vsr-bugfix • always vsr-bugfix • deny vsr-bugfix (k3f9)"
    )
    assert (card.session, card.code) == ("vsr-bugfix", "k3f9")


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (Kind.APPROVAL, "🔒 Session 'vsr-bugfix' needs approval"),
        (Kind.QUESTION, "❓ Session 'vsr-bugfix' asks a question"),
        (Kind.PLAN, "📋 Session 'vsr-bugfix' presents a plan"),
        (Kind.TRUST, "🛡 Session 'vsr-bugfix' asks before it starts"),
        (Kind.MENU, "🔧 Session 'vsr-bugfix' shows a menu"),
        (Kind.UNREADABLE, "⚠️ Session 'vsr-bugfix' waits, but I can't read this dialog"),
    ],
)
def test_titles(kind: Kind, title: str) -> None:
    assert prompt_card(record(replace(BASH, kind=kind))).title == title


def allowing(notice: Notice, prompt: Prompt) -> list[str]:
    """Commands of the card's buttons that would allow something."""
    rows = {f"choose k3f9 {c.n}" for c in prompt.choices if c.label.startswith("Yes")}
    return [
        b.command for b in notice.buttons if b.command in rows or b.command[:2] in ("ap", "al")
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_allowed_unseen(shape: str) -> None:
    partly = replace(SHAPES[shape], complete=False)
    for card in (prompt_card(record(partly)), reminder_card(record(partly), NOON)):
        assert allowing(card, partly) == []
    assert "off the agent's screen" in text(prompt_card(record(partly)))
    unnamed = prompt_card(record(replace(partly, subject="")))
    assert "What it asks for is not on the agent's screen" in text(unnamed)


@pytest.mark.parametrize("kind", [Kind.UNREADABLE, Kind.MENU])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_cannot_be_answered_offers_no_answer(shape: str, kind: Kind) -> None:
    card = prompt_card(record(replace(SHAPES[shape], kind=kind)))
    assert taps(card) == {"Show screen": "peek vsr-bugfix"}
    assert "peek vsr-bugfix" in card.footer
    assert "approve" not in card.footer


@pytest.mark.parametrize("shape", SHAPES)
def test_every_button_of_a_complete_card_is_a_row_or_a_decision(shape: str) -> None:
    prompt = SHAPES[shape]
    rows = {f"choose k3f9 {choice.n}" for choice in prompt.choices}
    rows |= {on_tap(prompt, choice, "k3f9") for choice in prompt.choices if prompt.multiple}
    commands = {button.command for button in prompt_card(record(prompt)).buttons}
    assert commands <= rows | {"approve k3f9", "always k3f9", "deny k3f9"}
    assert commands


def test_approve_is_offered_where_a_row_allows_once() -> None:
    offered = {s: "Approve" in taps(prompt_card(record(p))) for s, p in SHAPES.items()}
    assert [s for s, p in SHAPES.items() if p.kind is Kind.APPROVAL and not offered[s]] == [
        "only wider"
    ]
    assert "Always…" not in taps(prompt_card(record(SHAPES["two rows"])))


def test_rows_of_a_question_are_buttons() -> None:
    card = prompt_card(record(SHAPES["question"]))
    assert taps(card) == {
        "Python": "choose k3f9 1",
        "Go": "choose k3f9 2",
        "Cancel": "deny k3f9",
    }
    assert card.footer == "Reply with: • choose k3f9 N • answer k3f9 <your text> • deny k3f9"


def test_boxes_and_details_of_a_question() -> None:
    rows = SHAPES["several"].choices
    detailed = replace(rows[0], detail="sign in and out")
    card = prompt_card(record(replace(SHAPES["several"], choices=(detailed, *rows[1:]))))
    assert "1. ☑ Auth\n    sign in and out\n2. ☐ Logs" in text(card)
    assert "choose k3f9 N,N" in card.footer


def test_a_long_body_is_shown_whole() -> None:
    lines = tuple(f"line {number}" for number in range(3000))
    assert "\n".join(lines) in text(prompt_card(record(replace(BASH, body=lines))))


def test_a_subject_that_the_body_does_not_hold_is_shown_too() -> None:
    write = replace(BASH, tool="Write", subject="/etc/passwd", body=("+ root::0:0",))
    card = prompt_card(record(write))
    assert "/etc/passwd" in text(card)
    assert [part.style for part in card.parts if part.text == "+ root::0:0"] == [PartStyle.DIFF]
    wrapped = replace(BASH, subject="npm run build", body=("npm run bui", "ld"))
    assert text(prompt_card(record(wrapped))).count("npm run") == 2  # body and "always" row


CLAUDE = replace(
    BASH,
    body=("Bash command", "Run it", "│ npm run \\", "│   build", "", "Do you want", "to proceed?"),
    subject="npm run \\\n  build",
)


def test_nothing_of_a_dialog_is_said_twice() -> None:
    card = prompt_card(record(CLAUDE))
    assert [part.text for part in card.parts[:3]] == [
        "Bash command",
        "Run it\n│ npm run \\\n│   build",
        "Do you want to proceed?",
    ]
    assert [part.style for part in card.parts[:3]] == [
        PartStyle.TEXT,
        PartStyle.CODE,
        PartStyle.TEXT,
    ]
    barred = replace(
        SHAPES["question"], subject="Which?\nA or B", question="Which?\nA or B", body=()
    )
    asked = prompt_card(record(replace(barred, body=("☐ Choice", "", "│ Which?", "│ A or B"))))
    assert [part.text for part in asked.parts[:2]] == ["☐ Choice", "Which?\nA or B"]
    inside = replace(CLAUDE, kind=Kind.TRUST, subject="", question="Run it", body=CLAUDE.body)
    assert text(prompt_card(record(inside))).count("Run it") == 1


@pytest.mark.parametrize(
    "body",
    [
        ("Bash command", "npm run build", "Do you want to proceed? Yes"),
        ("Bash -c 'rm -rf ~'", "npm run build"),
        ("Do you want to proceed?", "Do you want to proceed?"),
        ("Bash command",),
        ("Bash command", "to proceed?"),
        ("  Bash command", "    npm run build", "  Do you want to proceed?"),
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_every_word_of_the_dialog_is_on_the_card(body: tuple[str, ...], complete: bool) -> None:
    shown = text(prompt_card(record(replace(CLAUDE, body=body, complete=complete))))
    for line in map(squeezed, body):
        assert squeezed(shown).count(line) >= [*map(squeezed, body)].count(line)
    assert squeezed(CLAUDE.subject) in squeezed(shown)


def test_a_line_of_the_command_is_no_heading() -> None:
    sly = replace(BASH, subject="Bash x; rm -rf ~", body=("Bash x; rm -rf ~", "Do it"))
    assert prompt_card(record(sly)).parts[0].text == "Bash"
    cut = replace(CLAUDE, complete=False)
    assert prompt_card(record(cut)).parts[0].text == "Bash"


def test_only_what_can_be_done_is_offered_as_a_reply() -> None:
    two = prompt_card(record(SHAPES["two rows"]))
    assert two.footer == "Reply with: • approve vsr-bugfix • deny vsr-bugfix (k3f9)"


def test_what_is_off_the_screen_says_how_to_go_on() -> None:
    card = prompt_card(record(replace(BASH, complete=False)))
    assert taps(card) == {"Show screen": "peek vsr-bugfix", "Deny": "deny k3f9"}
    assert card.footer == (
        "See it with: • peek vsr-bugfix • and answer at the terminal, or: • deny k3f9"
    )
    assert "enlarge the pane" in text(card)
    plan = prompt_card(record(replace(SHAPES["plan"], complete=False)))
    assert taps(plan)["Show screen"] == "peek vsr-bugfix"
    assert "approve" not in plan.footer
    assert "choose" not in plan.footer


HIDING = "rm\u202e -rf"


@pytest.mark.parametrize(
    "prompt",
    [
        replace(BASH, body=(HIDING,)),
        replace(BASH, subject=HIDING, body=()),
        replace(BASH, subject=HIDING),
        replace(BASH, question=HIDING),
        replace(BASH, tool=HIDING),
        dialog(Kind.APPROVAL, [(HIDING, Role.ALLOW_ONCE)]),
        replace(BASH, choices=(Choice(1, "Yes", Role.ALLOW_ONCE, detail=HIDING),)),
    ],
)
def test_what_hides_is_written_out_and_said(prompt: Prompt) -> None:
    said = text(prompt_card(record(prompt)))
    assert "rm⟨U+202E⟩ -rf" in said
    assert "\u202e" not in said
    assert "hidden characters" in said
    assert "hidden characters" not in text(prompt_card(record()))


def test_hidden_characters_in_buttons_and_endings() -> None:
    odd = dialog(Kind.QUESTION, [(HIDING, Role.ANSWER)])
    assert "rm⟨U+202E⟩ -rf" in taps(prompt_card(record(odd)))
    chosen = record(
        odd, state=PromptState.CONFIRMED, decision=Decision(Verdict.CHOOSE, numbers=(1,))
    )
    assert outcome_line(chosen) == "✓ Session 'vsr-bugfix' answered: rm⟨U+202E⟩ -rf"


DECIDED: dict[str, object] = {
    "decision": Decision(Verdict.APPROVE),
    "decided_name": "Ann",
    "decided_at": NOON,
}


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        (Verdict.APPROVE, "✓ Session 'vsr-bugfix' approved (once)"),
        (Verdict.ALWAYS, "✓ Session 'vsr-bugfix' approved (always)"),
        (Verdict.DENY, "✓ Session 'vsr-bugfix' denied"),
        (Verdict.ANSWER, "✓ Session 'vsr-bugfix' answered"),
    ],
)
def test_the_reply_to_a_decision(verdict: Verdict, line: str) -> None:
    done = record(state=PromptState.CONFIRMED, decision=Decision(verdict))
    assert outcome_line(done) == line


@pytest.mark.parametrize("state", PromptState)
def test_only_what_was_confirmed_gets_a_tick(state: PromptState) -> None:
    line = outcome_line(record(BASH, state=state, reason="why", **DECIDED))
    assert line.startswith("✓") == (state is PromptState.CONFIRMED)
    assert outcome_line(record(state=state))


def test_a_settled_card_says_how_where_by_whom_and_why() -> None:
    denied = record(
        decided_by="telegram:7001",
        state=PromptState.CONFIRMED,
        decision=Decision(Verdict.DENY, "use yarn"),
        decided_name="Ann on Telegram",
        decided_at=NOON,
    )
    card = closed_card(denied)
    assert card.title == "✓ Session 'vsr-bugfix' denied"
    assert "npm run build" in text(card)
    assert "by Ann on Telegram, " in text(card)
    assert "Reason: use yarn" in text(card)
    assert card.buttons == ()
    assert card.silent
    gone = record(replace(BASH, subject="git push --force"), state=PromptState.GONE)
    assert [part.text for part in closed_card(gone).parts] == ["git push …"]


def test_always_says_what_it_grants_and_asks_again() -> None:
    row = SHAPES["four rows"].choices[1]
    card = always_question(record(), row)
    assert card.parts[0].text == row.label
    assert taps(card) == {
        "Yes, grant that": "always k3f9 yes",
        "Just this once": "approve k3f9",
        "Deny": "deny k3f9",
    }


def test_an_always_that_is_asked_back_by_the_agent_is_not_told_as_granted() -> None:
    rows = (Choice(1, "Allow once", Role.ALLOW_ONCE), Choice(2, "Allow always", Role.ALLOW_ALWAYS))
    first = replace(rows[1], asks_back=True)
    asked = replace(SHAPES["three rows"], choices=(rows[0], first))
    done = record(asked, state=PromptState.CONFIRMED, decision=Decision(Verdict.ALWAYS))
    assert "asks once more" in closed_card(done).title
    assert "approved" not in closed_card(done).title
    confirm = replace(asked, choices=(replace(rows[1], as_shown=True),))
    assert "Always" in taps(prompt_card(record(confirm)))


def test_boxes_without_a_row_that_sends_them_are_for_the_terminal() -> None:
    """Gemini CLI 0.61.0 shows three rows at a time, OpenCode 1.18.33 has a tab for it."""
    boxes = (Choice(1, "North", Role.ANSWER, checked=False), Choice(2, "South", Role.ANSWER))
    asked = Prompt(Kind.QUESTION, "gemini", subject="Which ports?", choices=boxes)
    card = prompt_card(record(replace(asked, choices=boxes[:1], cancel_denies=True)))
    assert taps(card) == {"Show screen": "peek vsr-bugfix", "Cancel": "deny k3f9"}
    assert "answer at the terminal" in card.footer


def test_the_second_yes_means_the_row_whose_words_were_shown() -> None:
    row = SHAPES["four rows"].choices[2]
    card = always_question(record(), row)
    assert card.parts[0].text == row.label
    assert taps(card)["Yes, grant that"] == f"choose k3f9 {row.n} yes"


def test_free_words_are_not_yet_a_no() -> None:
    card = reason_question(record(), "not like this")
    assert taps(card)["Deny with this reason"] == f"deny k3f9 {SAME_WORDS}"
    assert card.parts[0].text == "not like this"
    assert all(len(button.command.encode()) <= 64 for button in card.buttons)


def test_a_reminder_has_the_same_buttons() -> None:
    card = reminder_card(record(), NOON + timedelta(minutes=4, seconds=30))
    assert card.title == "⏳ Session 'vsr-bugfix' still waits (4 min)"
    assert card.buttons == prompt_card(record()).buttons
    assert card.parts == prompt_card(record()).parts
    assert reminder_card(record(), NOON).title.endswith("(1 min)")


LONG = tuple(f"line {number}" for number in range(20))


@pytest.mark.parametrize("body", [LONG, ("x" * 700,)], ids=["lines", "characters"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_reminder_that_shows_not_all_of_it_allows_nothing(
    shape: str, body: tuple[str, ...]
) -> None:
    prompt = replace(SHAPES[shape], subject="\n".join(body), body=body)
    card = reminder_card(record(prompt), NOON)
    assert allowing(card, prompt) == []
    assert taps(card)["Show all of it"] == "status vsr-bugfix"
    assert set(taps(card).values()) <= {
        "status vsr-bugfix",
        *taps(prompt_card(record(prompt))).values(),
    }
    assert len(text(card)) < 210
    assert text(card).endswith(" …")


def test_an_unreadable_dialog_yields_to_an_approval() -> None:
    assert urgency_of(Kind.APPROVAL) is Urgency.APPROVAL
    assert urgency_of(Kind.UNREADABLE) is Urgency.HELP
    assert topic_of(record()) == "prompt:p1"


def test_a_question_that_takes_own_words_says_how() -> None:
    rows = (Choice(1, "By task", Role.ANSWER), Choice(2, "Type something.", Role.OTHER))
    for kind in (Kind.QUESTION, Kind.PLAN):
        asked = Prompt(kind, "toy", question="How?", choices=rows)
        assert "own words" in prompt_card(record(asked)).parts[-1].text
        assert "own words" not in str(prompt_card(record(replace(asked, choices=rows[:1]))).parts)
