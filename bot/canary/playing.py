"""Plays one case: the dialog comes, is read, is answered, and what followed is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.canary.person import LOOK_EVERY, NotSeen, Person
from bot.canary.script import Case, Script, Step, request_of
from bot.canary.subject import Place, Subject
from bot.canary.witness import Witness
from bot.core.trials import Finding, Way
from bot.ports.clock import Clock

PROVED_WITHIN = 10.0
READ_WITHIN = 2.0
"""Seconds in which a card may still be made anew: agents draw a dialog in several steps."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the cases are played."""

    subject: Subject
    place: Place
    script: Script
    person: Person
    witness: Witness
    clock: Clock
    way: Way


async def try_case(bench: Bench, name: str, case: Case) -> Finding:
    about = (case.steps[0].kind.value, case.steps[0].verdict.value)
    finding = Finding(case.id, case.title, *about, True, True, bench.way)
    try:
        await bench.person.sees_it_rest(name)
        if case.first:
            await bench.person.says(name, case.first)
            await bench.person.sees_it_rest(name)
        await bench.person.says(name, request_of(case))
    except NotSeen as missing:
        return failed(finding, await with_screen(bench, name, missing), recognised=False)
    for step in case.steps:
        trouble = await _play(bench, name, step)
        if trouble:
            return failed(finding, *trouble)
    try:
        asked_again = f"{case.then} was not made: it was asked for again"
        await bench.person.waits_for(lambda: _followed(bench, case), asked_again, PROVED_WITHIN)
        await bench.person.sees_it_rest(name)
    except NotSeen as missing:
        return failed(finding, await with_screen(bench, name, missing))
    ran = [step for step in case.steps if _did(bench, step)]
    return failed(finding, _ran(ran[0])) if ran else finding


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
        code = prompt["code"]
        if bench.way is Way.HOOK:
            await bench.person.waits_for(
                lambda: bench.witness.heard_by_hook(code), "its hook did not tell of it"
            )
    except NotSeen as missing:
        return await with_screen(bench, name, missing), False
    if wrong:
        return await with_screen(bench, name, wrong), False
    if step.makes and _there(bench, step.makes):
        return f"{step.makes} was made before anybody allowed it", True
    if step.looks and (missing_row := await _unseen(bench, code, step.looks)):
        return await with_screen(bench, name, missing_row), True
    return await _answer(bench, code, step)


async def _unseen(bench: Bench, code: str, label: str) -> str:
    """What went wrong when all rows were asked for."""
    try:
        prompt = await bench.person.sees_all_rows(code)
    except NotSeen as missing:
        return str(missing)
    there = any(choice["label"] == label for choice in prompt["choices"])
    return "" if there else f"its rows were looked at, and {label!r} was none of them"


async def _answer(bench: Bench, code: str, step: Step) -> tuple[str, bool] | None:
    """It has to go the way that is tried, and to have done what was decided."""
    try:
        await bench.person.decides(code, step.decision)
        state = await bench.person.sees_it_end(code)
        went = await bench.witness.went(code)
        if went is not bench.way:
            way = "no way that is known" if went is None else went.value
            return f"it was answered by {way}, and is {state}", True
        await bench.person.waits_for(
            lambda: _proved(bench, step), f"not seen to be done: {step.decision}", PROVED_WITHIN
        )
    except NotSeen as missing:
        return str(missing), True
    return (_ran(step), True) if _did(bench, step) else None


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
    return made and (not step.hears or bench.script.has_heard(step.hears))


def _did(bench: Bench, step: Step) -> bool:
    """What it never should."""
    made = bool(step.never) and _there(bench, step.never)
    return made or (bool(step.unheard) and bench.script.has_heard(step.unheard))


def _ran(step: Step) -> str:
    return f"{step.never or step.unheard} was there though it was denied"


def _there(bench: Bench, name: str) -> bool:
    return (bench.place.project / name).exists()


def failed(finding: Finding, says: str, recognised: bool = True) -> Finding:
    return replace(finding, recognised=recognised, proved=False, says=says)


async def with_screen(bench: Bench, name: str, says: object) -> str:
    return f"{says}; its screen: {_brief(await bench.person.screen(name))}"


def _brief(screen: str) -> str:
    return " / ".join(line.strip() for line in screen.splitlines() if line.strip())[-1500:]
