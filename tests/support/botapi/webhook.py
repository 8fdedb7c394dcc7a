"""Telegram's side of a webhook: posts each update until it is taken."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from tests.support.botapi.world import World

RETRY_SECONDS = 0.2
"""Telegram waits longer; the tests do not want to."""
LOOK_SECONDS = 0.02


async def deliver(world: World, reachable_at: list[str]) -> None:
    """For ever. The host of the webhook's address is replaced by the last of ``reachable_at``."""
    async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as client:
        while True:
            hook, waiting = world.webhook, world.updates.waiting
            if not (hook.url and waiting and reachable_at):
                await world.clock.sleep(LOOK_SECONDS)
                continue
            update = waiting[0]
            address = reachable_at[-1] + urlsplit(hook.url).path
            secret = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
            try:
                answer = await client.post(address, json=update, headers=secret)
            except httpx.TransportError as error:
                hook.error, hook.error_at = f"Connection failed: {error}", world.date
                await world.clock.sleep(RETRY_SECONDS)
                continue
            if answer.is_success:
                world.updates.delivered.append(update)
                waiting.remove(update)
            else:
                told = f"Wrong response from the webhook: {answer.status_code}"
                hook.error, hook.error_at = told, world.date
                await world.clock.sleep(RETRY_SECONDS)
