"""What a person said, whatever form the provider gives it; and nothing for everybody else."""

import copy
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels._telegram.updates import House, Ignored, Poison, parse
from bot.core.decisions import Inbound, InboundFile
from bot.core.ids import EventId
from tests.channels._telegram.samples import (
    ANN,
    BOB,
    DOCUMENT,
    EVERY_KIND,
    GROUP,
    ME,
    PHOTO,
    VOICE,
    Json,
    group,
    in_group,
    message,
    ours,
    person,
    private,
    said,
    tap,
    update,
)

CLOSED, OPEN = House(), House(group_approvals=True)
FORUM = House(group_approvals=True, forum=GROUP)


def taken(raw: object, house: House = CLOSED) -> Inbound:
    found = parse(raw, ME, house)
    assert isinstance(found, Inbound), found
    return found


def ignored(raw: object, house: House = CLOSED) -> Ignored:
    found = parse(raw, ME, house)
    assert isinstance(found, Ignored), found
    return found


def test_a_message() -> None:
    assert taken(said("  deny k3f9 too late ")) == Inbound(
        channel="telegram",
        event=EventId("1000"),
        user="7001",
        name="Ann Lee",
        address="7001",
        text="deny k3f9 too late",
        receipt="12",
        sent_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
    )


def test_a_tap_is_its_command_on_the_card_it_hangs_on() -> None:
    inbound = taken(tap())
    assert (inbound.text, inbound.reply_to, inbound.tapped) == ("approve k3f9", "77", True)
    assert (inbound.user, inbound.address) == ("7001", "7001")
    assert inbound.receipt == "4382bfdwdsb323b2d9"


def test_a_reply_names_the_card() -> None:
    assert taken(said("no", reply_to_message=ours(77))).reply_to == "77"


@pytest.mark.parametrize(
    "root", [ours(5), {"message_id": 5, "forum_topic_created": {"name": "a"}}, ours(5, text="x")]
)
def test_being_in_a_topic_is_no_reply(root: Json) -> None:
    thread = {"message_thread_id": 5, "is_topic_message": True}
    inbound = taken(said("go on", reply_to_message=root, **thread))
    assert (inbound.thread, inbound.reply_to) == ("5", "")
    answering = taken(said("go on", reply_to_message=ours(77), **thread))
    assert (answering.thread, answering.reply_to) == ("5", "77")


def test_a_thread_of_replies_is_no_topic() -> None:
    assert taken(said("x", message_thread_id=5, reply_to_message=ours(5))).thread == ""


@pytest.mark.parametrize("chat", [private(), group()])
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("/status@wingman_test_bot a", "/status a"),
        ("/STATUS@Wingman_Test_Bot", "/STATUS"),
    ],
)
def test_the_bots_name_is_no_part_of_a_command(words: str, meant: str, chat: Json) -> None:
    assert taken(said(words, chat=chat)).text == meant


@pytest.mark.parametrize("chat", [private(), group()])
def test_commands_of_other_bots_are_theirs(chat: Json) -> None:
    ignored(said("/status@other_bot", chat=chat))
    ignored(said("/status@wingman_test_bot2", chat=chat))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("@wingman_test_bot status", "status"),
        ("status, @Wingman_Test_Bot please", "status, please"),
        ("/pending@wingman_test_bot", "/pending"),
    ],
)
def test_in_a_group_the_bot_is_spoken_to_by_name(words: str, meant: str) -> None:
    assert taken(in_group(words)).text == meant


@pytest.mark.parametrize(
    "words", ["status", "/status", "ann@wingman_test_bot.org", "@wingman_test_bot2 status", "@"]
)
def test_other_words_in_a_group_are_not_for_the_bot(words: str) -> None:
    ignored(in_group(words), OPEN)


def test_in_a_group_a_reply_to_the_bot_is_for_it() -> None:
    assert taken(in_group("yes", reply_to_message=ours(77))).reply_to == "77"
    ignored(in_group("yes", reply_to_message=message("hi", **{"from": person(BOB)})))


def test_a_topic_of_the_forum_is_for_the_bot() -> None:
    thread = {"message_thread_id": 5, "is_topic_message": True}
    assert taken(in_group("run the tests", **thread), FORUM).thread == "5"
    ignored(in_group("run the tests", **thread), OPEN)
    ignored(in_group("run the tests"), FORUM)


def test_pairing_is_for_private_chats() -> None:
    assert taken(said("/start CODE")).text == "/start CODE"
    ignored(in_group("/start@wingman_test_bot CODE"))


def test_decisions_in_groups_are_off_unless_switched_on() -> None:
    card = ours(chat=group())
    for raw in (in_group("@wingman_test_bot approve k3f9"), tap(message=card)):
        assert taken(raw, CLOSED).looks_only
        assert not taken(raw, OPEN).looks_only
    assert not taken(said("approve k3f9"), CLOSED).looks_only
    assert not taken(tap(), CLOSED).looks_only


@pytest.mark.parametrize(
    "raw",
    [
        said("x", **{"from": person(is_bot=True)}),
        said("x", sender_chat={"id": GROUP, "type": "supergroup"}),
        said("x", chat=private(BOB)),
        said("x", chat={"id": -100, "type": "channel"}),
        tap(message=None),
        tap(None),
        tap(message=ours(chat=private(BOB))),
        update("message", {"message_id": 1, "chat": private(), "text": "approve k3f9"}),
        update("channel_post", message()),
        update("business_message", message()),
        update("message_reaction", {"chat": private(), "user": person(), "message_id": 1}),
        update("my_chat_member", {"chat": private()}),
        update("stopped_message_generation", {"chat": private()}),
        {"update_id": 1},
        said(None, sticker={"file_id": "x"}),
        said("   "),
    ],
)
def test_what_no_person_said_to_the_bot_is_ignored(raw: Json) -> None:
    assert not ignored(raw, OPEN).edited


def test_an_edit_is_ignored_and_known_as_one() -> None:
    found = ignored(update("edited_message", message("approve k3f9")))
    assert (found.edited, found.user, found.address) == (True, "7001", "7001")
    assert not ignored(update("edited_message", message("x", chat=group()))).edited


def test_files_come_with_their_caption() -> None:
    inbound = taken(said(None, caption="look at this", photo=PHOTO))
    assert inbound.text == "look at this"
    assert inbound.files == (InboundFile("large", "photo.jpg", 98000, "image/jpeg"),)
    (document,) = taken(said(None, document=DOCUMENT)).files
    assert document == InboundFile("doc", "notes.md", 300, "text/markdown")
    (voice,) = taken(said(None, voice=VOICE)).files
    assert voice == InboundFile("v", "voice.ogg", 0, "audio/ogg")


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ({"first_name": "Ann\n\u202eBob", "last_name": "\0"}, "Ann Bob"),
        ({"first_name": "x" * 100, "last_name": None}, "x" * 64),
        ({"first_name": "\u2800\u200b", "last_name": ""}, "\u2800"),
        ({"first_name": "", "last_name": ""}, str(ANN)),
    ],
)
def test_a_name_is_for_showing(given_: Json, shown: str) -> None:
    assert taken(said("x", **{"from": person(**given_)})).name == shown


def test_a_field_newer_than_this_file_does_no_harm() -> None:
    raw = said("status", rich={"blocks": [1]}, suggested={"x": None})
    assert taken({**raw, "extra": 1}).text == "status"


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (None, "update"),
        ([], "update"),
        ({}, "update_id"),
        ({"update_id": "5"}, "update_id"),
        ({"update_id": True}, "update_id"),
        ({"update_id": 10**30}, "update_id"),
        (said(5), "message.text"),  # type: ignore[arg-type]
        (said("x", chat={"type": "private"}), "message.chat.id"),
    ],
)
def test_what_the_bot_api_does_not_promise_is_poison(raw: Any, where: str) -> None:
    with pytest.raises(Poison, match=rf"^{where}: "):
        parse(raw, ME, CLOSED)


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert taken(said("a\ud800b")).text == "a?b"


def test_poison_does_not_repeat_what_it_held() -> None:
    with pytest.raises(Poison) as caught:
        parse(said(text=["s3cret"]), ME, CLOSED)  # type: ignore[arg-type]
    assert "s3cret" not in str(caught.value)


# --- mutated updates --------------------------------------------------------------------------

MUTATED = 100_000 if os.environ.get("WINGMAN_TEST_LONG") else 500

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(alphabet=st.characters(), max_size=10)
    | st.sampled_from([ANN, BOB, str(ANN), float(ANN), 10**40, "approve k3f9", "private"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return [path for key in keys for path in ((*here, key), *places(value[key], (*here, key)))]


def change(raw: Json, at: int, value: Any, removes: bool) -> None:
    paths = places(raw)
    if not paths:
        return
    path = paths[at % len(paths)]
    holder: Any = raw
    for key in path[:-1]:
        holder = holder[key]
    if removes:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value


MUTATIONS = st.lists(st.tuples(st.integers(0, 200), JSON, st.booleans()), min_size=1, max_size=4)


@settings(max_examples=MUTATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(EVERY_KIND), MUTATIONS, st.sampled_from([CLOSED, OPEN, FORUM]))
@pytest.mark.timeout(3600)
def test_a_mutated_update_is_read_ignored_or_poison(
    base: Json, mutations: list[tuple[int, Any, bool]], house: House
) -> None:
    raw = copy.deepcopy(base)
    for at, value, removes in mutations:
        change(raw, at, value, removes)
    try:
        found = parse(raw, ME, house)
    except Poison:
        return
    if isinstance(found, Inbound):
        content = raw.get("message") or raw["callback_query"]
        sender = content["from"]
        assert type(sender["id"]) is int
        assert found.user == str(sender["id"])
        assert not sender.get("is_bot")
        assert found.text or found.files
        said_ = "".join((found.text, found.name, *(f.name + f.ref + f.mime for f in found.files)))
        assert "\0" not in said_
        assert said_.encode()


@pytest.mark.parametrize("date", [0, -1, 2**40, 2**62])
def test_a_date_that_no_calendar_has_is_not_known(date: int) -> None:
    assert taken(said("status", date=date)).sent_at is None


def test_a_tap_has_no_time_of_its_own() -> None:
    """What is dated there is the card."""
    assert taken(tap()).sent_at is None
