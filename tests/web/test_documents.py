from dataclasses import fields

import pytest

from bot.core.decisions import Verdict
from bot.core.notices import Attachment, Button, Notice, NoticeKind, Part
from bot.web.documents import (
    ApproveBody,
    DecisionBody,
    MessageDoc,
    NoticeDoc,
    PromptDoc,
    SessionDoc,
    session_docs,
)
from tests.support.chatlog import FakeChatLog
from tests.support.files import PNG
from tests.support.gateway import LoopClock
from tests.support.surface import make_prompt, make_session


def test_nothing_of_a_notice_is_lost() -> None:
    notice = Notice(
        NoticeKind.PROMPT,
        "t",
        (Part("p"),),
        (Button("b", "c"),),
        "f",
        "s",
        "k3f9",
        True,
        "a",
        (Attachment("a.diff", "text/x-diff", b"+ a"),),
        True,
        "m1",
        True,
    )
    assert set(NoticeDoc.model_fields) == {field.name for field in fields(Notice)}
    assert NoticeDoc.of(notice).model_dump(mode="json") == {
        "kind": "prompt",
        "title": "t",
        "parts": [{"text": "p", "style": "text"}],
        "buttons": [{"label": "b", "command": "c", "style": "plain"}],
        "footer": "f",
        "session": "s",
        "code": "k3f9",
        "silent": True,
        "attach": "a",
        "attachments": [
            {
                "name": "a.diff",
                "mime": "text/x-diff",
                "size": 3,
                "width": 0,
                "height": 0,
                "url": "",
            }
        ],
        "live": True,
        "answers": "m1",
        "failure": True,
    }


async def test_what_is_attached_is_fetched_by_message_and_number() -> None:
    files = (Attachment("a.diff", "text/x-diff", b"+ a"), Attachment("b.png", "image/png", PNG))
    notice = Notice(NoticeKind.REPLY, "t", attachments=files)
    message = await FakeChatLog(LoopClock()).append("", notice, mine=False)
    document = MessageDoc.of(message).notice
    assert document is not None
    assert [(file.url, file.width, file.height) for file in document.attachments] == [
        ("/api/chat/1/files/0", 0, 0),
        ("/api/chat/1/files/1", 3, 2),
    ]


async def test_a_message() -> None:
    message = await FakeChatLog(LoopClock()).append("hi", None, mine=True, reply_to=4)
    document = MessageDoc.of(message)
    assert (document.text, document.reply_to, document.notice) == ("hi", 4, None)


def test_a_session_shows_its_prompts_code() -> None:
    session = make_session("one")
    record = make_prompt("k3f9", session)
    waiting = make_session("one", prompt=record.id)
    assert [s.prompt for s in session_docs([waiting, session], [record])] == ["k3f9", None]
    assert SessionDoc.of(session, {}).pane == "%1"


def test_a_prompt() -> None:
    document = PromptDoc.of(make_prompt("k3f9", make_session("one")))
    assert (document.kind, document.state, document.complete) == ("approval", "open", True)


@pytest.mark.parametrize(
    ("decision", "verdict"),
    [("yes", Verdict.APPROVE), ("no", Verdict.DENY), ("always", Verdict.ALWAYS)],
)
def test_yes_no_always(decision: str, verdict: Verdict) -> None:
    body = ApproveBody.model_validate({"decision": decision})
    assert body.decision_value().verdict is verdict


@pytest.mark.parametrize(
    "body",
    [
        DecisionBody(decision="always", confirm=True),
        DecisionBody(choices=[2], confirm=True),
        ApproveBody(decision="always", confirm=True),
    ],
)
def test_a_grant_may_be_confirmed(body: DecisionBody | ApproveBody) -> None:
    decision = body.decision_value()
    assert decision is not None
    assert decision.confirmed


def test_nothing_is_confirmed_by_itself() -> None:
    for body in (DecisionBody(decision="always"), ApproveBody(decision="always")):
        decision = body.decision_value()
        assert decision is not None
        assert not decision.confirmed


def test_choices_make_a_choice() -> None:
    decision = DecisionBody(decision="approve", choices=[1, 3]).decision_value()
    assert decision is not None
    assert (decision.verdict, decision.numbers) == (Verdict.CHOOSE, (1, 3))
