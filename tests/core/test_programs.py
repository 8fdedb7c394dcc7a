from __future__ import annotations

from bot.core.programs import SHELLS, VIEWERS, may_run
from bot.core.screen import PaneFacts


def test_a_program_is_a_shell_or_a_viewer() -> None:
    assert not SHELLS & VIEWERS
    assert {"bash", "zsh", "fish"} <= SHELLS
    assert {"less", "vim", "cat"} <= VIEWERS


def test_an_agent_is_known_by_its_program_or_by_a_title_of_its_own() -> None:
    def runs(command: str, title: str = "") -> bool:
        return may_run(PaneFacts(command=command, title=title), {"codex", "node"}, r"\[ ! \] .*")

    assert runs("")
    assert runs("node")
    assert not runs("python3")
    assert runs("ssh", "[ ! ] Action Required")
    assert not runs("vim", "[ ! ] Action Required")


def test_an_agent_may_run_as_its_interpreter() -> None:
    def runs(command: str, hosts: str = r"[Pp]ython[\d.]*") -> bool:
        return may_run(PaneFacts(command=command), {"parrot"}, hosts=hosts)

    assert runs("parrot")
    assert runs("python3.13")
    assert not runs("node")
    assert not runs("python3", hosts="")
    assert not runs("bash", hosts=".*")
