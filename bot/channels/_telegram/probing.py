"""Whose token it is, and whether the bot is what the settings ask for."""

from __future__ import annotations

from bot.channels import Contact
from bot.channels._telegram.api import Api
from bot.channels._telegram.faults import TokenInvalid
from bot.core.errors import WingmanError
from bot.ports.channel import RetryLater, Unreachable

THREADS = (
    "Threaded Mode is off, and WINGMAN_TELEGRAM__LAYOUT=topics needs it: in @BotFather choose the "
    "bot, Bot Settings, and switch it on"
)


async def contact(api: Api, layout: str) -> Contact:
    """Raises WingmanError with the cure."""
    try:
        me = await api.me()
    except TokenInvalid:
        raise WingmanError(
            "Telegram does not take this token: copy it anew from @BotFather "
            "(/mybots, your bot, API Token)"
        ) from None
    except (Unreachable, RetryLater) as error:
        raise WingmanError(f"Telegram can't be asked now: {error}; try again") from None
    remarks = (THREADS,) if layout == "topics" and not me.topics else ()
    return Contact(f"@{me.username}", f"https://t.me/{me.username}?start={{code}}", remarks)
