"""Runs one agent through its cases: a whole gateway, a private tmux server, a scripted model."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.hook_command import hook_command
from bot.adapters.store.store import SqlStore
from bot.app import agents
from bot.app import run as run_gateway
from bot.canary import cases
from bot.canary.leftovers import end_leftovers
from bot.canary.models.pages import PLACE, with_pages
from bot.canary.person import NotSeen, Person
from bot.canary.playing import Bench, failed, try_case, with_screen
from bot.canary.script import Case, Script
from bot.canary.subject import Place, Subject
from bot.canary.witness import Witness
from bot.core.decisions import Verdict
from bot.core.hook_settings import Scope, settings_of
from bot.core.places import SOCKET
from bot.core.prompts import Kind
from bot.core.trials import Finding, Way
from bot.settings import AgentSettings, MonitorSettings, Settings, TmuxSettings, WebSettings
from bot.web.serving import listen, serve

UP_WITHIN = 20.0
LONGEST = 900.0
"""Seconds for all cases of one agent; then the gateway ends by itself."""
SESSION = "canary"
STARTS_WITHIN = 60.0
"""Seconds for an agent to show its input box, or its first dialog."""
TRUSTED = Finding(
    "trust",
    "the folder, trusted",
    Kind.TRUST.value,
    Verdict.APPROVE.value,
    recognised=True,
    proved=True,
    by=Way.PANE,
)
_PATH = "/usr/local/bin:/usr/bin:/bin"

Tell = Callable[[Finding], None]


async def try_out(
    subject: Subject, program: Path, folder: Path, *, way: Way, told: Tell
) -> list[Finding]:
    """All cases that can be answered that way, each told as it ends. ``folder`` is ours, and
    empty. The user's own tmux, home and gateway are not touched.

    By keys the agent is started without hooks, and by hook a key that was pressed is a failure:
    neither trial says anything of the other way."""
    async with _bench(subject, program, folder, way) as bench:
        found: list[Finding] = []
        every = subject.cases_by(way)
        for mode in dict.fromkeys(case.mode for case in every):
            cases = [case for case in every if case.mode == mode]
            async for finding in _in_one_session(bench, mode, cases, first=not found):
                told(finding)
                found.append(finding)
        return found


async def _in_one_session(
    bench: Bench, mode: str, cases: list[Case], *, first: bool
) -> AsyncIterator[Finding]:
    """After a case that failed, the next one gets a session of its own: a dialog may be left."""
    left = list(cases)
    while left:
        name = f"{SESSION}-{len(left)}-{mode}" if mode else f"{SESSION}-{len(left)}"
        launch = await _started(bench, name, mode, asks=first and bench.subject.asks_trust)
        if not launch.good:
            yield replace(launch, by=bench.way)
            return
        if first and bench.way is Way.PANE:
            yield launch
        first = False
        good = True
        while left and good:
            finding = await try_case(bench, name, left.pop(0))
            good = finding.good
            yield finding
        await bench.person.stops(name)


async def _started(bench: Bench, name: str, mode: str, *, asks: bool) -> Finding:
    """A new folder is asked for first, by agents that do so; without it nothing else can be.
    No hook runs before that. ``asks``: the dialog has to come, also where the input box stands
    for a moment before it, as with Gemini (0.61.0)."""
    finding = Finding("start", "a session, started", "", "", True, True, Way.PANE)
    try:
        await bench.person.starts(name, bench.place.project, mode)
        await bench.person.waits_for(
            lambda: _stands(bench, name, asks=asks),
            "it did not ask for the folder" if asks else "neither dialog nor composer",
            STARTS_WITHIN,
        )
        while prompt := await bench.person.prompt_of(name):
            if prompt["kind"] != Kind.TRUST:
                raise NotSeen(f"it asks something else first: {prompt['question']}")
            finding = TRUSTED
            await bench.person.decides(prompt["code"], {"decision": "approve"})
            await bench.person.sees_it_end(prompt["code"])
        await bench.person.sees_it_rest(name)
    except NotSeen as missing:
        return failed(finding, await with_screen(bench, name, missing), recognised=False)
    return finding


async def _stands(bench: Bench, name: str, *, asks: bool) -> bool:
    prompt = await bench.person.prompt_of(name)
    return prompt is not None or (not asks and await bench.person.rests(name))


@asynccontextmanager
async def _bench(subject: Subject, program: Path, folder: Path, way: Way) -> AsyncIterator[Bench]:
    clock = SystemClock()
    with contextlib.closing(listen("127.0.0.1", 0)) as socket:
        place = Place(
            folder / "home", folder / "project", folder / "outside", socket.getsockname()[1]
        )
        for made in (place.home, place.project, place.outside, folder / "bin"):
            made.mkdir()
        for name, words in cases.FILES.items():
            (place.outside / name).write_text(f"{words}\n", encoding="utf-8")
        subject.seed(place)
        script = Script(subject.cases, _names(place))
        settings = _settings(folder, _wrapper(subject, program, place, folder, way), way)
        if way is Way.HOOK:
            _seed_hooks(subject, place, settings)
        person = Person(settings.state_dir / SOCKET, clock)
        async with asyncio.TaskGroup() as group:
            closing, begun = asyncio.Event(), frozenset[int]()
            parts = [
                group.create_task(
                    serve(with_pages(subject.model(script), place.project), socket, closing)
                ),
                group.create_task(run_gateway(settings, lambda line: None, LONGEST, heeds=())),
            ]
            try:
                await person.waits_for(person.is_up, "the gateway did not start", UP_WITHIN)
                async with await SqlStore.open(settings.database, read_only=True) as ledger:
                    witness = Witness(ledger)
                    try:
                        yield Bench(subject, place, script, person, witness, clock, way)
                    finally:
                        begun = await witness.begun()
            finally:
                await person.close()
                for part in parts:
                    part.cancel()
                await _tmux(settings, "kill-server")
                await end_leftovers(folder, begun)


def _names(place: Place) -> dict[str, str]:
    """What stands for them where the model names a file or a page."""
    return {
        "project": str(place.project),
        "outside": str(place.outside),
        "pages": f"http://127.0.0.1:{place.port}{PLACE}",
    }


def _seed_hooks(subject: Subject, place: Place, settings: Settings) -> None:
    """For an agent that takes hooks from its home only; to others ``start`` gives them along."""
    setup = agents()[subject.agent].hooks
    if setup is None or setup.flag:
        return
    path = place.home / setup.files[Scope.USER]
    path.parent.mkdir(parents=True, exist_ok=True)
    hooks = settings_of(setup, hook_command(settings.state_dir))
    path.write_text(json.dumps(hooks), encoding="utf-8")


def _settings(folder: Path, wrapper: Path, way: Way) -> Settings:
    """Nothing of the user's settings: those may name a database, channels, another tmux."""
    defaults = Settings.model_construct()
    return defaults.model_copy(
        update={
            "state_dir": folder / "state",
            "database_url": None,
            "tmux": TmuxSettings(socket_path=folder / "tmux.sock"),
            "monitor": MonitorSettings(),
            "web": WebSettings(port=0),
            "agent": AgentSettings(command=shlex.quote(str(wrapper)), hooks=way is Way.HOOK),
        }
    )


def _wrapper(subject: Subject, program: Path, place: Place, folder: Path, way: Way) -> Path:
    """A program of the agent's name that leaves the user's environment behind."""
    interpreter = shutil.which("node", path=program.parent) or shutil.which("node")
    path = ":".join([str(Path(interpreter).parent)] if interpreter else []) + f":{_PATH}"
    pairs = {
        "HOME": str(place.home),
        "PATH": path.lstrip(":"),
        "LANG": "C.UTF-8",
        "SHELL": "/bin/sh",
        "TMPDIR": str(place.home),
        **subject.environment(place),
    }
    given = shlex.join(f"{name}={value}" for name, value in pairs.items())
    flags = subject.flags + (subject.hooked_flags if way is Way.HOOK else ())
    wrapper = folder / "bin" / program.name
    wrapper.write_text(
        f'#!/bin/sh\nexec env -i {given} ${{COLORTERM+COLORTERM="$COLORTERM"}} '
        f'TERM="$TERM" TMUX="$TMUX" TMUX_PANE="$TMUX_PANE" '
        f'{shlex.join([str(program), *flags])} "$@"\n',
        encoding="utf-8",
    )
    wrapper.chmod(0o700)
    return wrapper


async def _tmux(settings: Settings, *command: str) -> str:
    """Only of the server behind the trial's own socket; empty without one."""
    path = settings.tmux.socket_path
    if path is None or not path.exists():
        return ""
    process = await asyncio.create_subprocess_exec(
        *("tmux", "-S", str(path), *command),
        env={k: v for k, v in os.environ.items() if not k.startswith("TMUX")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await process.communicate()
    return said.decode(errors="replace")
