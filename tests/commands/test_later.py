import pytest

from tests.support.commandline import CommandLine


@pytest.mark.parametrize("words", ["service logs"])
def test_what_comes_later_says_so(wingman: CommandLine, words: str) -> None:
    ran = wingman(*words.split())
    name = words.partition(" --")[0]
    assert (ran.code, ran.out, ran.err) == (1, "", f"wingman: {name} is not in this version\n")
