"""Plays a script: which step is on, what the screen shows, what a key does. No I/O but the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from bot.demo import claude_dialogs, questions, transcript
from bot.demo.composer import Composer
from bot.demo.dialogs import Dialog, Outcome
from bot.demo.journal import Journal
from bot.demo.keys import Key
from bot.demo.layout import ACCENT, BLANK, DIM, Row, row
from bot.demo.script import Script, Step

_SPINNER = "·✢✳✶✻✽"
_SPIN_SECONDS = 0.25
_HOLD_SECONDS = 0.05
_TYPING_HOLDS = 1.0
_TWICE = 1.5
_QUEUED = "Press up to edit queued messages"
_DIALOGS: dict[str, Callable[[Step, str], Dialog]] = {
    "bash": claude_dialogs.bash,
    "edit": claude_dialogs.edit,
    "write": claude_dialogs.write,
    "fetch": claude_dialogs.fetch,
    "ask": questions.ask,
    "plan": claude_dialogs.plan,
    "trust": claude_dialogs.trust,
}


class Player:
    """One agent at work: ``advance`` with the time, ``press`` keys, draw each ``frame``."""

    def __init__(self, script: Script, journal: Journal) -> None:
        self.script = script
        self.over = False
        self.exit_code = 0
        self.farewell: list[Row] = []
        self._journal = journal
        self._composer = Composer(mode=script.mode)
        self._entries = [transcript.header(script.version, script.folder or str(Path.cwd()))]
        self._steps = deque(script.steps)
        self._messages: deque[str] = deque()
        self._step: Step | None = None
        self._dialog: Dialog | None = None
        self._faces: list[tuple[Step, Dialog]] = []
        self._flip_at = 0.0
        self._shown_at: float | None = None
        self._flip_every = 0.0
        self._now = 0.0
        self._work_since: float | None = None
        self._work_until = 0.0
        self._waiting = False
        self._turn_since: float | None = None
        self._sent: str | None = None
        self._typed_at = 0.0
        self._control_c_at = 0.0

    # time

    def advance(self, now: float) -> None:
        """Plays steps until one has to wait."""
        self._now = now
        self._flip(now)
        while not (self.over or self._dialog):
            if self._work_since is not None:
                if now < self._work_until:
                    return
                if not (self._steps and self._held(self._steps[0], now)):
                    self._work_since = None
            if self._waiting and not self._take_message(now):
                return
            if not self._steps:
                self._rest(now)
            elif self._held(self._steps[0], now):
                self._work_since = self._work_since or now
                self._work_until = now + _HOLD_SECONDS
                return
            else:
                self._begin(self._steps.popleft(), now)

    def patience(self, now: float) -> float | None:
        """Seconds until something changes by itself."""
        if self._faces:
            return max(self._flip_at - now, 0.0)
        if self._dialog:
            return None
        if self._work_since is not None:
            return min(max(self._work_until - now, 0.0), _SPIN_SECONDS)
        return None if self._waiting else 0.0

    def _held(self, step: Step, now: float) -> bool:
        """A dialog waits for its file, for its time, and for a person who is typing."""
        if step.text("hold_file") and not Path(step.text("hold_file")).exists():
            return True
        dialog = step.kind in _DIALOGS or step.kind == "flip"
        return dialog and bool(self._composer.draft) and now - self._typed_at < _TYPING_HOLDS

    def _begin(self, step: Step, now: float) -> None:
        match step.kind:
            case "say":
                self._say(step.text("say"))
            case "signal":
                self._say(f":::{step.text('signal')}:::")
            case "work":
                self._work(now, step.number("work"))
                self._step = step
            case "idle":
                self._rest(now)
            case "repeat":
                self._steps = deque(self.script.steps)
            case "exit":
                self._leave(int(step.number("exit")))
            case "flip":
                self._flip_begin(step, now)
            case _:
                self._open(step)

    def _say(self, text: str) -> None:
        self._entries.append(transcript.said(text))
        self._sent = None

    def _work(self, now: float, seconds: float) -> None:
        self._work_since, self._work_until = now, now + seconds
        if self._turn_since is None:
            self._turn_since = now

    def _rest(self, now: float) -> None:
        """The turn is over; only a message starts another."""
        if self._turn_since is not None:
            self._entries.append(transcript.finished(now - self._turn_since))
        self._turn_since, self._waiting, self._sent, self._step = None, True, None, None

    def _take_message(self, now: float) -> bool:
        if not self._messages:
            return False
        message = self._messages.popleft()
        self._entries.append(transcript.user(message))
        self._waiting, self._sent = False, message
        self._work(now, 0.3)
        if not self._steps:
            self._steps.append(Step("say", "", {"say": "Done."}))
        return True

    def _leave(self, code: int) -> None:
        self.over, self.exit_code = True, code

    # dialogs

    def _open(self, step: Step) -> None:
        self._step, self._dialog = step, self._build(step)
        self._shown_at = None

    def _build(self, step: Step) -> Dialog:
        return _DIALOGS[step.kind](step, self.script.version)

    def _flip_begin(self, step: Step, now: float) -> None:
        self._faces = [(face, self._build(face)) for face in step.steps("flip")]
        self._step, self._dialog = self._faces[0]
        self._flip_every = step.number("every_ms", 300) / 1000
        self._flip_at = now + self._flip_every
        self._shown_at = None

    def _flip(self, now: float) -> None:
        """Another dialog at the same place, as when calls overtake each other."""
        if not self._faces or now < self._flip_at:
            return
        self._faces.append(self._faces.pop(0))
        self._step, self._dialog = self._faces[0]
        self._flip_at = now + self._flip_every
        self._shown_at = None

    def drawn(self, now: float) -> None:
        """The frame is on the screen."""
        if self._dialog and self._step and self._shown_at is None:
            self._shown_at = now
            self._journal.write("shown", dialog=self._step.id)

    def _close(self, outcome: Outcome, key: Key, now: float) -> None:
        step = self._step
        assert step is not None
        self._journal.write(
            outcome.event,
            dialog=step.id,
            reason=outcome.reason,
            keys=key.raw,
            mode=outcome.mode,
            answers=[list(answer) for answer in outcome.answers],
            stops=outcome.stops,
        )
        if outcome.event == "exit":
            self._decline(step, key)
            return
        self._dialog, self._faces = None, []
        self._entries += transcript.settled(step, outcome)
        self._composer.mode = outcome.mode or self._composer.mode
        if outcome.stops:
            self._turn_since = None
            self._rest(now)
        else:
            self._work(now, self.script.gap_ms / 1000)
        branch = "if_denied" if outcome.event == "denied" else "if_allowed"
        self._steps.extendleft(reversed(step.steps(branch)))

    def _decline(self, step: Step, key: Key) -> None:
        """The folder is not trusted: the dialog stays on the screen, the program is gone."""
        assert self._dialog is not None
        self.farewell = self._dialog.draw(80, 1000)
        if self.script.version == claude_dialogs.NEW:
            why = "Claude Code didn't start because this folder isn't trusted."
            again = "Run claude again and choose Yes, or run it in another folder."
            self.farewell += [BLANK, row(why), row(again)]
        self._leave(0 if key.name == "escape" and self.script.version == claude_dialogs.NEW else 1)

    # keys

    def press(self, key: Key, now: float) -> None:
        if self.over:
            return
        step = self._step if self._dialog else None
        taken = not self._guarded(key, now)
        self._journal.write(
            "key", dialog=step.id if step else "", keys=key.raw, name=key.name, taken=taken
        )
        if not taken:
            return
        if self._dialog:
            outcome = self._dialog.press(key)
            if outcome:
                self._close(outcome, key, now)
        else:
            self._press_composer(key, now)

    def _guarded(self, key: Key, now: float) -> bool:
        if not self._dialog:
            return False
        answers = key.name in {"enter", "backtab"} or (key.name == "char" and key.text.isdigit())
        shown = now if self._shown_at is None else self._shown_at
        return answers and (now - shown) * 1000 < self.script.guard_ms

    def _press_composer(self, key: Key, now: float) -> None:
        if key.name == "escape" or (key.name == "ctrl-c" and self._work_since is not None):
            self._interrupt(now)
            return
        if key.name == "ctrl-c" and not self._composer.draft:
            if now - self._control_c_at < _TWICE:
                self._quit(key)
            self._control_c_at = now
            return
        if key.name == "backtab":
            mode = self._composer.cycle()
            self._journal.write("mode_changed", keys=key.raw, mode=mode)
            return
        self._typed_at = now
        message = self._composer.type(key)
        if message in {"/exit", "/quit"}:
            self._quit(key)
        elif message:
            self._journal.write("text", reason=message, keys=key.raw)
            self._messages.append(message)

    def _quit(self, key: Key) -> None:
        self._journal.write("exit", keys=key.raw)
        self._leave(0)

    def _interrupt(self, now: float) -> None:
        """An early Escape puts the message back into the box; a later one leaves a note."""
        if self._work_since is None:
            return
        self._journal.write("interrupted", keys=b"\x1b")
        self._work_since, self._turn_since = None, None
        if self._sent is not None and not self._composer.draft:
            self._composer.draft = self._sent
            self._entries.pop()
        else:
            self._entries.append(transcript.note(transcript.INTERRUPTED))
        self._rest(now)

    # screen

    def frame(self, width: int, height: int) -> tuple[list[Row], list[Row], int]:
        """The settled rows, those that may change, and how many of them stay at the bottom."""
        settled = [line for entry in self._entries for line in entry(width)]
        if self._dialog and self._step:
            above = transcript.waiting_call(self._step)(width) if self._tool() else []
            return settled, [*above, *self._dialog.draw(width, self._room(height))], 0
        working = self._work_since is not None
        placeholder = _QUEUED if self._messages else ""
        new = self.script.version == claude_dialogs.NEW
        box = self._composer.draw(width, working=working, new=new, placeholder=placeholder)
        queued = [line for text in self._messages for line in transcript.user(text)(width)]
        live = [*queued, *self._spinner(), BLANK, *box]
        return settled, live, len(box)

    def _room(self, height: int) -> int:
        return height if self.script.fullscreen else height - 1

    def _tool(self) -> bool:
        return self._step is not None and self._step.kind in {"bash", "edit", "write", "fetch"}

    def _spinner(self) -> list[Row]:
        if self._work_since is None or self._step is None:
            return []
        # Whole quarter seconds, so that a frame that shows nothing new equals the one before.
        ticks = int((self._now - self._work_since) / _SPIN_SECONDS)
        sign = _SPINNER[ticks % len(_SPINNER)]
        verb = self._step.text("verb", "Crystallizing") if self._step.kind == "work" else "Working"
        seconds = int(ticks * _SPIN_SECONDS)
        more = f" ({seconds}s · ↓ {seconds * 7} tokens)" if seconds else ""
        return [BLANK, ((ACCENT, f"{sign} {verb}…"), (DIM, more))]
