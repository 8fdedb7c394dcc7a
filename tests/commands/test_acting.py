import pytest

from bot.core.notices import Button, Notice, NoticeKind, Part
from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine
from tests.support.surface import FakeOutcome

SPOKEN = [
    (("approve", "shop"), "approve shop"),
    (("always", "k3f9", "yes"), "always k3f9 yes"),
    (("deny", "shop"), "deny shop"),
    (("deny", "shop", "use pnpm"), "deny shop use pnpm"),
    (("choose", "k3f9", "1,3"), "choose k3f9 1,3"),
    (("answer", "k3f9", "a warm", "green"), "answer k3f9 a warm green"),
    (("interrupt", "shop"), "interrupt shop"),
    (("watch", "shop"), "watch shop"),
    (("unwatch", "shop"), "unwatch shop"),
    (("stop", "shop"), "stop shop"),
    (("stop", "shop", "--force"), "stop shop yes"),
    (("send", "shop", "to be", "or not"), "send shop to be or not"),
]


@pytest.mark.parametrize(("arguments", "said"), SPOKEN, ids=[said for _, said in SPOKEN])
def test_the_chats_own_words(
    wingman: CommandLine, beside: Beside, arguments: tuple[str, ...], said: str
) -> None:
    ran = wingman(*arguments)
    assert (ran.code, ran.out, ran.err) == (0, f"you said {said}\n", "")
    assert beside.gateway.surface.done == [("command", said, "terminal")]


def test_a_refusal_is_a_line_on_standard_error(wingman: CommandLine, beside: Beside) -> None:
    beside.gateway.surface.answer = FakeOutcome(
        Notice(NoticeKind.TROUBLE, "✗ Nothing waits for an answer"), ok=False
    )
    ran = wingman("approve", "shop")
    assert (ran.code, ran.out, ran.err) == (1, "", "✗ Nothing waits for an answer\n")


def test_what_is_asked_back_says_how_to_go_on(wingman: CommandLine, beside: Beside) -> None:
    asked = Notice(
        NoticeKind.TROUBLE,
        "Really stop 'shop'?",
        (Part("It is working."),),
        (Button("Stop it", "stop shop yes"),),
    )
    beside.gateway.surface.answer = FakeOutcome(asked, ok=False)
    ran = wingman("stop", "shop")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "Really stop 'shop'?",
        "It is working.",
        "If you are sure: wingman stop shop --force",
    ]


def test_start(wingman: CommandLine, beside: Beside) -> None:
    where = str(wingman.folder)
    ran = wingman("start", "shop", "--dir", ".", "--prompt", "fix it", "--agent", "claude",
                  "--permission-mode", "plan")  # fmt: skip
    assert (ran.code, ran.out) == (0, "✅ Session: shop\n")
    done = beside.gateway.surface.done
    assert done == [("start", "shop", where, "fix it", "claude", "plan", "terminal")]

    refused = wingman("start", "taken", "--dir", "/")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "wingman: ✅ Session: taken\n"


def test_a_link(wingman: CommandLine, beside: Beside) -> None:
    ran = wingman("link")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{beside.gateway.url}/?link=")


@pytest.mark.parametrize(
    "arguments",
    [
        ("approve", "shop"),
        ("start", "shop", "--dir", "/"),
        ("send", "shop", "hello"),
        ("stop", "shop"),
        ("link",),
        ("pending",),
        ("pending", "--json"),
        ("dashboard",),
        ("phone",),
    ],
)
def test_without_a_gateway(wingman: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = wingman(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "start one with `wingman run`" in ran.err


@pytest.mark.parametrize(
    "arguments", [("approve",), ("start", "shop"), ("peek", "shop", "-n", "0"), ("dance",)]
)
def test_wrong_usage(wingman: CommandLine, arguments: tuple[str, ...]) -> None:
    ran = wingman(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: wingman" in ran.err
