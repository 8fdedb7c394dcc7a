"""The real Claude Code answered through its own hooks: exact, at most once, without a key.

Proved by the model's log and the working directory, never by a screen."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.hook_command import hook_command
from bot.agents._claude.hooking import SETUP
from bot.core.hook_settings import settings_of
from bot.core.places import HOOK_SOCKET
from bot.core.redraws import READ_WITHIN
from tests.real_agents.conftest import Rigged
from tests.real_agents.modellog import Verdict
from tests.real_agents.rig import AT_COMPOSER, Pane, Rig
from tests.real_agents.test_gateway import CASES, REASON, Case, RiggedDesk
from tests.support.hookprogram import ALLOW, Talk, rogue
from tests.support.process import GatewayProcess
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]


class HookedDesk(RiggedDesk):
    def presses(self, code: str) -> list[str]:
        """What was done to answer it: keys, or the hook."""
        with sqlite3.connect(self.gateway.state / "wingman.db") as ledger:
            rows = ledger.execute(
                "SELECT presses.keys FROM presses JOIN prompts ON prompts.id = presses.owner "
                "WHERE prompts.code = ? ORDER BY step",
                (code,),
            )
            return [str(keys) for (keys,) in rows]

    async def hooked_prompt(self, kind: str, *, but: str = "") -> dict[str, Any]:
        """The open prompt, once both its hook and its dialog have told it."""

        async def found() -> dict[str, Any] | None:
            prompt = await self.prompt(kind, but=but)
            with sqlite3.connect(self.gateway.state / "wingman.db") as ledger:
                row = ledger.execute(
                    "SELECT call, shown FROM prompts WHERE code = ?", (prompt["code"],)
                ).fetchone()
            return prompt if row and all(row) else None

        prompt: dict[str, Any] | None = await until(found, within=10)
        assert prompt is not None
        return prompt


def hooked(rigged: Rigged, directory: Path, **options: Any) -> Rig:
    settings = settings_of(SETUP, hook_command(directory / "state"))
    return rigged(settings={**settings, **options.pop("settings", {})}, **options)


@asynccontextmanager
async def at_desk(rig: Rig, directory: Path) -> AsyncIterator[HookedDesk]:
    gateway = GatewayProcess(directory, rig.socket_path)
    await gateway.up()
    try:
        yield HookedDesk(gateway, rig)
    finally:
        await gateway.down()


async def ask(desk: HookedDesk, case: Case, **size: int) -> tuple[Pane, dict[str, Any]]:
    pane = desk.rig.start(mode=case.mode, **size)
    pane.say(f"case:{case.name} go")
    prompt = await desk.hooked_prompt("plan" if case.name == "plan" else "approval")
    assert prompt["complete"]
    return pane, prompt


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_approve(claude_rig: Rigged, tmp_path: Path, case: Case) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, case)
        shown = "\n".join([prompt["subject"], *prompt["body"]])
        assert case.shows in shown

        await desk.says(f"approve {prompt['code']}")

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: allow"]
        rig.result(pane)
        await until(lambda: case.done(rig), within=15)
        assert (await desk.gateway.get("/api/prompts")) == []


@pytest.mark.parametrize("reason", ["", f" {REASON}"], ids=["deny", "reason"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_deny(claude_rig: Rigged, tmp_path: Path, case: Case, reason: str) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, case)
        before = len(rig.log.results())

        await desk.says(f"deny {prompt['code']}{reason}")

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: deny"]
        result = rig.result(pane, number=before)
        if reason:
            assert result.text == REASON
        else:
            assert result.verdict is Verdict.DENIED
        assert case.name in ("webfetch", "plan") or not case.done(rig)
        pane.sees(AT_COMPOSER)


async def test_always_is_a_rule_of_the_agents_own(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, CASES[0])

        # The words of that row change a moment after they are drawn: until a person has had the
        # time to read them it is asked back
        await spend(READ_WITHIN.total_seconds() + 1)
        await desk.says(f"always {prompt['code']}")

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: allow"]
        pane.sees("● Done")
        rules = (rig.project / ".claude" / "settings.local.json").read_text()
        assert "Bash(mkfifo ran_it" in rules
        pane.say("case:fifo go")
        await until(lambda: len(rig.log.results()) == 2, within=30)
        assert (await desk.gateway.get("/api/prompts")) == []


async def test_a_quick_always_is_not_refused_and_grants_what_was_read(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, CASES[0])
        code = prompt["code"]
        await desk.says(f"always {code}")

        async def asked_back() -> bool:
            now = await desk.gateway.get(f"/api/prompts/{code}")
            return now["state"] != "open" or await desk.heard("has just got other words")

        await until(asked_back, within=10)
        if (await desk.gateway.get(f"/api/prompts/{code}"))["state"] == "open":
            assert await desk.heard("for: mkfifo ran_it *")
            await desk.says(f"always {code} yes")

        assert await desk.ended(code) == "confirmed"
        assert desk.presses(code) == ["hook: allow"]
        await asyncio.to_thread(pane.sees, "● Done")
        rules = json.loads((rig.project / ".claude" / "settings.local.json").read_text())
        (granted,) = rules["permissions"]["allow"]
        # the agent suggests to its hook what it asks about, and no more
        assert granted in ("Bash(mkfifo ran_it)", "Bash(mkfifo ran_it *)")


@pytest.mark.parametrize(
    ("case", "words", "answer"),
    [
        ("ask_single", "choose {code} 2", '"SQLite"'),
        ("ask_single", "answer {code} MariaDB 11; with 2 replicas", "MariaDB 11; with 2 replicas"),
        ("ask_multi", "choose {code} 1,3", "Lint, Tests"),
    ],
)
async def test_a_question(
    claude_rig: Rigged, tmp_path: Path, case: str, words: str, answer: str
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.say(f"case:{case} go")
        prompt = await desk.hooked_prompt("question")

        await desk.says(words.format(code=prompt["code"]))

        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: answers"]
        assert answer in rig.result(pane).text


async def test_a_plan_is_sent_back_with_words(claude_rig: Rigged, tmp_path: Path) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, next(case for case in CASES if case.name == "plan"))
        await desk.says(f"answer {prompt['code']} use redis instead")
        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: deny"]
        assert "use redis instead" in rig.result(pane, number=1).text


async def test_what_is_off_the_screen_is_whole_and_may_be_allowed(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, Case("edit_big", "", lambda rig: False), height=20)
        assert "ROW_45 = 450" in "\n".join(prompt["body"])
        await desk.says(f"approve {prompt['code']}")
        assert await desk.ended(prompt["code"]) == "confirmed"
        assert desk.presses(prompt["code"]) == ["hook: allow"]
        pane.sees("● Done")
        assert "ROW_45 = 450" in (rig.project / "src/table.py").read_text()


async def test_the_terminal_was_first_and_the_tap_changes_nothing(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, CASES[0])
        pane.keys("Escape")
        assert await desk.ended(prompt["code"]) == "answered_locally"
        await desk.says(f"approve {prompt['code']}")
        await until(lambda: desk.heard("settled already"), within=15)
        assert desk.presses(prompt["code"]) == []
        assert rig.result(pane).verdict is Verdict.DENIED
        assert not (rig.project / "ran_it").exists()


async def test_two_calls_in_one_message_are_two_decisions(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        rig.start().say("case:two_fifos go")
        first = await desk.hooked_prompt("approval")
        await desk.says(f"approve {first['code']}")
        await desk.says(f"approve {first['code']}")
        assert await desk.ended(first["code"]) == "confirmed"

        second = await desk.hooked_prompt("approval", but=first["code"])
        assert second["subject"] == "mkfifo ran_two"
        assert not (rig.project / "ran_two").exists()
        await desk.says(f"deny {second['code']}")

        assert await desk.ended(second["code"]) == "confirmed"
        assert (rig.project / "ran_one").exists()
        assert not (rig.project / "ran_two").exists()


async def test_killed_while_a_hook_waits_the_dialog_stays_and_is_answered_by_keys(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane, prompt = await ask(desk, CASES[0])
        desk.gateway.kill()
        await asyncio.to_thread(pane.sees, "Do you want to proceed")
        await desk.gateway.up()
        await desk.says(f"approve {prompt['code']}")
        assert await desk.ended(prompt["code"]) == "confirmed"
        assert "Enter" in desk.presses(prompt["code"])
        assert rig.result(pane).verdict is Verdict.RAN


async def test_without_a_gateway_the_agents_own_dialog_appears_and_works(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    pane = rig.start()
    await asyncio.to_thread(pane.play, "fifo")
    pane.keys("Enter")
    assert rig.result(pane).verdict is Verdict.RAN
    assert "hook error" not in pane.sees("● Done").lower()


async def test_a_gateway_that_hangs_does_not_keep_the_dialog_away(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.sees(AT_COMPOSER)
        desk.gateway.freeze()
        await asyncio.to_thread(pane.play, "fifo")
        pane.keys("Enter")
        assert rig.result(pane).verdict is Verdict.RAN
        desk.gateway.thaw()


async def test_what_the_screen_folds_away_or_nobody_can_trust_is_told_by_the_hooks(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path, settings={"permissions": {"allow": ["Bash(printf:*)"]}})
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()

        async def vitals() -> dict[str, Any]:
            (found,) = await desk.gateway.get("/api/sessions") or [{}]
            known: dict[str, Any] = found
            return known

        async def counted() -> bool:
            return (await vitals()).get("tests") == "8/10"

        await asyncio.to_thread(pane.say, "case:test_run go")
        await until(counted, within=20)
        await asyncio.to_thread(pane.say, "case:err_odd go")
        await until(lambda: desk.heard("can't go on: API Error: 400 messages.1"), within=20)
        assert "something odd" in (await vitals())["halted"]
        await asyncio.to_thread(pane.say, "thank you")
        await until(lambda: desk.heard("could not go on; it is"), within=20)
        assert (await vitals())["halted"] == ""


def _says(*lines: bytes, ends: bool = False) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.writelines(line + b"\n" for line in lines)
        if not ends:
            await reader.read()

    return talk


_ALLOWS = json.dumps({"v": 1, "print": {**ALLOW, "continue": True}}).encode()
TROUBLE = {
    "silent": _says(),
    "there": _says(b'{"v":1,"here":true}'),
    "waiting": _says(b'{"v":1,"heard":true}'),
    "gone": _says(b'{"v":1,"heard":true}', ends=True),
    "rubbish": _says(b"\xff\xfe{rubbish", b"yes"),
    "almost": _says(b'{"v":1,"heard":true}', _ALLOWS),
}
"""What may stand in the gateway's place."""


async def test_whatever_stands_in_the_gateways_place_the_dialog_appears_and_works(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    (tmp_path / "state").mkdir()
    pane = rig.start()
    for number, (name, talk) in enumerate(TROUBLE.items()):
        async with rogue(tmp_path / "state", talk):
            await asyncio.to_thread(pane.play, "fifo")
            assert not (rig.project / "ran_it").exists(), name
            is_yes = number % 2 == 0
            pane.keys("Enter" if is_yes else "Escape")
            result = await asyncio.to_thread(rig.result, pane, number)
            assert (name, result.verdict) == (name, Verdict.RAN if is_yes else Verdict.DENIED)
            (rig.project / "ran_it").unlink(missing_ok=True)
        (tmp_path / "state" / HOOK_SOCKET).unlink()


async def test_the_conversation_is_known_also_after_clear(
    claude_rig: Rigged, tmp_path: Path
) -> None:
    rig = hooked(claude_rig, tmp_path)
    async with at_desk(rig, tmp_path) as desk:
        pane = rig.start()
        pane.say("hello there")

        def bound() -> tuple[str, str]:
            with sqlite3.connect(desk.gateway.state / "wingman.db") as ledger:
                found = ledger.execute("SELECT conversation, transcript FROM sessions").fetchone()
            return found or ("", "")

        await until(lambda: bound()[0], within=20)
        first, transcript = bound()
        assert first in transcript
        pane.say("/clear")
        await until(lambda: bound()[0] not in ("", first), within=20)
