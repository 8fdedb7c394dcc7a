"""A real browser with the local phone open in it."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.core.cards import closed_card, prompt_card
from bot.core.decisions import Decision, Verdict
from bot.core.prompts import Prompt
from tests.support.gateway import Gateway
from tests.support.surface import BASH, make_session

CHROMIUM = os.environ.get("WINGMAN_TEST_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
    "--renderer-process-limit=1",
]
PHONE = {"width": 390, "height": 844}
LIKE_A_PHONE: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "locale": "en-GB"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """Its first page stays: with the last one of a site the process would end that draws it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(**LIKE_A_PHONE)
        await context.new_page()
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """Nothing of one test is left for the next: neither a page nor a login."""
    yield chromium
    phone, *others = chromium.contexts
    for context in others:
        await context.close()
    for page in phone.pages[1:]:
        await page.close()
    await phone.clear_cookies()


@dataclass
class Screen:
    """A logged-in page, and everything it complained about."""

    gateway: Gateway
    page: Page
    complaints: list[str] = field(default_factory=list)

    async def ask(self, code: str = "k3f9", prompt: Prompt = BASH, name: str = "one") -> str:
        """An agent asks: in the ledger and as a card."""
        record = self.gateway.surface.wait(
            make_session(name, at=self.gateway.clock.now()), code, prompt
        )
        return await self.gateway.phone.send("local", prompt_card(record))

    async def settle(self, message: str, code: str = "k3f9") -> None:
        decision = Decision(Verdict.APPROVE)
        record = await self.gateway.surface.decide(code, decision, "local phone")
        await self.gateway.phone.edit("local", message, closed_card(record))

    async def said(self, count: int = 1) -> list[Any]:
        inbox = self.gateway.inbox
        while len(inbox.accepted) < count:
            inbox.arrived.clear()
            await inbox.arrived.wait()
        return inbox.accepted

    async def type(self, text: str) -> None:
        await self.page.get_by_label("Message or command").press_sequentially(text)


async def open_page(browser: Browser, gateway: Gateway, **context: Any) -> Screen:
    """Those of the phone share a context: each gateway has a port, thus an origin, of its own."""
    if context:
        page = await (await browser.new_context(**LIKE_A_PHONE | context)).new_page()
    else:
        page = await browser.contexts[0].new_page()
    screen = Screen(gateway, page)
    page.on("console", lambda said: screen.complaints.append(said.text))
    page.on("pageerror", lambda error: screen.complaints.append(str(error)))
    page.on("requestfailed", lambda request: screen.complaints.append(request.url))
    await page.goto(gateway.login_url())
    await expect(page.get_by_text("connected", exact=True)).to_be_visible()
    return screen
