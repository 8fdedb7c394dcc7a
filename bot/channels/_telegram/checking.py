"""Whether a bot is what the settings ask for, and nobody else has it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from bot.channels._telegram.api import Api
from bot.channels._telegram.faults import TokenInvalid
from bot.channels._telegram.probing import THREADS
from bot.channels._telegram.receiving import HOOK_ERROR_COUNTS
from bot.channels._telegram.updates import Me
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.ports.channel import Rejected
from bot.settings import Settings

PATH = "/telegram/webhook"

_ANEW = "copy it anew from @BotFather (/mybots, your bot, API Token), or run: wingman setup"


async def checks(api: Api, settings: Settings, now: datetime) -> tuple[Check, ...]:
    """Where the token is refused there is no more to say."""
    id_ = "telegram.token"
    try:
        me = await api.me()
    except TokenInvalid:
        return (Check(id_, Level.RED, "Telegram does not take this token", _ANEW),)
    except WingmanError as error:
        return (_unknown(id_, error),)
    found = [Check(id_, Level.OK, f"the token is @{me.username}'s"), _people(settings)]
    if settings.telegram.layout == "topics":
        found.append(_topics(me))
    try:
        found.append(await _webhook(api, settings, now))
    except WingmanError as error:
        found.append(_unknown("telegram.webhook", error))
    if settings.telegram.group is not None:
        found.append(await _group(api, me, settings.telegram.group))
    return tuple(found)


def _unknown(id_: str, error: WingmanError) -> Check:
    says = f"Telegram can't be asked now ({error})"
    return Check(id_, Level.WARN, says, "see that this machine reaches Telegram, and try again")


def _people(settings: Settings) -> Check:
    count = len(settings.telegram.allowed_users)
    if count:
        return Check("telegram.people", Level.OK, f"{count} on the list of those who may act")
    says = "nobody is on the list of those who may act; phones that were paired may"
    return Check("telegram.people", Level.OFF, says)


def _topics(me: Me) -> Check:
    if me.topics:
        return Check("telegram.topics", Level.OK, "Threaded Mode is on")
    says, _, cure = THREADS.partition(": ")
    return Check("telegram.topics", Level.RED, says, cure)


async def _webhook(api: Api, settings: Settings, now: datetime) -> Check:
    """One that is not ours keeps everything from coming in, and its path may hold a secret."""
    id_, hook = "telegram.webhook", await api.hook()
    ours = (settings.web.public_url or "").rstrip("/") + PATH
    wants_one = settings.telegram.mode == "webhook"
    if hook.url and hook.url != ours:
        host = urlsplit(hook.url).hostname or "an unknown host"
        cure = "remove it with the Bot API's deleteWebhook, or use another bot here"
        return Check(id_, Level.RED, f"somebody has set a webhook for this bot, to {host}", cure)
    if hook.error and now.timestamp() - hook.error_at < HOOK_ERROR_COUNTS:
        cure = "see that the public address leads to the gateway, by https, without a login"
        return Check(id_, Level.RED, f"Telegram can't deliver here: {hook.error}", cure)
    if wants_one and not hook.url:
        return Check(id_, Level.OFF, "the gateway sets the webhook when it runs")
    return Check(id_, Level.OK, "a webhook of ours" if hook.url else "no webhook: we poll")


async def _group(api: Api, me: Me, group: int) -> Check:
    """An administrator gets every message, whatever the privacy mode (Bot FAQ)."""
    id_ = "telegram.group"
    try:
        leads = await api.leads(group, me.id)
    except Rejected as error:
        cure = "add it to the group, or set WINGMAN_TELEGRAM__GROUP to the right chat id"
        return Check(id_, Level.RED, f"the bot is not in the group {group} ({error})", cure)
    except WingmanError as error:
        return _unknown(id_, error)
    if leads:
        return Check(id_, Level.OK, "the bot is an administrator of the group")
    hears = (
        "it hears every message"
        if me.hears_groups
        else "privacy mode is on, so it hears commands, replies to it and its name only"
    )
    cure = "make it an administrator, as topics need; or in @BotFather: /setprivacy, Disable"
    return Check(id_, Level.WARN, f"the bot is no administrator of the group; {hears}", cure)
