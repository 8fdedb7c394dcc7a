"""From a form or a list entry to what a person said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._whatsapp.inbound import (
    Fields,
    Ignored,
    Line,
    Listed,
    Media,
    listed,
    posted,
)
from bot.core.decisions import Inbound, InboundFile
from tests.channels._whatsapp.samples import ACCOUNT, ANN, SENDER, media_path, sid

LINE = Line(ACCOUNT, SENDER)
SAID = {
    "MessageSid": sid(1),
    "AccountSid": ACCOUNT,
    "From": f"whatsapp:{ANN}",
    "To": SENDER,
    "Body": "approve shop",
    "NumMedia": "0",
    "ProfileName": "Ann",
    "WaId": ANN[1:],
}


@dataclass
class Strangers:
    """Nobody is known; whoever has a number is called by it."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    async def user(self, number: str, external: str) -> str:
        self.asked.append((number, external))
        return number or external


@dataclass
class Nothing:
    """``offered``: title → command and message."""

    offered: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    async def tap(self, address: str, title: str) -> tuple[str, str]:
        return self.offered.get(title, ("", ""))


async def said(**fields: str) -> Inbound | Ignored:
    form = Fields.of(urlencode({**SAID, **fields}).encode())
    return await posted(form, LINE, Strangers())


async def heard(**fields: str) -> Inbound:
    found = await said(**fields)
    assert isinstance(found, Inbound)
    return found


async def test_words() -> None:
    inbound = await heard()
    assert (inbound.channel, inbound.event, inbound.user) == ("whatsapp", sid(1), ANN)
    assert (inbound.name, inbound.address, inbound.text) == ("Ann", ANN, "approve shop")
    assert (inbound.tapped, inbound.reply_to, inbound.receipt) == (False, "", sid(1))


async def test_a_tap_is_its_command() -> None:
    inbound = await heard(
        Body="Approve k3f9",
        ButtonText="Approve k3f9",
        ButtonPayload="approve k3f9",
        OriginalRepliedMessageSid=sid(9),
    )
    assert (inbound.text, inbound.tapped, inbound.reply_to) == ("approve k3f9", True, sid(9))


async def test_a_row_of_a_menu_is_its_command() -> None:
    inbound = await heard(Body="shop", ListId="status shop", ListTitle="shop")
    assert (inbound.text, inbound.tapped) == ("status shop", True)


async def test_a_reply_names_what_it_replies_to() -> None:
    inbound = await heard(Body="deny", OriginalRepliedMessageSid=sid(7))
    assert (inbound.reply_to, inbound.tapped) == (sid(7), False)


async def test_a_photo_with_words() -> None:
    inbound = await heard(
        Body="look",
        NumMedia="2",
        MediaUrl0=f"https://api.twilio.com{media_path(1, 1)}",
        MediaContentType0="image/jpeg",
        MediaUrl1=f"https://evil.example.org{media_path(1, 2)}",
        MediaContentType1="application/x-unheard-of",
    )
    assert inbound.files == (
        InboundFile(media_path(1, 1), "photo.jpg", 0, "image/jpeg"),
        InboundFile(media_path(1, 2), "document", 0, "application/x-unheard-of"),
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://api.twilio.com/2010-04-01/Accounts/../../secret",
        "https://api.twilio.com/elsewhere",
        f"https://api.twilio.com{media_path(1, 1)}/../x",
        "",
    ],
)
async def test_a_file_is_only_ever_one_of_twilios(url: str) -> None:
    found = await heard(NumMedia="1", MediaUrl0=url, MediaContentType0="image/png")
    assert found.files == ()


async def test_who_hides_the_number_has_an_id() -> None:
    people = Strangers()
    hidden = {"From": "whatsapp:US.1349abc", "WaId": "", "ExternalUserId": "whatsapp:ID.77"}
    form = Fields.of(urlencode({**SAID, **hidden}).encode())
    await posted(form, LINE, people)
    form = Fields.of(urlencode({**SAID, "ExternalUserId": "whatsapp:ID.77"}).encode())
    await posted(form, LINE, people)
    assert people.asked == [("", "ID.77"), (ANN, "ID.77")]


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageSid": ""},
        {"MessageSid": "SMshort"},
        {"AccountSid": "AC" + "9" * 32},
        {"To": "whatsapp:+12025550199"},
        {"From": "+491701234567", "WaId": ""},
        {"From": "whatsapp:", "WaId": ""},
        {"Body": "  "},
    ],
    ids=str,
)
async def test_what_is_not_for_us_changes_nothing(fields: dict[str, str]) -> None:
    assert isinstance(await said(**fields), Ignored)


def test_blank_and_repeated_fields_are_kept() -> None:
    form = Fields.of(b"Body=&a=1&a=2&Label=%20x")
    assert dict(form) == {"Body": [""], "a": ["1", "2"], "Label": [" x"]}
    assert form.getlist("a") == ["1", "2"]
    assert (form.first("a"), form.first("none")) == ("1", "")


@pytest.mark.parametrize("body", [b"\xff=1", b"&".join([b"a=1"] * 400)])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fields.of(body)


NAMES = st.sampled_from([*SAID, "ButtonPayload", "ListId", "MediaUrl0", "ExternalUserId", "Odd"])
FORMS = st.dictionaries(NAMES, st.text(max_size=60) | st.sampled_from(list(SAID.values())))


@given(FORMS)
async def test_no_form_breaks_it(fields: dict[str, str]) -> None:
    body = urlencode(fields, errors="replace").encode()
    found = await posted(Fields.of(body), LINE, Strangers())
    if isinstance(found, Inbound):
        assert found.user
        assert "\0" not in repr(found)


@given(st.binary(max_size=300))
async def test_no_bytes_break_it(body: bytes) -> None:
    try:
        form = Fields.of(body)
    except ValueError:
        return
    assert isinstance(await posted(form, LINE, Strangers()), Ignored)


AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def entry(body: str, **more: int) -> Listed:
    return Listed(sid(3), f"whatsapp:{ANN}", SENDER, body, AT, **more)  # type: ignore[arg-type]


async def test_a_message_of_the_list() -> None:
    found = await listed(entry("status"), (), Strangers(), Nothing())
    assert isinstance(found, Inbound)
    assert (found.event, found.user, found.text, found.tapped) == (sid(3), ANN, "status", False)
    assert found.sent_at == AT


async def test_a_tap_in_the_list_is_what_was_offered_under_that_title() -> None:
    offered = Nothing({"2. Yes k3f9": ("choose k3f9 2", sid(8))})
    tap = await listed(entry("2. Yes k3f9"), (), Strangers(), offered)
    words = await listed(entry("2. yes k3f9"), (), Strangers(), offered)
    assert isinstance(tap, Inbound)
    assert isinstance(words, Inbound)
    assert (tap.text, tap.tapped, tap.reply_to) == ("choose k3f9 2", True, sid(8))
    assert (words.text, words.tapped, words.reply_to) == ("2. yes k3f9", False, "")


async def test_files_of_the_list() -> None:
    media = [Media(f"{media_path(3, 1)}.json", "audio/ogg; codecs=opus"), Media("/x", "a/b")]
    found = await listed(entry(""), media, Strangers(), Nothing())
    assert isinstance(found, Inbound)
    assert found.files == (InboundFile(media_path(3, 1), "voice.ogg", 0, "audio/ogg"),)


async def test_an_empty_entry_changes_nothing() -> None:
    assert isinstance(await listed(entry(" "), (), Strangers(), Nothing()), Ignored)
