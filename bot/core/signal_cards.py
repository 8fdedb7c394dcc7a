"""What an agent says of its work, as notices. Its words stay recognisable as its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.notices import Button, Notice, NoticeKind, Part, PartStyle, Urgency
from bot.core.sessions import Session
from bot.core.signals import Signal, SignalKind
from bot.core.visible import reveal

TITLE = 160
"""Characters of an agent's words in the title; what is longer stands below it as a whole."""

_TITLES = {
    SignalKind.DONE: "✅ Agent `{name}` completed",
    SignalKind.HELP: "❓ Agent `{name}` needs input",
    SignalKind.ERROR: "❌ Agent `{name}` error",
    SignalKind.BLOCKED: "🚫 Agent `{name}` blocked",
}
_URGENCY = {SignalKind.DONE: Urgency.DONE, SignalKind.PROGRESS: Urgency.PROGRESS}


def signal_card(session: Session, signal: Signal, now: datetime) -> tuple[Notice, Urgency]:
    urgency = _URGENCY.get(signal.kind, Urgency.HELP)
    if signal.kind is SignalKind.PROGRESS:
        return _progress(session, signal), urgency
    words = reveal(signal.text)
    title = _TITLES[signal.kind].format(name=session.name)
    parts = [Part(words, PartStyle.QUOTE)] if len(words) > TITLE else []
    if words:
        title += f": {words}" if not parts else f": {words[:TITLE].rstrip()} …"
    if signal.kind is SignalKind.DONE:
        looks: tuple[str, ...] = ("diff", "peek")
        if session.task_at is not None:
            parts.append(Part(f"Took {_span(now - session.task_at)}"))
    else:
        looks = ("peek", "screen")
        parts.append(Part(f"Reply to this to answer it, or: tell {session.name} …"))
    buttons = tuple(Button(word, f"{word} {session.name}") for word in looks)
    failed = signal.kind is SignalKind.ERROR
    card = Notice(
        NoticeKind.SIGNAL, title, tuple(parts), buttons, session=session.name, failure=failed
    )
    return card, urgency


def _progress(session: Session, signal: Signal) -> Notice:
    words = reveal(signal.text)
    number = words.rstrip("%").strip()
    title = f"📊 Agent `{session.name}`: {f'{number} %' if number.isdecimal() else words}"
    return Notice(NoticeKind.PROGRESS, title, session=session.name, silent=True)


def _span(length: timedelta) -> str:
    """``42 s``, ``12 min``, ``2 h 5 min``."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
