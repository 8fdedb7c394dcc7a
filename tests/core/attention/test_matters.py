"""What a person reads of notices that were sent, held, left out or told together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.attention.hours import window
from bot.core.attention.rules import Rules
from bot.core.ids import SessionName
from tests.support.attention import Calendar, Machine, Team, diary, team
from tests.support.virtual import virtual

EIGHT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Story:
    """``shop`` and one phone, ann's, beside a screen that does not ring."""

    def __init__(self, folder: Path, rules: Rules, hours: float = 0, *phones: str) -> None:
        clock = Calendar(EIGHT + timedelta(hours=hours))
        self.machine = Machine()
        names = phones or ("ann", "desk")
        self.running = team(
            folder,
            replace(rules, zone=UTC),
            clock,
            tuple(diary(name, clock) for name in names),
            self.machine,
        )


async def why(life: Team, session: str = "shop") -> list[str]:
    await life.settles()
    found = life.roster.get(SessionName(session)) or life.session(session)
    _, texts = await life.steering.explain_session(found)
    return texts


@virtual
async def test_what_was_just_sent(tmp_path: Path) -> None:
    async with Story(tmp_path, Rules()).running as life:
        await life.tells("shop", "done")
        await life.tells("api", "done")
        assert await why(life) == ["08:00 done shop\n· Ann: sent\n· Desk: sent"]
        assert await life.steering.explain_all() == []


@virtual
async def test_muted_and_later_told(tmp_path: Path) -> None:
    async with Story(tmp_path, Rules()).running as life:
        await life.steering.mute("shop", 600, life.ann())
        await life.tells("shop", "stuck")
        await life.tells("shop", "progress")
        by_ann = "session 'shop' was muted by Ann"
        progress, stuck = await why(life)
        assert stuck.splitlines() == [
            "08:00 stuck shop",
            "· Desk: sent silently",
            f"· Ann: held: {by_ann}, until 08:10:00",
        ]
        assert progress == f"08:00 progress shop\n· Desk: sent silently\n· Ann: not sent: {by_ann}"
        assert len(await life.steering.explain_all()) == 2
        await life.clock.sleep(601)
        await life.attends()
        assert "· 08:10 Ann: sent: no longer held: " in (await why(life))[1]


@virtual
async def test_quiet_hours(tmp_path: Path) -> None:
    rules = Rules(quiet=window("22-07"))
    async with Story(tmp_path, rules, 15).running as life:
        await life.tells("shop", "done")
        await life.tells("shop", "fails")
        fails, done = await why(life)
        assert "Ann: held: quiet hours (22:00-07:00), until 02 Jun 07:00:00" in done
        assert fails == "23:00 fails shop\n· Ann: sent\n· Desk: sent"


@virtual
async def test_somebody_types_there(tmp_path: Path) -> None:
    story = Story(tmp_path, Rules())
    async with story.running as life:
        await life.asks("shop")
        story.machine.keys[life.session("shop").pane.pane] = life.clock.now()
        await life.attends()
        await life.tells("shop", "help")
        await life.tells("shop", "done")
        done, help_, card = await why(life)
        assert "Ann: held: somebody is typing at that pane" in help_
        assert "Ann: sent silently: somebody is typing at that pane\n" in done
        assert card.startswith("08:00 🔒 Session 'shop' needs approval\n· in full: why ")
        holds, _ = await life.steering.explain_session(life.session("shop"))
        assert holds == ["Somebody is typing at its pane"]


@virtual
async def test_a_ladder_a_cooldown_and_a_price(tmp_path: Path) -> None:
    rules = Rules(escalate_after=10 * MINUTE, escalate_to=("ann", "paid"), cooldown=5 * MINUTE)
    async with Story(tmp_path, rules, 0, "ann", "paid").running as life:
        await life.tells("shop", "done")
        await life.tells("shop", "help")
        help_, done = await why(life)
        assert "Paid: not sent: only what waits for an answer is passed on here" in done
        assert "Ann: sent silently: this session rang a moment ago\n" in help_


@virtual
async def test_above_a_budget_they_are_told_together(tmp_path: Path) -> None:
    rules = Rules(session_budget=1)
    async with Story(tmp_path, rules).running as life:
        for _ in range(2):
            await life.tells("shop", "done")
            await life.clock.sleep(1)
        folded = (await why(life))[0]
        assert "Ann: for the next list: 1 messages for session 'shop' in 1 min, until" in folded
        await life.clock.sleep(20)
        await life.attends()
        assert "Ann: for the next list: told together with others" in (await why(life))[0]


@virtual
async def test_several_people_are_told_apart(tmp_path: Path) -> None:
    story = Story(tmp_path, Rules())
    async with story.running as life:
        life.phones[0].allowed["bob-id"] = "chat-bob"
        await life.tells("shop", "done")
        (told,) = await why(life)
        assert told.splitlines()[1:] == [
            "· Ann chat-ann: sent",
            "· Ann chat-bob: sent",
            "· Desk: sent",
        ]


@virtual
async def test_the_last_few_and_no_more(tmp_path: Path) -> None:
    async with Story(tmp_path, Rules()).running as life:
        for number in range(12):
            await life.tells("shop", f"help{number}")
            await life.clock.sleep(60)
        texts = await why(life)
        assert len(texts) == 8
        assert texts[0].startswith("08:11 help11 shop")
