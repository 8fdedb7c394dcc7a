from dataclasses import replace

import pytest

from bot.core.grants import Grant, grant
from bot.core.prompts import Choice, Kind, Prompt, Role


def asked(subject: str) -> Prompt:
    return Prompt(Kind.APPROVAL, "claude", "Bash", subject)


def row(label: str, role: Role = Role.ALLOW_ALWAYS) -> Choice:
    return Choice(2, label, role)


@pytest.mark.parametrize(
    ("subject", "label"),
    [
        ("npm run build", "Yes, and don't ask again for: npm run *"),
        ("npm run build", "Yes, and don\u2019t ask again for: npm run build *"),
        ("npm run build", "Yes, and don\u2019t ask again for: npm run build"),
        ("npm run build", "Yes, don't ask again for: npm *"),
        ("npm run\nbuild", "Yes, and don't ask again for: npm run\n     build *"),
        ("mkfifo pipe_a6ac", "Yes, and don\u2019t ask again for: mkfifo pipe_a6ac *"),
    ],
)
def test_just_the_command_on_the_screen(subject: str, label: str) -> None:
    assert grant(asked(subject), row(label)) == Grant(label, widens=False)


@pytest.mark.parametrize(
    "label",
    [
        "Yes, and don't ask again for: git *",
        "Yes, and don't ask again for: npm r*",
        "Yes, and don't ask again for: n *",
        "Yes, and don't ask again for: *",
        "Yes, and don't ask again for: npm",
        "Yes, and don't ask again for: npm run * and git push *",
        "Yes, and don't ask again for npm run commands in /home/me/api",
        "Yes, and don't ask again for example.com",
        "Yes, and don't ask again for commands that start with `npm run`",
        "Yes, and always allow access to src/ from this project",
        "Yes, allow all edits during this session (shift+tab)",
        "Yes, and switch to auto mode; and don't ask again for: npm run *",
        "",
    ],
)
def test_more_than_the_command_on_the_screen(label: str) -> None:
    assert grant(asked("npm run build"), row(label)) == Grant(label, widens=True)


@pytest.mark.parametrize(
    "role", [Role.ALLOW_AND_CHANGE_MODE, Role.ACCEPT_ALWAYS, Role.DENY_ALWAYS]
)
def test_a_mode_or_a_rule_is_always_more(role: Role) -> None:
    label = "Yes, and don't ask again for: npm run *"
    assert grant(asked("npm run build"), row(label, role)) == Grant(label, widens=True)


@pytest.mark.parametrize(
    "role", [Role.ALLOW_ONCE, Role.DENY, Role.ANSWER, Role.ACCEPT, Role.SUBMIT, Role.CANCEL]
)
def test_just_this_once_grants_nothing(role: Role) -> None:
    assert grant(asked("npm run build"), row("Yes", role)) is None


def test_a_row_that_asks_back_grants_nothing_yet() -> None:
    """OpenCode 1.18.33 names the pattern in a second dialog, whose Confirm grants just that."""
    first = replace(row("Allow always"), asks_back=True)
    second = replace(row("Confirm"), as_shown=True)
    assert grant(asked("git push origin"), first) is None
    assert grant(asked("git push *"), second) == Grant("git push *", widens=False)
