"""The page in a real browser."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.core.cards import prompt_card, reminder_card
from bot.core.decisions import Decision, Verdict
from bot.core.notices import Attachment, Button, Notice, NoticeKind, Part, PartStyle
from bot.core.prompts import Choice, Kind, Prompt, Role
from tests.support.browser import CHROMIUM, PHONE, Screen, open_page
from tests.support.browser import browser as browser
from tests.support.browser import chromium as chromium
from tests.support.files import SVG, png
from tests.support.gateway import Gateway
from tests.support.surface import BASH, make_session

DESK = {"width": 1280, "height": 800}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: set WINGMAN_TEST_CHROMIUM to one"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(loop_scope="module")
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway().running() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def screen(browser: Browser, gateway: Gateway) -> AsyncIterator[Screen]:
    screen = await open_page(browser, gateway)
    yield screen
    assert screen.complaints == []


async def test_the_link_is_gone_from_the_address_bar(screen: Screen) -> None:
    assert screen.page.url == f"{screen.gateway.url}/"
    await expect(screen.page.get_by_text("All quiet")).to_be_visible()


async def test_a_card_appears_is_approved_and_changes_in_place(screen: Screen) -> None:
    page = screen.page
    message = await screen.ask()
    card = page.get_by_role("article", name="Session 'one' needs approval")
    await expect(card).to_contain_text("npm run build")
    approve = card.get_by_role("button", name="Approve")
    await approve.click()
    (tap,) = await screen.said()
    assert (tap.text, tap.tapped, tap.reply_to) == ("approve k3f9", True, message)
    await expect(approve).to_be_disabled()
    await expect(card.get_by_role("button", name="Deny")).to_be_disabled()
    await expect(page.locator(".row.own")).to_have_text(re.compile("approve k3f9"))
    await screen.settle(message)
    await expect(page.locator(f"#m{message}")).to_contain_text("approved (once)")
    await expect(page.locator(f"#m{message} .act")).to_have_count(0)
    assert await page.locator(".card").count() == 1
    assert len(screen.gateway.inbox.accepted) == 1


async def test_an_older_card_of_a_settled_prompt_does_nothing(screen: Screen) -> None:
    message = await screen.ask()
    copy = await remind(screen)
    again = screen.page.locator(f"#m{copy}").get_by_role("button", name="Approve")
    await expect(again).to_be_enabled()
    await screen.settle(message)
    await expect(again).to_be_disabled()
    await expect(await on_another_page(screen, copy)).to_be_disabled()


async def remind(screen: Screen) -> str:
    """A second message with the buttons of the card."""
    record = screen.gateway.surface.records[0]
    return await screen.gateway.phone.send("local", reminder_card(record, record.opened_at))


async def on_another_page(screen: Screen, message: str) -> Locator:
    """The button of a message on a page that was opened later, with all of it as history."""
    page = await screen.page.context.new_page()
    await page.goto(screen.gateway.url)
    return page.locator(f"#m{message}").get_by_role("button", name="Approve")


async def test_a_copy_of_a_card_that_left_without_a_word_does_nothing(screen: Screen) -> None:
    await screen.ask()
    copy = await remind(screen)
    again = screen.page.locator(f"#m{copy}").get_by_role("button", name="Approve")
    await expect(screen.page.locator(".attention")).to_be_visible()
    await expect(again).to_be_enabled()
    await screen.gateway.surface.decide("k3f9", Decision(Verdict.APPROVE), "the terminal")
    await expect(again).to_be_disabled()
    await expect(await on_another_page(screen, copy)).to_be_disabled()


async def test_a_card_that_waits_again_can_be_tapped_again(screen: Screen) -> None:
    message = await screen.ask()
    copy = await remind(screen)
    again = screen.page.locator(f"#m{copy}").get_by_role("button", name="Approve")
    open_record = screen.gateway.surface.records[0]
    await screen.settle(message)
    await expect(again).to_be_disabled()
    screen.gateway.surface.records[0] = open_record
    await screen.gateway.phone.edit("local", message, prompt_card(open_record))
    await expect(again).to_be_enabled()


async def test_a_refused_tap_may_be_tapped_again(screen: Screen) -> None:
    await screen.ask()
    approve = screen.page.get_by_role("button", name="Approve")
    await approve.click()
    await expect(approve).to_be_disabled()
    await screen.said()
    await screen.gateway.phone.send("local", Notice(NoticeKind.REPLY, "⚠️ Not pressed: look again"))
    await expect(approve).to_be_enabled()


async def test_a_command_is_typed_with_completion_by_keyboard(screen: Screen) -> None:
    page = screen.page
    await screen.ask()
    await expect(page.locator(".card")).to_be_visible()
    words = page.get_by_label("Message or command")
    await screen.type("den")
    await expect(page.get_by_role("option", name="deny")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(words).to_have_value("deny ")
    await expect(page.get_by_role("option", name="k3f9")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(words).to_have_value("deny k3f9 ")
    await screen.type("too risky")
    await page.keyboard.press("Shift+Enter")
    await screen.type("today")
    await page.keyboard.press("Enter")
    (said,) = await screen.said()
    assert (said.text, said.tapped) == ("deny k3f9 too risky\ntoday", False)
    await expect(words).to_have_value("")
    await page.keyboard.press("ArrowUp")
    await expect(words).to_have_value("deny k3f9 too risky\ntoday")
    await page.keyboard.press("ArrowDown")
    await expect(words).to_have_value("")


async def test_words_answer_the_card_they_reply_to(screen: Screen) -> None:
    message = await screen.ask()
    await screen.page.get_by_role("button", name="Reply to: Session 'one' needs approval").click()
    await expect(screen.page.locator(".replying")).to_contain_text("needs approval")
    await screen.type("use yarn instead")
    await screen.page.keyboard.press("Enter")
    (said,) = await screen.said()
    assert (said.text, said.reply_to) == ("use yarn instead", message)
    await expect(screen.page.locator(".own .quoted")).to_contain_text("needs approval")
    await expect(screen.page.locator(".replying")).to_have_count(0)


async def test_long_content_is_unfolded_before_anything_can_be_approved(screen: Screen) -> None:
    body = tuple(f"line {number}" for number in range(1, 101))
    await screen.ask(prompt=Prompt(Kind.PLAN, "claude", body=body, choices=BASH.choices))
    page = screen.page
    unfold = page.get_by_role("button", name="to decide")
    await expect(unfold).to_be_visible()
    await expect(page.locator(".act")).to_have_count(0)
    await expect(page.locator(".card")).not_to_contain_text("line 100")
    await unfold.click()
    await expect(page.locator(".act").first).to_be_attached()
    last = await page.locator(".part").last.bounding_box()
    first = await page.locator(".act").first.bounding_box()
    assert last
    assert first
    assert first["y"] >= last["y"] + last["height"]


async def test_of_a_long_screen_the_end_is_shown_and_the_rest_is_a_tap_away(
    screen: Screen,
) -> None:
    rows = "\n".join(f"row {number}" for number in range(1, 41))
    peeked = Notice(NoticeKind.REPLY, "Screen of 'one'", (Part(rows, PartStyle.CODE),))
    await screen.gateway.phone.send("local", peeked)
    card = screen.page.locator(".card")
    await expect(card).to_contain_text("row 40")
    await expect(card).not_to_contain_text("row 1\n")
    await card.get_by_role("button", name="Show all 40 lines").click()
    await expect(card.locator(".part")).to_have_text(rows)


async def test_buttons_that_decide_nothing_wait_for_no_unfolding(screen: Screen) -> None:
    lines = "\n".join(f"command {number}" for number in range(1, 41))
    told = Notice(NoticeKind.REPLY, "Help", (Part(lines),), (Button("pending", "pending"),))
    await screen.gateway.phone.send("local", told)
    card = screen.page.locator(".card")
    await expect(card.locator(".act")).to_be_visible()
    await expect(card.get_by_role("button", name="Show all 40 lines", exact=True)).to_be_visible()


async def test_rows_wrap_under_their_words(screen: Screen) -> None:
    wordy = Choice(1, "Yes, " + "and so on " * 12, Role.ANSWER, detail="what it does " * 8)
    await screen.ask(prompt=Prompt(Kind.QUESTION, "claude", question="Which?", choices=(wordy,)))
    rows = screen.page.locator(".part").last
    await expect(rows).to_have_text(f"1. {wordy.label.strip()} {wordy.detail.strip()}")
    item = rows.locator(".item")
    assert await item.evaluate("e => parseFloat(getComputedStyle(e).textIndent)") < 0
    # Both at one moment: the page may be scrolling to its newest card.
    gap = await rows.evaluate(
        """part => part.querySelector(".detail").getBoundingClientRect().top
                 - part.querySelector(".item").getBoundingClientRect().bottom"""
    )
    assert gap >= -1


async def test_nothing_in_a_card_is_markup(screen: Screen) -> None:
    nasty = "<img src=x onerror=alert(1)> <b>bold</b> https://evil.example [x](y)"
    await screen.ask(prompt=Prompt(Kind.APPROVAL, "claude", "Bash", nasty, choices=BASH.choices))
    await expect(screen.page.locator(".part.code")).to_have_text(nasty)
    assert await screen.page.locator(".card a, .card img, .card b").count() == 0


async def test_it_comes_back_after_a_restart_and_sends_again(browser: Browser) -> None:
    gateway = Gateway()
    async with gateway.running():
        screen = await open_page(browser, gateway)
    page = screen.page
    await expect(page.get_by_text("reconnecting…")).to_be_visible()
    await screen.type("ping")
    await page.keyboard.press("Enter")
    retry = page.get_by_role("button", name="try again")
    await expect(retry).to_be_visible()
    await gateway.phone.send("local", Notice(NoticeKind.REPLY, "said meanwhile"))
    async with gateway.running():
        await expect(page.get_by_text("connected", exact=True)).to_be_visible(timeout=15_000)
        await expect(page.get_by_text("said meanwhile")).to_have_count(1)
        await retry.click()
        await expect(page.locator(".row.own")).to_have_count(1)
        await expect(retry).to_have_count(0)
        assert [said.text for said in await screen.said()] == ["ping"]
        await page.close()


async def test_the_list_of_sessions_lives_and_asks_for_status(screen: Screen) -> None:
    page, surface = screen.page, screen.gateway.surface
    surface.open_sessions = [make_session("alpha"), make_session("beta", 2)]
    surface.change()
    await page.get_by_role("button", name="Sessions, 0 waiting").click()
    panel = page.get_by_role("complementary", name="Sessions")
    await expect(panel.locator(".title")).to_have_text(["alpha", "beta"])
    await screen.ask("q2wd", name="beta")
    await expect(panel.locator(".title")).to_have_text(["beta", "alpha"])
    await panel.get_by_role("button", name="beta").click()
    assert (await screen.said())[0].text == "status beta"
    await expect(panel).to_be_hidden()


async def test_the_bar_leads_to_the_oldest_open_card(screen: Screen) -> None:
    page = screen.page
    first = await screen.ask()
    for number in range(30):
        await screen.gateway.phone.send("local", Notice(NoticeKind.REPLY, f"news {number}"))
    await screen.ask("q2wd", name="two")
    await expect(page.locator(f"#m{first}")).not_to_be_in_viewport()
    await page.get_by_role("button", name="2 prompts wait for you").click()
    await expect(page.locator(f"#m{first}")).to_be_in_viewport()
    await expect(page.locator(f"#m{first} .act").first).to_be_focused()


async def test_news_does_not_move_what_is_being_read(screen: Screen) -> None:
    page = screen.page
    for number in range(40):
        await screen.gateway.phone.send("local", Notice(NoticeKind.REPLY, f"news {number}"))
    await expect(page.get_by_text("news 39")).to_be_in_viewport()
    await page.locator(".log").evaluate("log => { log.scrollTop = 0; }")
    await expect(page.get_by_text("news 0", exact=True)).to_be_in_viewport()
    await screen.ask()
    pill = page.get_by_role("button", name="1 new message")
    await expect(pill).to_be_visible()
    await expect(page).to_have_title("(1) Wingman")
    await expect(page.get_by_text("news 0", exact=True)).to_be_in_viewport()
    await pill.click()
    await expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()
    await expect(page).to_have_title("Wingman")


async def test_approvals_are_said_at_once_and_the_rest_politely(screen: Screen) -> None:
    await screen.ask()
    urgent = screen.page.locator("[aria-live=assertive]")
    await expect(urgent).to_have_text("Session 'one' needs approval")
    await expect(screen.page.get_by_role("log")).to_have_attribute("aria-live", "polite")


async def test_a_browser_without_login_is_told_how_to_get_one(
    browser: Browser, gateway: Gateway
) -> None:
    page = await browser.new_page()
    await page.goto(gateway.url)
    await expect(page.get_by_role("heading")).to_have_text("This browser is not logged in")
    await expect(page.get_by_text("wingman link")).to_be_visible()
    await page.goto(f"{gateway.url}/?link=used")
    await expect(page.get_by_role("heading")).to_have_text(re.compile("work any more"))
    await page.close()


async def fill(screen: Screen) -> None:
    diff = ("src/parser.py", "41     def parse(line):", "42 -   old()", "42 +   new()")
    await screen.gateway.phone.submit("start docs in ~/docs: tidy up")
    for style in (PartStyle.QUOTE, PartStyle.TABLE):
        parts = (Part("NAME   STATE\n" + "x" * 90, style),)
        await screen.gateway.phone.send("local", Notice(NoticeKind.REPLY, "✅ Done", parts))
    question = Prompt(
        Kind.QUESTION, "claude", question="Which?", choices=(Choice(1, "A" * 40, Role.ANSWER),)
    )
    await screen.ask("q2wd", question, "a-session-with-quite-a-long-name")
    await screen.ask(
        prompt=Prompt(Kind.APPROVAL, "claude", "Edit", "x", "Edit?", BASH.choices, diff)
    )
    await expect(screen.page.get_by_role("button", name="Approve")).to_be_visible()


NAMELESS = """() => [...document.querySelectorAll(
  "button, textarea, [role=option], img, aside, [tabindex]")]
  .filter(e => !(e.ariaLabel || e.textContent.trim() || e.getAttribute("alt") !== null))
  .map(e => e.outerHTML)"""
SMALL = """() => [...document.querySelectorAll("button, textarea")]
  .filter(e => e.offsetParent && !e.matches(".quoted"))
  .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
  .filter(([box]) => box.width && (box.height < 43.9 || box.width < 43.9))
  .map(([, html]) => html)"""
TWICE = """() => [...document.querySelectorAll("[id]")].map(e => e.id)
  .filter((id, i, all) => all.indexOf(id) !== i)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "size", [{"width": 320, "height": 640}, PHONE, DESK], ids=["320", "390", "1280"]
)
async def test_it_fits_and_everything_has_a_name(
    browser: Browser, gateway: Gateway, tmp_path: Path, size: dict[str, int], scheme: str
) -> None:
    screen = await open_page(browser, gateway, viewport=size, color_scheme=scheme)
    await fill(screen)
    page = screen.page
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert await page.evaluate("document.querySelector('.log').scrollWidth") <= size["width"]
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(SMALL) == []
    assert await page.evaluate(TWICE) == []
    assert len(await page.screenshot(path=tmp_path / "page.png")) > 10_000
    assert screen.complaints == []


async def test_everything_is_reached_by_keyboard(screen: Screen) -> None:
    await screen.ask()
    await expect(screen.page.locator(".card")).to_be_visible()
    await screen.page.locator("body").focus()
    seen = []
    for _ in range(12):
        await screen.page.keyboard.press("Tab")
        seen.append(
            await screen.page.evaluate(
                "document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
            )
        )
    assert {"Approve", "Always…", "Deny", "Message or command"} <= set(seen)
    outline = await screen.page.get_by_role("button", name="Approve").evaluate(
        "e => { e.focus(); return getComputedStyle(e).outlineStyle; }"
    )
    assert outline == "solid"


async def test_a_picture_is_shown_and_a_file_is_saved(screen: Screen) -> None:
    page = screen.page
    files = (
        Attachment("one.png", "image/png", png(400, 300)),
        Attachment("one.diff", "text/x-diff", b"+ a new line"),
        Attachment("evil.svg", "image/svg+xml", SVG),
    )
    notice = Notice(NoticeKind.REPLY, "Screen of 'one'", session="one", attachments=files)
    await screen.gateway.phone.send("local", notice)
    card = page.get_by_role("article", name="Screen of 'one'")
    picture = card.get_by_role("img", name="one.png")
    await expect(picture).to_have_js_property("naturalWidth", 400)
    await expect(card.get_by_role("img")).to_have_count(1)
    async with page.expect_download() as saved:
        await card.get_by_role("link", name="one.diff").click()
    assert (await saved.value).suggested_filename == "one.diff"
    await expect(card.get_by_role("link", name="evil.svg")).to_have_attribute(
        "download", "evil.svg"
    )
