"""From a decision to what is said to an agent's hook, or to nothing where keys must say it."""

from __future__ import annotations

from bot.core.answering import goal
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.hook_prompts import comparable, grants_of
from bot.core.hooks import Allow, Answers, Asked, Deny, Reply
from bot.core.prompts import Choice, Kind, Prompt, Role


def reply_to(asked: Asked, prompt: Prompt, decision: Decision) -> Reply | None:
    """None for a choice that a hook cannot make, such as a mode that the agent only offers in its
    dialog. Raises Refused like ``goal``."""
    aim = goal(prompt, decision)
    if decision.verdict is Verdict.DENY:
        return _denied(decision.text)
    match aim:
        case Cancel():
            return _denied("")
        case Pick(row):
            return _picked(asked, row)
        case Write(row, _):
            return _written(asked, row, decision.text)
        case Mark(labels, _):
            return _marked(asked, prompt, labels)


def _denied(reason: str) -> Deny:
    """Without a reason it ends the turn, as Escape does: there is nothing to go on with."""
    words = words_of(reason)
    return Deny(words) if words else Deny(stop=True)


def _picked(asked: Asked, row: Choice) -> Reply | None:
    if asked.kind is Kind.QUESTION:
        return _chosen(asked, [row.label]) if row.role is Role.ANSWER else None
    match row.role:
        case Role.ALLOW_ONCE:
            return Allow()
        case Role.ALLOW_ALWAYS | Role.ALLOW_AND_CHANGE_MODE if asked.kind is Kind.APPROVAL:
            grants = grants_of(row, asked)
            return Allow(grants) if grants else None
        case Role.DENY:
            return Deny(stop=True)
        case _:
            return None


def _written(asked: Asked, row: Choice, text: str) -> Reply | None:
    words = words_of(text)
    if not words:
        raise Refused("there is no text to answer with")
    if row.role is Role.FEEDBACK:
        return Deny(words)
    if asked.kind is not Kind.QUESTION:
        return None
    if len(asked.questions) == 1:
        return Answers(((asked.questions[0].text, words),))
    # There is no way to say which question it answers: the model reads it all the same
    return Deny(f"The user answered in words: {words}")


def _marked(asked: Asked, prompt: Prompt, labels: frozenset[str]) -> Reply | None:
    wanted = {comparable(label) for label in labels}
    rows = [choice.label for choice in prompt.choices if comparable(choice.label) in wanted]
    return _chosen(asked, rows)


def _chosen(asked: Asked, labels: list[str]) -> Reply | None:
    """The agent's own labels, letter for letter: a dialog may have wrapped them."""
    if len(asked.questions) != 1:
        return None
    question = asked.questions[0]
    found = [
        option.label
        for option in question.options
        if comparable(option.label) in {comparable(label) for label in labels}
    ]
    if len(found) != len(labels):
        return None
    return Answers(((question.text, ", ".join(found)),))


def words_of(text: str) -> str:
    """A person's text as it may go to a model: lines stay, control characters do not."""
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.split("\n"))
    return "\n".join(lines).strip()


def by_keys(record_prompt: Prompt, shown: Prompt, decision: Decision) -> Goal:
    """What the same decision means on the dialog itself, when no hook is there to take it.

    Rows are meant by their label and role: where the card had others than the dialog, only what
    means the same on both may be pressed. Raises Refused."""
    aim = goal(record_prompt, decision)
    if isinstance(aim, Pick | Write | Mark) and _labels(record_prompt) != _labels(shown):
        means_the_same = isinstance(aim, Pick) and aim.row.role is Role.ALLOW_ONCE
        if decision.verdict is not Verdict.DENY and not means_the_same:
            raise Refused("the agent's hook is gone, and its dialog has other rows than the card")
        if means_the_same:
            decision = Decision(Verdict.APPROVE)
    return goal(shown, decision)


def _labels(prompt: Prompt) -> list[tuple[Role, str]]:
    return [(choice.role, comparable(choice.label)) for choice in prompt.choices]
