"""What an agent's hook runs, and what it does when the gateway is not what it should be."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import hook
from bot.adapters.hook_door import HERE, WAITS
from bot.adapters.hooks import BEAT, VERSION
from bot.core import hook_schema
from bot.core.hooks import Allow, Answers, Deny
from bot.core.places import HOOK_SOCKET
from bot.settings import Settings
from tests.support.hook_events import ALWAYS_MAKE, DATABASES, asked_command, asked_question
from tests.support.hookprogram import ALLOW, ASKS, Talk, begin, is_root, rogue, run

ROOT = Path(hook.__file__).resolve().parents[1]


def says(*lines: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        for line in lines:
            writer.write(line + b"\n")
        await reader.readline()

    return talk


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except OSError:
        return b""


@pytest.mark.parametrize("pane", ["%7", "", "7", "%7\r\nX: y"])
async def test_without_a_gateway_it_says_nothing(tmp_path: Path, pane: str) -> None:
    assert (await run(tmp_path, pane=pane)).said_nothing


async def test_an_answer_is_printed(tmp_path: Path) -> None:
    heard = json.dumps({"v": 1, "heard": True}).encode()
    answer = json.dumps({"v": 1, "print": ALLOW}).encode()
    async with rogue(tmp_path, says(heard, answer)):
        ran = await run(tmp_path)
    assert json.loads(ran.out) == ALLOW


@pytest.mark.parametrize(
    "line",
    [
        b"rubbish",
        b"[1]",
        b"{}",
        b'{"v":2,"print":{}}',
        b'{"v":1,"print":"yes"}',
        b'{"v":1,"print":{"decision":"approve"}}',
        json.dumps({"v": 1, "print": {**ALLOW, "continue": False}}).encode(),
        b"\xff\xfe",
    ],
)
async def test_rubbish_is_not_printed(tmp_path: Path, line: bytes) -> None:
    async with rogue(tmp_path, says(line)):
        assert (await run(tmp_path)).said_nothing


async def test_a_gateway_that_hangs_is_given_up_at_once(tmp_path: Path) -> None:
    async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with rogue(tmp_path, hangs):
        took = [await seconds(tmp_path) for _ in range(3)]
    assert min(took) < 0.9


async def test_one_that_is_there_and_takes_no_question_is_given_up_soon(tmp_path: Path) -> None:
    told: list[bytes] = []

    async def is_there(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.readline())
        writer.write(HERE)
        await reader.read()

    async with rogue(tmp_path, is_there):
        assert hook.HEARD <= await seconds(tmp_path) < hook.QUIET
    assert told[0].startswith(WAITS)


async def seconds(state: Path) -> float:
    """Until it gives no decision."""
    before = monotonic()
    assert (await run(state)).said_nothing
    return monotonic() - before


async def test_a_gateway_that_goes_away_is_no_decision(tmp_path: Path) -> None:
    async def goes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"v":1,"heard":true}\n')

    async with rogue(tmp_path, goes):
        assert (await run(tmp_path)).said_nothing


@pytest.mark.skipif(not is_root(), reason="only root can be somebody else")
async def test_a_socket_of_another_user_is_told_nothing(tmp_path: Path) -> None:
    told: asyncio.Queue[bytes] = asyncio.Queue()

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(json.dumps({"v": 1, "print": ALLOW}).encode() + b"\n")
        told.put_nowait(await rest_of(reader))

    async with rogue(tmp_path, listens, uid=65534):
        assert (await run(tmp_path)).said_nothing
        assert await told.get() == b""


@pytest.mark.parametrize("raw", [b"", b"nonsense", b"[]", b"\xff", b"[" * 200_000])
async def test_an_event_that_is_none_is_not_told(tmp_path: Path, raw: bytes) -> None:
    told: list[bytes] = []

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.read())

    async with rogue(tmp_path, listens):
        assert (await run(tmp_path, raw=raw)).said_nothing
    assert told in ([], [b""])


async def test_an_event_that_is_too_long_is_the_screens_to_show(tmp_path: Path) -> None:
    async with rogue(tmp_path, says()):
        raw = b'{"x":"' + b"x" * hook.LONGEST + b'"}'
        assert (await run(tmp_path, raw=raw)).said_nothing


async def test_whoever_reads_it_may_be_gone(tmp_path: Path) -> None:
    answer = json.dumps({"v": 1, "print": ALLOW}).encode()
    said: asyncio.Queue[bytes] = asyncio.Queue()

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        assert waiting.process.stdout is not None
        waiting.process.stdout.close()
        writer.write(answer + b"\n")
        said.put_nowait(await rest_of(reader))

    async with rogue(tmp_path, answers):
        waiting = await begin(tmp_path, ASKS)
        assert (await waiting.ended()).code == 0
        assert await said.get() == b""  # no word of having printed it


@pytest.mark.parametrize(
    "document",
    [
        hook_schema.answer(asked_command("make", ALWAYS_MAKE), Allow()),
        hook_schema.answer(
            asked_command("make", ALWAYS_MAKE),
            Allow(asked_command("make", ALWAYS_MAKE).suggestions),
        ),
        hook_schema.answer(asked_command("make"), Deny("no")),
        hook_schema.answer(asked_command("make"), Deny(stop=True)),
        hook_schema.answer(
            asked_question(DATABASES), Answers(((str(DATABASES["question"]), "SQLite"),))
        ),
    ],
)
def test_every_answer_of_ours_has_the_shape_of_a_decision(document: object) -> None:
    assert hook.is_decision(document, "PermissionRequest")
    assert not hook.is_decision(document, "Stop")


@pytest.mark.parametrize(
    "decision",
    [
        {},
        {"behavior": "ask"},
        {"behavior": "allow", "message": "x"},
        {"behavior": "allow", "updatedInput": []},
        {"behavior": "deny", "interrupt": "yes"},
        {"behavior": ["allow"]},
        "allow",
    ],
)
def test_what_is_no_decision(decision: object) -> None:
    output = {"hookEventName": "PermissionRequest", "decision": decision}
    assert not hook.is_decision({"hookSpecificOutput": output}, "PermissionRequest")


def test_it_finds_the_socket_as_the_settings_do(tmp_path: Path) -> None:
    assert hook.socket_path({"WINGMAN_STATE_DIR": "/x"}) == "/x/hook.sock"
    assert hook.socket_path({"WINGMAN_STATE_DIR": "/x"}, "/told") == "/told/hook.sock"
    assert hook.socket_path({"XDG_STATE_HOME": "/y"}) == "/y/wingman/hook.sock"
    assert hook.socket_path({}).endswith(f".local/state/wingman/{HOOK_SOCKET}")
    state = Settings(state_dir=tmp_path).state_dir
    assert hook.socket_path({}, str(state)) == str(tmp_path / HOOK_SOCKET)


def test_both_ends_agree() -> None:
    assert hook.VERSION == VERSION
    assert hook.ASKS == hook_schema.ASKS
    assert hook.QUIET >= 3 * BEAT
    assert hook.WHOLE < 600


def test_it_is_standard_library_only() -> None:
    code = "import sys, bot.hook; print([m for m in sys.modules if m.startswith('bot')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=10)
    assert done.stdout.strip() == "['bot', 'bot.hook']"


def test_it_loads_nothing_that_is_slow() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(hook.__file__).parents[1])!r}); import bot.hook"
    )
    code += "; print(sorted({'socket', 'typing', 'pathlib', 'asyncio'} & set(sys.modules)))"
    argv = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=10)
    assert done.stdout.strip() == "[]"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_it_reads_and_writes_what_json_does(document: object) -> None:
    assert hook.written(document) == json.dumps(document)
    assert hook.parsed(f" {json.dumps(document, indent=1)}\n".encode()) == document


@pytest.mark.parametrize(
    "line", [b"", b"{", b"nope", b'{"a": 1} x', b'"\n"', b"\xff", b"{'a': 1}"]
)
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hook.parsed(line)


def test_it_starts_without_what_is_slow_to_start() -> None:
    argv = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); "]
    argv[-1] += "import bot.hook; print(*sys.modules)"
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=20)

    assert not {"json", "re", "enum", "typing", "collections", "socket"} & {*done.stdout.split()}
