from __future__ import annotations

import pytest

from tests.support.commandline import CommandLine


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("hook", "install uninstall status"),
        ("audit", "verify export"),
        ("people", "list remove"),
        ("service", "install uninstall status logs"),
    ],
)
def test_each_group_lists_its_commands(wingman: CommandLine, group: str, words: str) -> None:
    ran = wingman(group, "--help")

    assert ran.code == 0
    for word in words.split():
        assert word in ran.out


def test_a_wrong_word_is_a_mistake_of_usage(wingman: CommandLine) -> None:
    assert wingman("hook", "instal").code == 2
