"""What stands on a card of Telegram, and what taps on it do: one gateway for all of these, and in
each of them sessions of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.botapi.chats import Message
from tests.support.botapi.fixtures import strict
from tests.support.botapi.oracle import TelegramOracle
from tests.support.files import png
from tests.support.home import Home
from tests.support.waiting import until

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="module"),
]

OPTIONS = [["By task", "one page each"], ["By module", "one part each"], ["Leave it", ""]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(
    tmp_path_factory: pytest.TempPathFactory, telegram_oracle: TelegramOracle | None
) -> AsyncIterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    async with strict(telegram_oracle) as telegram, Home(folder, telegram).open() as opened:
        yield opened


def bash(command: str) -> dict[str, object]:
    return {"bash": command, "id": command, "about": "Do it"}


def ask(question: str, *, multi: bool = False) -> dict[str, object]:
    asked = {"header": "Docs", "question": question, "multi": multi, "options": OPTIONS}
    return {"id": question, "ask": [asked]}


async def card_of(home: Home, words: str) -> Message:
    """With buttons: the prompt is open."""

    def found() -> Message | None:
        shown = home.ann.chat.find(words)
        return shown if shown and shown.labels else None

    return await home.ann.chat.until(found, words, within=20)


async def closes(card: Message, words: str) -> None:
    try:
        await until(lambda: words in card.text and not card.buttons)
    except AssertionError:
        raise AssertionError(f"not closed as {words!r}: {card.text!r}, {card.buttons}") from None


async def test_a_prompt_that_changed_before_the_tap_is_not_answered(home: Home) -> None:
    home.crew.hire("changing", bash("make first"), bash("make second"))
    card = await card_of(home, "make first")
    home.gateway.freeze()
    await home.crew.enter("changing")
    await until(lambda: ("shown", "make second") in shown(home))
    tap = await home.ann.taps(card, "Deny")
    home.gateway.thaw()
    new = await card_of(home, "make second")
    assert "✓" not in await tap.answered()
    assert (home.of("make first"), home.of("make second")) == (["allowed"], [])
    await until(lambda: not card.buttons)
    assert new.button("Approve").data != card.history[0].buttons[0][0].data
    await home.ann.taps(new, "Approve")
    await until(lambda: home.of("make second") == ["allowed"])


def shown(home: Home) -> list[tuple[str, str]]:
    return [(event["event"], event["dialog"]) for event in home.crew.events()]


async def test_what_is_answered_at_the_terminal_closes_the_card(home: Home) -> None:
    home.crew.hire("manual", bash("make by hand"))
    card = await card_of(home, "make by hand")
    await home.crew.enter("manual")
    await closes(card, "Answered at the terminal")
    assert home.of("make by hand") == ["allowed"]


async def test_a_second_tap_is_told_that_it_is_settled_already(home: Home) -> None:
    home.crew.hire("twice", bash("make twice"))
    card = await card_of(home, "make twice")
    await home.ann.taps(card, "Approve")
    await closes(card, "approved (once)")
    second = await home.ann.taps(card, "Deny", earlier=True)
    assert "settled already" in await second.answered()
    assert second.query.alert
    assert home.of("make twice") == ["allowed"]


async def test_several_answers_are_ticked_and_submitted(home: Home) -> None:
    home.crew.hire("many", ask("Which checks?", multi=True))
    card = await card_of(home, "Which checks?")
    for label in ("By task", "Leave it"):
        looks = len(card.history)
        tap = await home.ann.taps(card, label)
        await tap.answered()
        await until(lambda seen=looks: len(card.history) > seen)  # type: ignore[misc]
    assert card.labels[:3] == ["☑ By task", "☐ By module", "☑ Leave it"]
    assert [e for e in home.crew.events() if e["dialog"] == "Which checks?"][1:] == []
    await home.ann.taps(card, "Submit")
    review = await card_of(home, "Review your answers")
    assert "By task, Leave it" in review.text
    await home.ann.taps(review, "Submit answers")
    await until(lambda: home.of("Which checks?") == ["answered"])
    assert answers(home, "Which checks?") == ["By task, Leave it"]


async def test_a_question_is_answered_in_own_words_by_a_reply(home: Home) -> None:
    home.crew.hire("words", ask("How to split?"))
    card = await card_of(home, "How to split?")
    assert "reply to this in your own words" in card.text
    await home.ann.says("by audience; two parts", reply_to=card)
    await until(lambda: answers(home, "How to split?") == ["by audience; two parts"])
    await closes(card, "answered")


def answers(home: Home, question: str) -> list[str]:
    ended = (e for e in home.crew.events() if e["event"] == "answered" and e["dialog"] == question)
    return [answer for event in ended for _, answer in event["answers"]]


async def test_other_words_on_a_card_are_a_reason_once_that_was_confirmed(home: Home) -> None:
    rows = {"choices": ["Yes", "No, and tell Claude what to do differently (esc)"]}
    home.crew.hire("reasons", bash("make reasons") | rows)
    card = await card_of(home, "make reasons")
    wrong = await home.ann.says("delete the session, please", reply_to=card)
    asked = await home.ann.chat.shows("with this reason?")
    assert "delete the session, please" in asked.text
    assert home.of("make reasons") == []
    await until(lambda: wrong.reactions)
    await home.ann.taps(asked, "Deny with this reason")
    await until(lambda: home.of("make reasons") == ["denied"])
    await closes(card, "denied")


async def test_a_plan_comes_with_its_text_and_is_sent_back_by_a_reply(home: Home) -> None:
    text = "Refunds once\n\n1. Add a key\n2. Check it\n3. Test two at once"
    home.crew.hire("plans", {"plan": text, "id": "refunds"})
    card = await card_of(home, "Refunds once")
    assert text in card.marked("pre")[0]
    yes = card.button("Yes, manually approve edits")
    assert yes.style == "success"
    await home.ann.says("test three at once", reply_to=card)
    await until(lambda: home.of("refunds") == ["denied"])
    (denied,) = (
        e for e in home.crew.events() if (e["event"], e["dialog"]) == ("denied", "refunds")
    )
    assert denied["reason"] == "test three at once"


async def test_a_long_diff_comes_first_and_approve_with_its_end(home: Home) -> None:
    changed = {"edit": "src/long.ts", "id": "long", "diff": diff(110)}
    huge = {"edit": "src/huge.ts", "id": "huge", "diff": diff(400)}
    home.crew.hire("diffs", changed, huge, rows=500)
    card = await home.ann.chat.until(
        lambda: next((m for m in home.ann.chat.from_bot if "line 109 of" in m.text), None),
        "the end of the diff",
        within=20,
    )
    above = home.ann.chat.from_bot[home.ann.chat.from_bot.index(card) - 1]
    assert "src/long.ts" in above.text
    assert "line 0 of" in above.text
    assert above.silent
    assert not above.labels
    assert card.labels[:2] == ["Approve", "Deny"]
    assert not card.silent
    await home.ann.taps(card, "Approve")
    await closes(card, "approved (once)")

    short = await card_of(home, "huge.ts")
    file = home.ann.chat.from_bot[home.ann.chat.from_bot.index(short) - 1].file
    assert file is not None
    assert "line 399 of" in file.upload.data.decode()
    assert "in the file above" in short.text
    await home.ann.taps(short, "Deny")
    await until(lambda: (home.of("long"), home.of("huge")) == (["allowed"], ["denied"]))


def diff(lines: int) -> list[str]:
    return [f"{n + 1} +line {n} of a change that goes on and on" for n in range(lines)]


async def test_a_photo_and_a_document_reach_the_agent_as_files(home: Home) -> None:
    await home.rests("files")
    picture = png(60, 30)
    await home.ann.sends_photo(picture, "tell files what is wrong here?")
    await until(lambda: [text for text in home.told() if "what is wrong here?" in text], within=20)
    receipt = await home.ann.chat.shows("Delivered to 'files'")
    await home.ann.sends_document("notes.md", b"# notes", "text/markdown", "tell files read it")
    await until(lambda: [text for text in home.told() if "read it" in text], within=20)
    assert receipt.text.startswith("✓")
    sent = [line for text in home.told() for line in text.splitlines() if "File: " in line]
    kept = list((home.gateway.state / "files" / "files").iterdir())
    assert {path.read_bytes() for path in kept} == {picture, b"# notes"}
    assert all(any(str(path) in line for line in sent) for path in kept)
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


async def test_all_photos_of_an_album_reach_the_session_that_its_caption_names(
    home: Home,
) -> None:
    await home.rests("album")
    photos = [png(40 + n, 30) for n in range(3)]
    await home.ann.sends_album("tell album compare these", *photos)
    folder = home.gateway.state / "files" / "album"

    def kept() -> bool:
        # those that are still being written have names that begin with a dot
        return {p.read_bytes() for p in folder.glob("[!.]*")} == set(photos)

    def told() -> int:
        return sum("/files/album/" in text for text in home.told())

    await until(lambda: kept() and told() == 3, within=30)
    assert [text.splitlines()[0] for text in home.told() if "compare" in text] == ["compare these"]


async def test_an_edited_message_and_a_reaction_have_no_effect(home: Home) -> None:
    home.crew.hire("edits", bash("make edits"))
    card = await card_of(home, "make edits")
    code = card.button("Approve").data
    said = await home.ann.says("ping")
    pongs = await home.ann.chat.shows("pong")
    await until(lambda: said.reactions.get(home.telegram.world.bot["id"]) == ["👍"])
    await home.ann.edits(said, f"/{code}")
    await home.ann.reacts(card, "👍")
    await home.ann.chat.shows("Changes to a message are not read")
    await home.ann.says("whoami")
    await home.ann.chat.until(
        lambda: next(
            (m for m in home.ann.chat.from_bot if m.id > pongs.id and "7001" in m.text), None
        )
    )
    assert home.of("make edits") == []
    assert card.labels
    await home.ann.says("deny", reply_to=card)
    await until(lambda: home.of("make edits") == ["denied"])


async def test_in_a_group_only_what_is_meant_for_it_is_heard_and_decides_nothing(
    home: Home,
) -> None:
    group = home.telegram.group(-1001234500001, "Team", hears_all=True)
    home.crew.hire("public", bash("make public"))
    card = await card_of(home, "make public")
    code = card.button("Approve").data
    bot = home.telegram.bot_username
    await home.ann.says("ping", to=group)
    await home.ann.says("/ping@another_bot", to=group)
    await home.ann.says(f"/ping@{bot}", to=group)
    first = await group.shows("pong")
    assert first.reply_to is not None
    assert first.reply_to.text == f"/ping@{bot}"
    await home.ann.says("ping", to=group, reply_to=first)
    await group.until(lambda: group.from_bot[-1] if len(group.from_bot) == 2 else None)
    await home.ann.says(f"@{bot} {code}", to=group)
    refused = await group.shows("switched off in this chat")
    assert "WINGMAN_TELEGRAM__GROUP_APPROVALS" in refused.text
    assert len(group.from_bot) == 3
    assert home.of("make public") == []
    await home.ann.taps(card, "Deny")
    await until(lambda: home.of("make public") == ["denied"])


async def test_updates_that_come_twice_or_with_lower_numbers_are_taken_once(home: Home) -> None:
    await home.rests("numbers")
    home.telegram.duplicate_updates()
    await home.ann.says("tell numbers one")
    await until(lambda: "one" in home.told(), within=20)
    home.telegram.restart_ids(1001)
    await home.ann.says("tell numbers two")
    await until(lambda: "two" in home.told(), within=20)
    home.telegram.duplicate_updates(False)
    await home.ann.says("tell numbers three")
    await until(lambda: "three" in home.told(), within=20)
    assert [text for text in home.told() if text in ("one", "two", "three")] == [
        "one",
        "two",
        "three",
    ]
