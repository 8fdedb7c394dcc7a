from bot import api
from bot.api import Button, NoticeKind, Part, reply


def test_the_usual_answer() -> None:
    answer = reply(
        "done", Part("all of it"), buttons=(Button("more", "peek shop"),), session="shop"
    )
    assert (answer.kind, answer.title, answer.session) == (NoticeKind.REPLY, "done", "shop")
    assert [part.text for part in answer.parts] == ["all of it"]
    assert [button.command for button in answer.buttons] == ["peek shop"]


def test_all_that_is_promised_is_there() -> None:
    assert sorted(api.__all__, key=str.lower) == sorted(set(api.__all__), key=str.lower)
    assert [name for name in api.__all__ if not hasattr(api, name)] == []
