"""Whether an account, its number, its template and the sandbox are what the settings ask for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from bot.channels import Contact
from bot.channels._whatsapp.faults import AccountRefused, ContentRefused, Trouble, trouble_of
from bot.channels._whatsapp.inbound import PREFIX, Listed
from bot.channels._whatsapp.sending import SANDBOX
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.ports.channel import Rejected

SANDBOX_LASTS = timedelta(days=3)
"""Twilio, WhatsApp, Sandbox."""

_CONSOLE = (
    "set WINGMAN_WHATSAPP__ACCOUNT_SID and WINGMAN_WHATSAPP__AUTH_TOKEN to those on the first "
    "page of Twilio's console, or run: wingman setup whatsapp"
)
_JOIN = (
    f"from that phone send the sandbox's join words to {SANDBOX.removeprefix(PREFIX)}; Twilio's "
    "console shows them under Messaging, Try it out, Send a WhatsApp message"
)


_NEEDED = frozenset({"whatsapp.account", "whatsapp.sender"})


@dataclass(frozen=True, slots=True)
class Account:
    status: str
    """``active``, ``suspended`` or ``closed``."""
    is_trial: bool = False


class Desk(Protocol):
    """What a look takes; nothing is changed. Everything raises what ``Api`` does."""

    async def account(self) -> Account: ...

    async def senders(self) -> dict[str, str]:
        """The account's WhatsApp numbers as ``whatsapp:+…``, and how each of them is."""
        ...

    async def approval(self, template: str) -> tuple[str, str]:
        """WhatsApp's word on a template, such as ``approved``, and why it was rejected."""
        ...

    def listing(
        self, *, to: str = "", sender: str = "", since: datetime
    ) -> AsyncGenerator[Listed, None]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """By the settings."""

    sender: str
    template: str = ""
    numbers: Collection[str] = ()


async def checks(desk: Desk, wanted: Wanted, now: datetime) -> tuple[Check, ...]:
    """Where the account itself is refused there is no more to say."""
    account = await _account(desk)
    if account.level is not Level.OK:
        return (account,)
    found = [account]
    for look in (_sender, _template):
        try:
            found.append(await look(desk, wanted))
        except WingmanError as error:
            found.append(_unknown(f"whatsapp.{look.__name__.strip('_')}", error))
    if wanted.sender == SANDBOX:
        found += [await _joined(desk, number, now) for number in wanted.numbers]
    return tuple(found)


def contact(sender: str, found: Collection[Check]) -> Contact:
    """Whom a person writes to. Raises WingmanError when nothing would come in or go out."""
    broken = [one for one in found if one.level is Level.RED and one.id in _NEEDED]
    unknown = [one for one in found if one.level is Level.WARN and one.id in _NEEDED]
    for check in broken + unknown:
        raise WingmanError(f"{check.says}: {check.cure}")
    number = sender.removeprefix(PREFIX)
    remarks = tuple(f"{one.says}: {one.cure}" for one in found if one.cure)
    # WhatsApp writes the words into the field, and the person sends them.
    link = f"https://wa.me/{number.removeprefix('+')}?text={quote('/start ')}{{code}}"
    return Contact(number, link, remarks)


async def _account(desk: Desk) -> Check:
    id_ = "whatsapp.account"
    try:
        account = await desk.account()
    except (AccountRefused, Rejected) as error:
        says = f"Twilio does not take the account's SID or token ({error})"
        return Check(id_, Level.RED, says, _CONSOLE)
    except WingmanError as error:
        return _unknown(id_, error)
    if account.status != "active":
        says = f"Twilio has the account as {account.status}"
        return Check(id_, Level.RED, says, "Twilio's console says why, and how to go on")
    trial = "; a trial account sends 50 messages a day" if account.is_trial else ""
    return Check(id_, Level.OK, f"Twilio takes the account's SID and token{trial}")


def _unknown(id_: str, error: WingmanError) -> Check:
    says = f"Twilio can't be asked now ({error})"
    return Check(id_, Level.WARN, says, "see that this machine reaches Twilio, and try again")


async def _sender(desk: Desk, wanted: Wanted) -> Check:
    id_, number = "whatsapp.sender", wanted.sender.removeprefix(PREFIX)
    if wanted.sender == SANDBOX:
        return Check(id_, Level.OK, f"{number} is the sandbox's number, for trying out")
    known = await desk.senders()
    status = known.get(wanted.sender)
    if status is None:
        others = ", ".join(sorted(known)) or f"none; the sandbox is {SANDBOX}"
        cure = f"set WINGMAN_WHATSAPP__FROM to one of the account's: {others}"
        return Check(id_, Level.RED, f"{number} is no WhatsApp number of this account", cure)
    if not status.upper().startswith("ONLINE"):
        cure = "Twilio's console says why: Messaging, Senders, WhatsApp senders"
        return Check(id_, Level.RED, f"{number} is {status.lower()} at Twilio, not online", cure)
    return Check(id_, Level.OK, f"{number} may write on WhatsApp")


async def _template(desk: Desk, wanted: Wanted) -> Check:
    id_ = "whatsapp.template"
    if wanted.sender == SANDBOX:
        return Check(id_, Level.OFF, "the sandbox has no templates of one's own")
    if not wanted.template:
        cure = "have one approved and set WINGMAN_WHATSAPP__TEMPLATE_SID: docs/how-to/whatsapp.md"
        says = "no template: who has not written for 24 hours gets nothing on WhatsApp"
        return Check(id_, Level.WARN, says, cure)
    try:
        status, reason = await desk.approval(wanted.template)
    except (AccountRefused, ContentRefused, Rejected) as error:
        # The account itself was taken: it is the template that is not there.
        cure = "set WINGMAN_WHATSAPP__TEMPLATE_SID to one of the account's, or remove it"
        return Check(id_, Level.RED, f"the account has no such template ({error})", cure)
    if status.lower() != "approved":
        because = f": {reason}" if reason else ""
        cure = "submit it in Twilio's Content Template Builder, or wait for WhatsApp's word"
        says = f"the template is {status or 'not submitted'}{because}, so it does not arrive"
        return Check(id_, Level.RED, says, cure)
    return Check(id_, Level.OK, "the template is approved")


async def _joined(desk: Desk, number: str, now: datetime) -> Check:
    """Nothing tells who has joined. Whoever has written within three days may be in it, unless
    a message to them has failed for that since."""
    id_ = "whatsapp.sandbox"
    try:
        heard = await _newest(desk, PREFIX + number, SANDBOX, now)
        sent = await _newest(desk, SANDBOX, PREFIX + number, now)
    except WingmanError as error:
        return _unknown(id_, error)
    is_out = sent is not None and trouble_of(sent.error) is Trouble.SANDBOX
    if is_out and (heard is None or sent is None or heard.at < sent.at):
        return Check(id_, Level.RED, f"{number} is not in the sandbox any more", _JOIN)
    if heard is None:
        says = f"{number} has not written to the sandbox for three days, after which it ends"
        return Check(id_, Level.WARN, says, _JOIN)
    return Check(id_, Level.OK, f"{number} has written to the sandbox lately")


async def _newest(desk: Desk, sender: str, to: str, now: datetime) -> Listed | None:
    since = now - SANDBOX_LASTS
    async with aclosing(desk.listing(to=to, sender=sender, since=since)) as listing:
        async for message in listing:
            return message if message.by_our_clock >= since else None
    return None
