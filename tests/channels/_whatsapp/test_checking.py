"""What a look at an account finds, by real requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels._whatsapp.checking import contact
from bot.channels.whatsapp import CHANNEL
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.settings import Settings
from tests.channels._whatsapp.samples import ANN
from tests.support.gateway import LoopClock
from tests.support.twilioapi.fixtures import twilio as twilio
from tests.support.twilioapi.server import FakeTwilio
from tests.support.waiting import until


def settings(twilio: FakeTwilio, **more: Any) -> Settings:
    given = {
        "account_sid": twilio.account,
        "auth_token": twilio.token,
        "from": twilio.sender,
        "allowed_numbers": ANN,
        "api_base": twilio.base_url,
        "content_api_base": twilio.base_url,
        **more,
    }
    return Settings(whatsapp=given)  # type: ignore[arg-type]


async def found(twilio: FakeTwilio, **more: Any) -> dict[str, Check]:
    assert CHANNEL.checks is not None
    seen = await CHANNEL.checks(settings(twilio, **more), LoopClock())
    return {check.id: check for check in seen}


async def test_an_account_that_is_well(twilio: FakeTwilio) -> None:
    template = twilio.template("Your agents: {{1}}. Reply.")
    seen = await found(twilio, template_sid=template.sid)
    assert list(seen) == ["whatsapp.account", "whatsapp.sender", "whatsapp.template"]
    assert {check.level for check in seen.values()} == {Level.OK}
    assert {call.name for call in twilio.calls} == {
        "account.fetch",
        "senders.list",
        "approvals.fetch",
    }


@pytest.mark.parametrize(
    "wrong", [{"auth_token": "wr0ng"}, {"account_sid": "AC" + "0" * 32}], ids=["token", "SID"]
)
async def test_a_wrong_account_is_all_there_is_to_say(
    twilio: FakeTwilio, wrong: dict[str, str]
) -> None:
    (only,) = (await found(twilio, **wrong)).values()
    assert (only.id, only.level) == ("whatsapp.account", Level.RED)
    assert "does not take the account's SID or token" in only.says
    assert "wr0ng" not in only.says
    assert "wingman setup whatsapp" in only.cure


async def test_a_wrong_number_comes_with_the_right_ones(twilio: FakeTwilio) -> None:
    check = (await found(twilio, **{"from": "whatsapp:+14155550199"}))["whatsapp.sender"]
    assert check.level is Level.RED
    assert check.says == "+14155550199 is no WhatsApp number of this account"
    assert check.cure.endswith(twilio.sender)


async def test_a_template_that_is_missing_unknown_or_not_approved(twilio: FakeTwilio) -> None:
    none = (await found(twilio))["whatsapp.template"]
    gone = (await found(twilio, template_sid="HX" + "7" * 32))["whatsapp.template"]
    waiting = twilio.template("Your agents: {{1}}. Reply.")
    waiting.approval = "pending"
    early = (await found(twilio, template_sid=waiting.sid))["whatsapp.template"]
    assert (none.level, gone.level, early.level) == (Level.WARN, Level.RED, Level.RED)
    assert "gets nothing on WhatsApp" in none.says
    assert "no such template" in gone.says
    assert early.says == "the template is pending, so it does not arrive"


async def test_no_way_to_twilio_is_no_finding(twilio: FakeTwilio) -> None:
    (only,) = (await found(twilio, api_base="http://127.0.0.1:9")).values()
    assert (only.id, only.level) == ("whatsapp.account", Level.WARN)
    twilio.faults.html_5xx("senders.list")
    check = (await found(twilio))["whatsapp.sender"]
    assert (check.level, check.says[:26]) == (Level.WARN, "Twilio can't be asked now ")


async def test_the_sandbox_forgets_a_phone_after_three_days() -> None:
    twilio = FakeTwilio.sandbox()
    async with twilio.running():
        ann = twilio.person(ANN, "Ann", has_written=False)
        never = (await found(twilio))["whatsapp.sandbox"]
        await ann.joins()
        fresh = (await found(twilio))["whatsapp.sandbox"]
        twilio.later(timedelta(days=4))
        stale = (await found(twilio))["whatsapp.sandbox"]
        await _sends(twilio)
        out = (await found(twilio))["whatsapp.sandbox"]
        await ann.joins()
        back = (await found(twilio))["whatsapp.sandbox"]
    levels = [check.level for check in (never, fresh, stale, out, back)]
    assert levels == [Level.WARN, Level.OK, Level.WARN, Level.RED, Level.OK]
    assert out.says == f"{ANN} is not in the sandbox any more"
    assert "join words to +14155238886" in out.cure


async def _sends(twilio: FakeTwilio) -> None:
    """A message that fails with 63015."""
    message = twilio.world.add(twilio.sender, f"whatsapp:{ANN}", "hello")
    await twilio.courier.carry(message)
    await until(lambda: message.status == "failed")


def check(id_: str, level: Level) -> Check:
    return Check(f"whatsapp.{id_}", level, f"the {id_}", "" if level is Level.OK else "do it")


def test_a_link_writes_the_pairing_words_to_the_number() -> None:
    seen = [check("account", Level.OK), check("template", Level.RED)]
    made = contact("whatsapp:+14155550100", seen)
    assert made.name == "+14155550100"
    assert made.link.format(code="abc") == "https://wa.me/14155550100?text=/start%20abc"
    assert made.remarks == ("the template: do it",)


@pytest.mark.parametrize("level", [Level.RED, Level.WARN])
@pytest.mark.parametrize("id_", ["account", "sender"])
def test_there_is_no_link_to_what_does_not_work(id_: str, level: Level) -> None:
    with pytest.raises(WingmanError, match=f"^the {id_}: do it$"):
        contact("whatsapp:+14155550100", [check(id_, level)])
