"""From a Twilio account to a phone that may act."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.setup_whatsapp import Ask, Given, setup
from bot.settings import load
from tests.commands.conftest import Beside
from tests.commands.elsewhere import Elsewhere
from tests.support.commandline import CommandLine, Ran
from tests.support.twilioapi.server import FakeTwilio

PREFIX = "WINGMAN_WHATSAPP__"


@pytest.fixture(params=[False, True], ids=["own number", "sandbox"])
def twilio(wingman: CommandLine, request: pytest.FixtureRequest) -> Iterator[FakeTwilio]:
    there = Elsewhere(FakeTwilio.sandbox() if request.param else FakeTwilio())
    there.start()
    for name in ("API_BASE", "CONTENT_API_BASE"):
        wingman.monkeypatch.setenv(PREFIX + name, there.api.base_url)
    yield there.api
    there.stop()
    assert there.api.misuse == []
    assert there.api.sent == []


@pytest.fixture
def own(wingman: CommandLine) -> Iterator[FakeTwilio]:
    there = Elsewhere(FakeTwilio())
    there.start()
    for name in ("API_BASE", "CONTENT_API_BASE"):
        wingman.monkeypatch.setenv(PREFIX + name, there.api.base_url)
    yield there.api
    there.stop()


@pytest.fixture
def kept(wingman: CommandLine) -> Path:
    return wingman.folder / "config" / "wingman" / ".env"


def sets_up(wingman: CommandLine, twilio: FakeTwilio, *more: str, **given: str) -> Ran:
    token = wingman.folder / "token"
    token.write_text(given.get("token", twilio.token) + "\n")
    account = given.get("account", twilio.account)
    sender = given.get("sender", twilio.sender)
    options = ("--account-sid", account, "--from", sender, "--twilio-token-file", str(token))
    return wingman("setup", "whatsapp", *options, *more)


def typed(*answers: str) -> Ask:
    left = list(answers)
    return lambda question, hidden: left.pop(0)


def test_an_account_is_checked_and_kept_and_a_link_shown(
    wingman: CommandLine, twilio: FakeTwilio, kept: Path
) -> None:
    ran = sets_up(wingman, twilio)
    assert (ran.code, ran.err) == (0, "")
    assert kept.read_text().splitlines() == [
        f"{PREFIX}ACCOUNT_SID={twilio.account}",
        f"{PREFIX}AUTH_TOKEN={twilio.token}",
        f"{PREFIX}FROM={twilio.sender}",
    ]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    number = twilio.sender.removeprefix("whatsapp:")
    assert f"https://wa.me/{number.removeprefix('+')}?text=/start%20" in ran.out
    assert ("1. From your phone send the sandbox's join words" in ran.out) is (
        twilio.world.is_sandbox
    )
    assert ". Start the gateway:  wingman run" in ran.out
    assert "▀" in ran.out
    assert twilio.token not in ran.out


def test_again_it_only_makes_a_new_link(
    wingman: CommandLine, twilio: FakeTwilio, kept: Path, beside: Beside
) -> None:
    sets_up(wingman, twilio)
    before = kept.read_text()
    told = json.loads(wingman("setup", "whatsapp", "--json").out)
    assert (told["channel"], told["kept_in"]) == ("whatsapp", None)
    assert told["link"].endswith(f"?text=/start%20{told['code']}")
    assert kept.read_text() == before


def test_what_is_typed_needs_no_option_and_no_number_for_the_sandbox(
    wingman: CommandLine, twilio: FakeTwilio, kept: Path
) -> None:
    if not twilio.world.is_sandbox:
        return
    ask = typed(f" {twilio.account} \n", twilio.token, "\n")
    assert setup(load(), Given(), ask, as_json=True) == 0
    assert f"{PREFIX}FROM={twilio.sender}\n" in kept.read_text()


def test_a_number_as_people_write_it(wingman: CommandLine, own: FakeTwilio, kept: Path) -> None:
    assert sets_up(wingman, own, sender="+1 (415) 555-0100").code == 0
    assert f"{PREFIX}FROM={own.sender}\n" in kept.read_text()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account": "AC" + "0" * 32}, "Twilio does not take the account's SID or token"),
        ({"token": "wr0ng-t0ken"}, "Twilio does not take the account's SID or token"),
        ({"sender": "+14155550199"}, "+14155550199 is no WhatsApp number of this account"),
        ({"account": "AC123"}, "that is no account SID: it is AC and 32 more characters"),
        ({"sender": "Ann"}, "that is no number: it begins with + and the country code"),
        ({"token": "two words"}, "there is no auth token: it stands beside the SID"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_cure_and_nothing_is_kept(
    wingman: CommandLine, own: FakeTwilio, kept: Path, given: dict[str, str], words: str
) -> None:
    ran = sets_up(wingman, own, **given)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"wingman: {words}")
    assert ran.err.count("\n") == 1
    assert given.get("token", "wr0ng-t0ken") not in ran.err
    assert not kept.exists()
    assert not (wingman.folder / "wingman.db").exists()


def test_a_closed_account(wingman: CommandLine, own: FakeTwilio, kept: Path) -> None:
    own.close_account()
    ran = sets_up(wingman, own)
    assert (ran.code, kept.exists()) == (1, False)
    assert "does not take the account's SID or token" in ran.err


def test_a_missing_template_is_said_and_hinders_nothing(
    wingman: CommandLine, own: FakeTwilio
) -> None:
    ran = sets_up(wingman, own)
    assert ran.code == 0
    assert "✗ no template: who has not written for 24 hours gets nothing on WhatsApp" in ran.out
    wingman.monkeypatch.setenv(f"{PREFIX}TEMPLATE_SID", "HX" + "7" * 32)
    again = wingman("setup", "whatsapp")
    assert "✗ the account has no such template" in again.out


def test_no_way_to_twilio(wingman: CommandLine, own: FakeTwilio, kept: Path) -> None:
    wingman.monkeypatch.setenv(f"{PREFIX}API_BASE", "http://127.0.0.1:9")
    ran = sets_up(wingman, own)
    assert (ran.code, kept.exists()) == (1, False)
    assert ran.err.startswith("wingman: Twilio can't be asked now")


def test_where_nobody_can_type_it_says_how_else(wingman: CommandLine, kept: Path) -> None:
    ran = wingman("setup", "whatsapp")
    assert (ran.code, ran.out, kept.exists()) == (1, "", False)
    assert ran.err.startswith("wingman: something is missing: give --account-sid")


def test_a_stronger_setting_is_named(wingman: CommandLine, own: FakeTwilio, kept: Path) -> None:
    (wingman.folder / ".env").write_text(
        f"{PREFIX}ACCOUNT_SID={own.account}\n{PREFIX}AUTH_TOKEN=another-one\n"
        f"{PREFIX}FROM={own.sender}\n"
    )
    ran = sets_up(wingman, own)
    assert (ran.code, kept.exists()) == (1, False)
    assert f"{PREFIX}AUTH_TOKEN is set to another value in " in ran.err
    assert "another-one" not in ran.err
