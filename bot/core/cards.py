"""Prompts as notices: the words a person gets on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.answering import ALLOWING
from bot.core.approvals import PromptState
from bot.core.decisions import Verdict
from bot.core.grants import grant
from bot.core.layout import dedented, trimmed
from bot.core.marks import box, marked, on_tap
from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle, Urgency
from bot.core.prompts import ANSWERABLE, Choice, Kind, Prompt, Role, squeezed
from bot.core.records import PromptRecord
from bot.core.visible import has_hidden, reveal

_TITLES = {
    Kind.APPROVAL: "🔒 Session '{name}' needs approval",
    Kind.QUESTION: "❓ Session '{name}' asks a question",
    Kind.PLAN: "📋 Session '{name}' presents a plan",
    Kind.TRUST: "🛡 Session '{name}' asks before it starts",
    Kind.MENU: "🔧 Session '{name}' shows a menu",
    Kind.UNREADABLE: "⚠️ Session '{name}' waits, but I can't read this dialog",
}

SAME_WORDS = "↩"
"""As a reason: the words this person last sent to that card (a button holds 64 bytes at most)."""

_DIFF_TOOLS = frozenset({"Edit", "Write"})
_ALLOW = frozenset({Role.ALLOW_ONCE, Role.ACCEPT, Role.SUBMIT})


def urgency_of(kind: Kind) -> Urgency:
    return Urgency.HELP if kind is Kind.UNREADABLE else Urgency.APPROVAL


def topic_of(record: PromptRecord) -> str:
    return f"prompt:{record.id}"


def session_topic(session: str) -> str:
    return f"session:{session}"


_UPPER = "part:"


def upper_part_of(topic: str) -> str:
    """For messages that go with a card, as those above it that hold what did not fit: a reply to
    one is a reply to the card, but when the card changes they stay as they are."""
    return topic if topic.startswith(_UPPER) else _UPPER + topic


def subject_of(topic: str) -> tuple[str, str]:
    """``prompt`` or ``session``, and which one; empty for anything else."""
    kind, _, subject = topic.removeprefix(_UPPER).partition(":")
    # a name is one word: after it stands which card of that session it is
    return (kind, subject.split(" ")[0]) if kind in ("prompt", "session") else ("", "")


def prompt_card(record: PromptRecord) -> Notice:
    """The card of an open prompt: everything the dialog shows first, the buttons after it."""
    prompt = record.prompt
    return Notice(
        kind=NoticeKind.PROMPT,
        title=_TITLES[prompt.kind].format(name=record.session),
        parts=_content(prompt),
        buttons=_buttons(record),
        footer=_footer(record),
        session=record.session,
        code=record.code,
    )


def marked_card(record: PromptRecord, rows: Sequence[int]) -> Notice:
    """The same card with other rows ticked. Raises Refused for rows that cannot be."""
    prompt = marked(record.prompt, rows)
    card = prompt_card(replace(record, prompt=prompt))
    labels = [reveal(choice.label) for choice in prompt.choices if choice.checked]
    return replace(card, title=f"{card.title} · ☑ {', '.join(labels)}" if labels else card.title)


def _content(prompt: Prompt) -> tuple[Part, ...]:
    """Everything once: what stands in the body already, at whatever width, is not repeated."""
    heading, whole = _headed(prompt)
    above = _before_question(whole, prompt.question)
    body = dedented(above)
    parts = [Part(reveal(heading))] if heading else []
    if not _holds((*body, prompt.question), prompt.subject):
        parts.append(Part(reveal(prompt.subject), PartStyle.CODE))
    if body:
        style = PartStyle.DIFF if prompt.tool in _DIFF_TOOLS else PartStyle.CODE
        parts.append(Part(reveal("\n".join(body)), style))
    rows = _row_lines(prompt)
    if prompt.unseen_rows:
        rows.append(_MORE_ROWS)
    if has_hidden("\n".join((prompt.tool, prompt.subject, *prompt.body, prompt.question, *rows))):
        parts.append(Part("⚠️ It contains hidden characters; they are written out here."))
    if not prompt.complete:
        parts.append(Part(_UNSEEN.format("A part of it is off" if prompt.subject else _NOTHING)))
    if above != whole or not _holds(body, prompt.question):
        parts.append(Part(reveal(prompt.question)))
    if rows:
        parts.append(Part(reveal("\n".join(rows))))
    if prompt.kind in (Kind.QUESTION, Kind.PLAN) and _takes_words(prompt):
        parts.append(Part("✎ Or reply to this in your own words."))
    return tuple(parts)


def _takes_words(prompt: Prompt) -> bool:
    return prompt.unseen_rows or any(
        choice.role in (Role.OTHER, Role.FEEDBACK) for choice in prompt.choices
    )


_MORE_ROWS = "⋮ Its list goes on: the agent shows a few rows at a time."
_NOTHING = "What it asks for is not on"
_UNSEEN = (
    "⚠️ {} the agent's screen, so it can't be allowed from here: "
    "enlarge the pane, or answer at the terminal."
)


def _headed(prompt: Prompt) -> tuple[str, tuple[str, ...]]:
    """The tool, or the title of the dialog that names it: ``Bash command`` says ``Bash``."""
    tool = prompt.tool if prompt.kind is Kind.APPROVAL else ""
    title = prompt.body[0] if prompt.body else ""
    names_it = bool(tool) and title.split(" ")[0] == tool and not _holds([prompt.subject], title)
    if names_it and prompt.complete:
        return title, dedented(trimmed(prompt.body[1:]))
    return tool, prompt.body


def _before_question(body: Sequence[str], question: str) -> tuple[str, ...]:
    """What stands above the question that ends it: that one is a part of its own."""
    wanted = squeezed(question)
    for start in range(len(body) - 1, -1, -1):
        tail = body[start:]
        if wanted and wanted in (squeezed("".join(tail)), squeezed(_unbarred(tail))):
            return trimmed(body[:start])
        if len(squeezed(_unbarred(tail))) > len(wanted):
            break
    return tuple(body)


def _holds(lines: Sequence[str], text: str) -> bool:
    wanted = squeezed(text)
    return wanted in squeezed("".join(lines)) or wanted in squeezed(_unbarred(lines))


def _unbarred(lines: Sequence[str]) -> str:
    """Without the bar that an agent draws before each line of a longer text."""
    return "".join(line.lstrip().removeprefix("│") for line in lines)


def _row_lines(prompt: Prompt) -> list[str]:
    lines = []
    for choice in (choice for choice in prompt.choices if choice.n):
        lines.append(f"{choice.n}. {box(choice)}{choice.label}")
        if choice.detail:
            lines.append(f"    {choice.detail}")
    return lines


def _buttons(record: PromptRecord) -> tuple[Button, ...]:
    prompt, code = record.prompt, record.code
    if prompt.kind in (Kind.APPROVAL, Kind.TRUST):
        return (*_looking(record), *_decision_buttons(prompt, code))
    if prompt.kind not in ANSWERABLE:
        return tuple(_looking(record))
    offered = [choice for choice in prompt.choices if _tappable(choice, prompt)]
    rows = _looking(record) + [_row_button(choice, code, prompt) for choice in offered]
    if prompt.cancel_denies and not any(choice.role is Role.CANCEL for choice in prompt.choices):
        rows.append(Button("Cancel", f"deny {code}", ButtonStyle.DENY))
    return tuple(rows)


def _looking(record: PromptRecord) -> list[Button]:
    """Where the card can't show it all, the screen shows what there is."""
    prompt = record.prompt
    if prompt.unseen_rows and prompt.kind in ANSWERABLE:
        return [Button("Show all rows", f"rows {record.code}")]
    if prompt.complete and prompt.kind in ANSWERABLE and prompt.submits:
        return []
    return [Button("Show screen", f"peek {record.session}")]


def _decision_buttons(prompt: Prompt, code: str) -> tuple[Button, ...]:
    buttons = []
    has = prompt.with_role
    if prompt.complete and (has(Role.ALLOW_ONCE) or has(Role.ACCEPT)):
        buttons.append(Button("Approve", f"approve {code}", ButtonStyle.ALLOW))
    always = has(Role.ALLOW_ALWAYS) or has(Role.ACCEPT_ALWAYS)
    if prompt.complete and always:
        buttons.append(Button("Always" if always.as_shown else "Always…", f"always {code}"))
    buttons.append(Button("Deny", f"deny {code}", ButtonStyle.DENY))
    return tuple(buttons)


def _tappable(choice: Choice, prompt: Prompt) -> bool:
    unseen = choice.role in ALLOWING and not prompt.complete
    if unseen or (choice.checked is not None and not prompt.submits):
        return False
    return choice.role not in (Role.OTHER, Role.FEEDBACK, Role.CHAT, Role.BACK)


def _row_button(choice: Choice, code: str, prompt: Prompt) -> Button:
    style = ButtonStyle.PLAIN
    if (prompt.kind is Kind.PLAN and choice.role in _ALLOW) or choice.role is Role.SUBMIT:
        style = ButtonStyle.ALLOW
    elif choice.role in (Role.CANCEL, Role.DENY):
        style = ButtonStyle.DENY
    is_of_several = choice.checked is not None or (prompt.multiple and choice.role is Role.SUBMIT)
    command = on_tap(prompt, choice, code) if is_of_several else f"choose {code} {choice.n}"
    return Button(box(choice) + reveal(choice.label), command, style)


def _footer(record: PromptRecord) -> str:
    name, code, prompt = record.session, record.code, record.prompt
    if prompt.kind not in ANSWERABLE:
        return f"See it with: • peek {name} • and answer at the terminal ({code})"
    decides = prompt.kind in (Kind.APPROVAL, Kind.TRUST)
    if decides and prompt.complete:
        offered = [button.command.split()[0] for button in _decision_buttons(prompt, code)]
        return f"Reply with: {' '.join(f'• {verb} {name}' for verb in offered)} ({code})"
    words = f" • answer {code} <your text>" if _takes_words(prompt) else ""
    if not prompt.submits:
        return f"See it with: • peek {name} • and answer at the terminal, or: • deny {code}"
    if not prompt.complete and prompt.kind is not Kind.QUESTION:
        return f"See it with: • peek {name} • and answer at the terminal, or:{words} • deny {code}"
    several = "N,N" if prompt.multiple else "N"
    rows = f" • rows {code}" if prompt.unseen_rows else ""
    return f"Reply with: • choose {code} {several}{rows}{words} • deny {code}"


_DONE_WORDS = {
    Verdict.APPROVE: "approved (once)",
    Verdict.ALWAYS: "approved (always)",
    Verdict.DENY: "denied",
    Verdict.CHOOSE: "answered",
    Verdict.ANSWER: "answered",
}

_ENDINGS = {
    PromptState.REFUSED: "⚠️ Not pressed: {reason}",
    PromptState.UNKNOWN: "⚠️ Not known whether the {what} went in: {reason}",
    PromptState.EXPIRED: "⌛ Expired unanswered; it is still on the agent's screen",
    PromptState.GONE: "⌛ Gone: {reason}",
    PromptState.ANSWERED_LOCALLY: "☑️ Answered at the terminal",
    PromptState.SUPERSEDED: "☑️ Answered at the terminal: the agent shows something else now",
}


def verdict_words(record: PromptRecord) -> str:
    """``approved (once)``, ``denied``: what was decided, in words."""
    decision = record.decision
    if decision is None:
        return "not decided"
    if decision.verdict is Verdict.CHOOSE:
        labels = [c.label for c in record.prompt.choices if c.n in decision.numbers]
        return f"answered: {reveal(', '.join(labels))}"
    row = record.prompt.with_role(Role.ALLOW_ALWAYS)
    if decision.verdict is Verdict.ALWAYS and row is not None and row.asks_back:
        return "was asked for “always”: it says what that allows, and asks once more"
    return _DONE_WORDS[decision.verdict]


def outcome_line(record: PromptRecord) -> str:
    """One line that says how a prompt ended, or where it stands."""
    what = "answer" if record.call else "key"
    if record.state in _ENDINGS:
        return _ENDINGS[record.state].format(reason=record.reason or "no reason known", what=what)
    words = verdict_words(record)
    if record.state is PromptState.CONFIRMED:
        return f"✓ Session '{record.session}' {words}"
    if record.state is PromptState.APPLIED:
        return f"⚠️ Session '{record.session}' {words}: {what} sent, the agent did not react"
    if record.decision is not None:
        return f"… Session '{record.session}': {words}, on its way"
    return f"Session '{record.session}' still waits"


GIST = 2
"""Words."""


def closed_card(record: PromptRecord) -> Notice:
    """The same card once it is settled: how, by whom, when; no buttons."""
    by = decided_by(record)
    subject = _short_subject(record.prompt)
    parts = [Part(subject if by else _gist(subject), PartStyle.CODE)]
    if by:
        parts.append(Part(by))
    if record.decision and record.decision.verdict is Verdict.DENY and record.decision.text:
        parts.append(Part(f"Reason: {reveal(record.decision.text)}"))
    return Notice(
        kind=NoticeKind.CLOSED,
        title=outcome_line(record),
        parts=tuple(part for part in parts if part.text),
        session=record.session,
        code=record.code,
        silent=True,
    )


def _short_subject(prompt: Prompt) -> str:
    return reveal(prompt.subject or prompt.question or "\n".join(prompt.body[:3]))


def _gist(subject: str) -> str:
    """Enough to know it again: nobody decided on it here, and a chat is no place to read what
    somebody did at the machine."""
    words = subject.split()
    gist = " ".join(words[:GIST])
    return gist if len(words) <= GIST else f"{gist} …"


def decided_by(record: PromptRecord) -> str:
    """``by Ann on Telegram, 14:02`` in this machine's time; empty while nobody has decided."""
    if not record.decided_name or record.decided_at is None:
        return ""
    return f"by {record.decided_name}, {record.decided_at.astimezone():%H:%M}"


def always_question(record: PromptRecord, row: Choice) -> Notice:
    """Before a grant that is wider than what stands on the screen, or has just got other words:
    its own words, once more."""
    given = grant(record.prompt, row)
    words = given.words if given else row.label
    by_word = row.role in (Role.ALLOW_ALWAYS, Role.ACCEPT_ALWAYS)
    what = "“Always” for" if by_word else "That row of"
    again = f"always {record.code} yes" if by_word else f"choose {record.code} {row.n} yes"
    widens = given is None or given.widens
    why = "grants more than this one request" if widens else "has just got other words"
    return Notice(
        kind=NoticeKind.REPLY,
        title=f"⚠️ {what} session '{record.session}' {why}",
        parts=(
            Part(reveal(words), PartStyle.QUOTE),
            Part(_short_subject(record.prompt), PartStyle.CODE),
        ),
        buttons=(
            Button("Yes, grant that", again, ButtonStyle.ALLOW),
            Button("Just this once", f"approve {record.code}"),
            Button("Deny", f"deny {record.code}", ButtonStyle.DENY),
        ),
        footer=f"Reply with: • {again} • approve {record.code}",
        session=record.session,
        code=record.code,
    )


def reason_question(record: PromptRecord, text: str) -> Notice:
    """Free words on an approval card: most likely a reason, but nobody said no."""
    return Notice(
        kind=NoticeKind.REPLY,
        title=f"Deny {record.code} with this reason?",
        parts=(Part(reveal(text), PartStyle.QUOTE),),
        buttons=(
            Button("Deny with this reason", f"deny {record.code} {SAME_WORDS}", ButtonStyle.DENY),
            Button("No, keep waiting", f"status {record.session}"),
        ),
        footer=f"Reply with: • deny {record.code} <reason> • approve {record.code}",
        session=record.session,
        code=record.code,
    )


_BRIEF = 600
_BRIEF_LINES = 16


def reminder_card(record: PromptRecord, now: datetime) -> Notice:
    """With all of the prompt and its buttons, if that is short. Else allowing is one tap away, on
    the card: a reminder may be the first that a person sees of it."""
    minutes = max(1, int((now - record.opened_at).total_seconds() // 60))
    waited = f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 120 else f"{minutes} min"
    parts, buttons = _content(record.prompt), _buttons(record)
    whole = "\n".join(part.text for part in parts)
    if len(whole) > _BRIEF or whole.count("\n") >= _BRIEF_LINES:
        parts = (Part(_cut(_short_subject(record.prompt)), PartStyle.CODE),)
        deny = [button for button in buttons if button.style is ButtonStyle.DENY][:1]
        buttons = (Button("Show all of it", f"status {record.session}"), *deny)
    return Notice(
        kind=NoticeKind.REMINDER,
        title=f"⏳ Session '{record.session}' still waits ({waited})",
        parts=parts,
        buttons=buttons,
        footer=_footer(record),
        session=record.session,
        code=record.code,
    )


def _cut(text: str) -> str:
    short = "\n".join(text.split("\n", 3)[:3])[:200]
    return short if short == text else f"{short} …"
