"""Runs one agent through its cases: a whole gateway, a private tmux server, a scripted model."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.app import run as run_gateway
from bot.canary.leftovers import end_leftovers
from bot.canary.person import LOOK_EVERY, NotSeen, Person
from bot.canary.script import Case, Script, Step, request_of
from bot.canary.subject import Place, Subject
from bot.core.decisions import Verdict
from bot.core.places import SOCKET
from bot.core.prompts import Kind
from bot.core.trials import Finding
from bot.ports.clock import Clock
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
    by="pane",
)
PROVED_WITHIN = 10.0
READ_WITHIN = 2.0
"""Seconds in which a card may still be made anew: agents draw a dialog in several steps."""
_PATH = "/usr/local/bin:/usr/bin:/bin"

Tell = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the cases are played."""

    subject: Subject
    place: Place
    script: Script
    person: Person
    clock: Clock
    by: str


async def try_out(
    subject: Subject, program: Path, folder: Path, *, hooks: bool, told: Tell
) -> list[Finding]:
    """All cases, each told as it ends. ``folder`` is ours, and empty. The user's own tmux, home
    and gateway are not touched."""
    async with _bench(subject, program, folder, hooks=hooks) as bench:
        found: list[Finding] = []
        for mode in dict.fromkeys(case.mode for case in subject.cases):
            cases = [case for case in subject.cases if case.mode == mode]
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
        launch = await _started(bench, name, mode)
        if first or not launch.good:
            yield launch
        if not launch.good:
            return
        first = False
        good = True
        while left and good:
            finding = await _try(bench, name, left.pop(0))
            good = finding.good
            yield finding
        await bench.person.stops(name)


async def _started(bench: Bench, name: str, mode: str) -> Finding:
    """A new folder is asked for first, by agents that do so; without it nothing else can be."""
    finding = Finding("start", "a session, started", "", "", True, True, "pane")
    try:
        await bench.person.starts(name, bench.place.project, mode)
        await bench.person.waits_for(
            lambda: _stands(bench, name), "neither dialog nor composer", STARTS_WITHIN
        )
        while prompt := await bench.person.prompt_of(name):
            if prompt["kind"] != Kind.TRUST:
                raise NotSeen(f"it asks something else first: {prompt['question']}")
            finding = TRUSTED
            await bench.person.decides(prompt["code"], {"decision": "approve"})
            await bench.person.sees_it_end(prompt["code"])
        await bench.person.sees_it_rest(name)
    except NotSeen as missing:
        return _failed(finding, str(missing), recognised=False)
    return finding


async def _stands(bench: Bench, name: str) -> bool:
    prompt = await bench.person.prompt_of(name)
    return prompt is not None or await bench.person.rests(name)


async def _try(bench: Bench, name: str, case: Case) -> Finding:
    about = (case.steps[0].kind.value, case.steps[0].verdict.value)
    finding = Finding(case.id, case.title, *about, True, True, bench.by)
    try:
        await bench.person.sees_it_rest(name)
        await bench.person.says(name, request_of(case))
    except NotSeen as missing:
        return _failed(finding, str(missing), recognised=False)
    for step in case.steps:
        trouble = await _play(bench, name, step)
        if trouble:
            return _failed(finding, *trouble)
    try:
        await bench.person.waits_for(lambda: _followed(bench, case), "", PROVED_WITHIN)
    except NotSeen:
        return _failed(finding, f"{case.then} was not made: it was asked for again")
    return finding


async def _followed(bench: Bench, case: Case) -> bool:
    return not case.then or _there(bench, case.then)


async def _play(bench: Bench, name: str, step: Step) -> tuple[str, bool] | None:
    """What went wrong, and whether the dialog at least was recognised."""
    try:
        prompt = await bench.person.sees_prompt(name)
        wrong = _misread(prompt, step)
        until = bench.clock.monotonic() + READ_WITHIN
        while wrong and bench.clock.monotonic() < until:
            prompt = await bench.person.sees_prompt(name)
            wrong = _misread(prompt, step)
            await bench.clock.sleep(LOOK_EVERY)
    except NotSeen as missing:
        return f"{missing}; its screen: {_brief(await bench.person.screen(name))}", False
    if wrong:
        return f"{wrong}; its screen: {_brief(await bench.person.screen(name))}", False
    if step.makes and _there(bench, step.makes):
        return f"{step.makes} was made before anybody allowed it", True
    try:
        await bench.person.decides(prompt["code"], step.decision)
        await bench.person.sees_it_end(prompt["code"])
        await bench.person.waits_for(
            lambda: _proved(bench, step), f"not seen to be done: {step.decision}", PROVED_WITHIN
        )
    except NotSeen as missing:
        return str(missing), True
    return None


def _misread(prompt: dict[str, object], step: Step) -> str:
    if prompt["kind"] != step.kind.value:
        return f"it was taken for {prompt['kind']}"
    body = prompt["body"]
    lines = body if isinstance(body, list) else []
    shown = "\n".join([str(prompt["subject"]), *map(str, lines)])
    if step.shows not in shown:
        return f"the card did not show {step.shows!r}"
    return "" if prompt["complete"] else "a part of it was off the screen"


async def _proved(bench: Bench, step: Step) -> bool:
    made = not step.makes or _there(bench, step.makes)
    unmade = not step.never or not _there(bench, step.never)
    return made and unmade and (not step.hears or bench.script.has_heard(step.hears))


def _there(bench: Bench, name: str) -> bool:
    return (bench.place.project / name).exists()


def _failed(finding: Finding, says: str, recognised: bool = True) -> Finding:
    return replace(finding, recognised=recognised, proved=False, says=says)


def _brief(screen: str) -> str:
    return " / ".join(line.strip() for line in screen.splitlines() if line.strip())[-1500:]


@asynccontextmanager
async def _bench(
    subject: Subject, program: Path, folder: Path, *, hooks: bool
) -> AsyncIterator[Bench]:
    clock = SystemClock()
    with contextlib.closing(listen("127.0.0.1", 0)) as socket:
        place = Place(folder / "home", folder / "project", socket.getsockname()[1])
        for made in (place.home, place.project, folder / "bin"):
            made.mkdir()
        subject.seed(place)
        script = Script(subject.cases, {"project": str(place.project)})
        settings = _settings(folder, _wrapper(subject, program, place, folder), hooks=hooks)
        person = Person(settings.state_dir / SOCKET, clock)
        async with asyncio.TaskGroup() as group:
            closing = asyncio.Event()
            parts = [
                group.create_task(serve(subject.model(script), socket, closing)),
                group.create_task(run_gateway(settings, lambda line: None, LONGEST)),
            ]
            try:
                await person.waits_for(person.is_up, "the gateway did not start", UP_WITHIN)
                yield Bench(subject, place, script, person, clock, "hook" if hooks else "pane")
            finally:
                await person.close()
                for part in parts:
                    part.cancel()
                await _end_tmux(settings)
                await end_leftovers(folder)


def _settings(folder: Path, wrapper: Path, *, hooks: bool) -> Settings:
    """Nothing of the user's settings: those may name a database, channels, another tmux."""
    defaults = Settings.model_construct()
    return defaults.model_copy(
        update={
            "state_dir": folder / "state",
            "database_url": None,
            "tmux": TmuxSettings(socket_path=folder / "tmux.sock"),
            "monitor": MonitorSettings(),
            "web": WebSettings(port=0),
            "agent": AgentSettings(command=shlex.quote(str(wrapper)), hooks=hooks),
        }
    )


def _wrapper(subject: Subject, program: Path, place: Place, folder: Path) -> Path:
    """A program of the agent's name that leaves the user's environment behind."""
    interpreter = shutil.which("node")
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
    wrapper = folder / "bin" / program.name
    wrapper.write_text(
        f'#!/bin/sh\nexec env -i {given} TERM="$TERM" TMUX="$TMUX" TMUX_PANE="$TMUX_PANE" '
        f'{shlex.join([str(program), *subject.flags])} "$@"\n',
        encoding="utf-8",
    )
    wrapper.chmod(0o700)
    return wrapper


async def _end_tmux(settings: Settings) -> None:
    """Only the server behind the trial's own socket."""
    path = settings.tmux.socket_path
    if path is not None and path.exists():
        process = await asyncio.create_subprocess_exec(
            "tmux",
            "-S",
            str(path),
            "kill-server",
            env={k: v for k, v in os.environ.items() if not k.startswith("TMUX")},
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.wait()
