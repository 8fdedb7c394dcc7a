from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.agent import AgentSpec, Reading, State
from bot.core.errors import NotFound
from bot.core.reading import Reader
from bot.core.screen import PaneFacts, Screen


def agent(name: str, *processes: str, claims: str = "-") -> AgentSpec:
    return AgentSpec(
        id=name,
        title=name,
        processes=frozenset(processes),
        read_screen=lambda screen: Reading(name, State.IDLE),
        claims=lambda screen: claims in screen.rows[0],
    )


ONE, TWO = agent("one", "one", "node", claims="1"), agent("two", "two", "node", claims="2")
READER = Reader((agent("any"), ONE, TWO))


@pytest.mark.parametrize(
    ("command", "row", "name"),
    [
        ("one", "2", "one"),
        ("two", "1", "two"),
        ("node", "1", "one"),
        ("node", "2", "two"),
        ("node", "3", "any"),
        ("bash", "1", "any"),
        ("", "2", "two"),
        ("", "3", "any"),
    ],
)
def test_who_drew_a_screen(command: str, row: str, name: str) -> None:
    assert READER(Screen.of(row, PaneFacts(command=command))).agent == name


@pytest.mark.parametrize(
    ("command", "title", "row", "name"),
    [
        ("ssh", "Three: tests", "3", "three"),
        ("ssh", "Three: tests", "1", "any"),
        ("ssh", "notes on Three", "3", "any"),
        ("bash", "Three: tests", "3", "any"),
        ("less", "Three: tests", "3", "any"),
        ("one", "Three: tests", "3", "one"),
    ],
)
def test_a_title_tells_who_drew_it_under_an_unknown_program(
    command: str, title: str, row: str, name: str
) -> None:
    three = replace(agent("three", "three", claims="3"), titles=r"Three: .*")
    reader = Reader((agent("any"), ONE, TWO, three))

    assert reader(Screen.of(row, PaneFacts(command=command, title=title))).agent == name


@pytest.mark.parametrize(
    ("command", "row", "name"),
    [
        ("python3", "4", "four"),
        ("python3", "1", "any"),
        ("node", "4", "any"),
        ("bash", "4", "any"),
    ],
)
def test_its_look_tells_who_runs_under_an_interpreter(command: str, row: str, name: str) -> None:
    four = replace(agent("four", "four", claims="4"), hosts=r"python[\d.]*")
    reader = Reader((agent("any"), ONE, TWO, four))

    assert reader(Screen.of(row, PaneFacts(command=command))).agent == name


@pytest.mark.parametrize(
    ("title", "row", "name"),
    [("Five: tests", "half a redraw", "five"), ("Five: tests", "1", "five"), ("", "1", "one")],
)
def test_its_title_tells_who_runs_as_a_program_of_several_agents(
    title: str, row: str, name: str
) -> None:
    five = replace(agent("five", "five", "node", claims="5"), titles=r"Five: .*")
    reader = Reader((agent("any"), ONE, TWO, five))

    assert reader(Screen.of(row, PaneFacts(command="node", title=title))).agent == name


def test_a_named_agent_reads_whatever_it_is() -> None:
    assert READER(Screen.of("1"), "two").agent == "two"
    with pytest.raises(NotFound, match=r"auto, any, one, two"):
        READER(Screen.of("1"), "three")


def test_without_agents_there_is_none() -> None:
    assert Reader(())(Screen.of("x")) == Reading("", State.NONE)


def raises(screen: Screen) -> bool:
    raise IndexError


def test_a_reader_that_fails_is_told_of_and_its_screen_is_unreadable() -> None:
    broken = replace(ONE, read_screen=lambda screen: Reading(str(raises(screen)), State.IDLE))
    told: list[str] = []
    reader = Reader((broken, TWO), lambda agent, error: told.append(f"{agent} {error!r}"))

    reading = reader(Screen.of("1", PaneFacts(command="one")))

    assert (reading.agent, reading.state, told) == ("one", State.UNREADABLE, ["one IndexError()"])
    assert reading.prompt is not None
    assert not reading.prompt.choices
    with pytest.raises(IndexError):
        Reader((broken, TWO))(Screen.of("1", PaneFacts(command="one")))


def test_an_agent_that_cannot_say_whether_a_screen_is_its_own_has_none() -> None:
    told: list[str] = []
    reader = Reader((replace(ONE, claims=raises), TWO), lambda agent, error: told.append(agent))

    assert reader(Screen.of("2", PaneFacts(command="node"))).agent == "two"
    assert told == ["one"]
    with pytest.raises(IndexError):
        Reader((replace(ONE, claims=raises),))(Screen.of("2"))
