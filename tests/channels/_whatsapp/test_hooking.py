"""What is posted to us: only with a signature, only once."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from bot.channels._whatsapp.hooking import RETRIES, Hooking
from bot.channels._whatsapp.inbound import Fields, Line
from bot.channels._whatsapp.intake import Intake
from bot.channels._whatsapp.memories import Directory
from bot.core.errors import StoreUnusable
from bot.core.fate import Fate
from tests.channels._whatsapp.rig import Parts
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, sid

SIGNED = {"x-signature": "good"}
SAID = {
    "MessageSid": sid(1),
    "AccountSid": ACCOUNT,
    "From": f"whatsapp:{ANN}",
    "To": SENDER,
    "Body": "status",
}


def verify(path: str, form: Fields, headers: Mapping[str, str]) -> bool:
    return path.startswith("/twilio/") and headers.get("x-signature") == "good"


class Rig(Parts):
    def __init__(self) -> None:
        super().__init__()
        intake = Intake(self.api, self.windows, self.porter, self.desk.accept)
        people = Directory(self.memory, (ANN,), self.windows.knows)
        line = Line(ACCOUNT, SENDER)
        self.hooking = Hooking(
            line, verify, people, intake, self.outcomes, self.desk.alarm, self.clock
        )

    async def posts(self, headers: Mapping[str, str] = SIGNED, **fields: str) -> int:
        body = urlencode({**SAID, **fields}).encode()
        return await self.hooking.message("/twilio/webhook", headers, body)

    async def reports(self, headers: Mapping[str, str] = SIGNED, **fields: str) -> int:
        return await self.hooking.status("/twilio/status", headers, urlencode(fields).encode())


async def test_it_is_stored_when_it_is_answered() -> None:
    rig = Rig()
    assert await rig.posts() == 200
    assert rig.desk.texts == ["status"]


async def test_without_a_signature_nothing_is_looked_at() -> None:
    rig = Rig()
    assert await rig.posts({}) == 403
    assert await rig.posts({"x-signature": "bad"}) == 403
    assert await rig.reports({}, MessageSid=sid(1), MessageStatus="failed") == 403
    assert await rig.hooking.message("/twilio/webhook", SIGNED, b"\xff") == 403
    assert rig.desk.taken == []
    assert rig.told == []


async def test_twilio_trying_again_is_answered_and_changes_nothing() -> None:
    rig = Rig()
    assert [await rig.posts(), await rig.posts()] == [200, 200]
    assert rig.desk.texts == ["status"]


async def test_one_that_is_played_back_is_refused() -> None:
    rig = Rig()
    assert await rig.posts() == 200
    await rig.clock.advance(RETRIES + 1)
    assert await rig.posts() == 403
    assert await rig.posts(MessageSid=sid(2)) == 200


async def test_what_means_nothing_is_answered_all_the_same() -> None:
    rig = Rig()
    assert await rig.posts(Body="") == 200
    assert await rig.posts(To="whatsapp:+12025550199") == 200
    assert rig.desk.taken == []


async def test_what_could_not_be_stored_is_not_acknowledged() -> None:
    rig = Rig()
    rig.desk.fails = [StoreUnusable("locked")]
    assert await rig.posts() == 503
    assert await rig.posts() == 200
    assert rig.desk.texts == ["status"]


async def test_reports_are_taken_in_any_order() -> None:
    rig = Rig()
    await rig.outcomes.sent(ANN, sid(9))
    for status in ("delivered", "sent", "delivered"):
        assert await rig.reports(MessageSid=sid(9), MessageStatus=status) == 200
    assert await rig.reports(MessageSid=sid(9), MessageStatus="failed", ErrorCode="63016") == 200
    assert (sid(9), Fate.BOUNCED, "63016") in rig.told


@pytest.mark.parametrize("code", ["", "x", "-1", "²"])
async def test_an_odd_error_code_breaks_nothing(code: str) -> None:
    rig = Rig()
    assert await rig.reports(MessageSid=sid(9), MessageStatus="failed", ErrorCode=code) == 200


async def test_a_signature_that_does_not_fit_our_address_is_told() -> None:
    rig = Rig()
    await rig.posts({"x-signature": "bad"}, AccountSid="AC" + "9" * 32)
    assert rig.desk.standing == {}
    await rig.posts({"x-signature": "bad"})
    assert "WINGMAN_WEB__PUBLIC_URL" in rig.desk.standing["signature"]
    assert await rig.posts() == 200
    assert rig.desk.standing == {}
