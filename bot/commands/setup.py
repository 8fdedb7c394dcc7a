"""``wingman setup``: an account checked and kept, and a code by which a phone is paired.

What all channels have in common, and Telegram's own part."""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import segno
from pydantic import SecretStr

from bot.adapters.clock import SystemClock
from bot.channels import ChannelSpec, Contact
from bot.commands import envfile
from bot.commands.people import Invited, invite
from bot.commands.program import program
from bot.core.errors import WingmanError
from bot.registry import leaves
from bot.settings import Settings, config_dir, stronger_source

CHANNEL = "telegram"
VARIABLE = "WINGMAN_TELEGRAM__TOKEN"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
MOST = 1000
"""Characters of a token's file that are looked at."""

_NEXT = {
    "ready": "",
    "start": "Start the gateway:  {wingman} run",
    "restart": "Restart the gateway, so that it takes the new settings.",
}


@dataclass(frozen=True, slots=True)
class Setup:
    channel: str
    contact: Contact
    kept_in: Path | None
    """None: the settings had the token already."""
    invited: Invited
    found: str
    """What is well, in one line."""
    opening: str
    """What to do with the link."""
    first: tuple[str, ...] = ()
    """What has to be done before that."""

    @property
    def link(self) -> str:
        return self.contact.link.format(code=self.invited.code)

    @property
    def gateway(self) -> str:
        """What has to be done with it: ``ready``, ``start`` or ``restart``."""
        if not self.invited.gateway:
            return "start"
        return "ready" if self.invited.connected and self.kept_in is None else "restart"


def setup(
    settings: Settings, token_file: Path | None, ask: Callable[[], str], *, as_json: bool
) -> int:
    """``ask`` is called when neither the file nor the settings have a token."""
    there = settings.telegram.token.get_secret_value() if settings.telegram.token else ""
    token = _well_formed(from_file(token_file) if token_file else there or ask())
    if token != there:
        refuse_if_shadowed(VARIABLE)
    telegram = settings.telegram.model_copy(update={"token": SecretStr(token)})
    contact = probed(CHANNEL, settings.model_copy(update={"telegram": telegram}))
    kept_in = None
    if token != there:
        kept_in = config_dir() / ".env"
        envfile.put(kept_in, VARIABLE, token)
    tell(
        Setup(
            CHANNEL,
            contact,
            kept_in,
            invite(settings, CHANNEL),
            f"Telegram takes the token: it is {contact.name}'s.",
            "Open this on your phone within an hour, and press Start:",
        ),
        as_json=as_json,
    )
    return 0


def tell(done: Setup, *, as_json: bool) -> None:
    sys.stdout.write(_json(done) if as_json else _words(done))


def ask_hidden() -> str:
    """What is typed is not shown. Raises WingmanError where nobody can type."""
    if not sys.stdin.isatty():
        raise WingmanError(
            "there is no token: give it with --telegram-token-file FILE (- for standard input), "
            f"or set {VARIABLE}; @BotFather in Telegram makes one: /newbot"
        )
    sys.stderr.write("In Telegram, @BotFather makes a bot: /newbot. It ends with a token.\n")
    try:
        return getpass.getpass("Paste it here (it is not shown): ")
    except EOFError:
        raise WingmanError("no token was given, and nothing was changed") from None


def from_file(path: Path) -> str:
    try:
        if str(path) == "-":
            return sys.stdin.read(MOST)
        with path.expanduser().open(encoding="utf-8") as file:
            return file.read(MOST)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise WingmanError(f"the token can't be read from {path}: {reason}") from None


def _well_formed(given: str) -> str:
    """What was given is never repeated: it may be some other secret."""
    token = given.strip()
    if not _TOKEN.fullmatch(token):
        raise WingmanError(
            "that is no token of a Telegram bot: it looks like 123456789:AA…, in one line, and "
            "@BotFather shows it under /mybots, your bot, API Token"
        )
    return token


def refuse_if_shadowed(variable: str) -> None:
    """Raises WingmanError where something else counts more than what would be kept."""
    where = stronger_source(variable)
    if where:
        raise WingmanError(
            f"{variable} is set to another value in {where}, which counts before "
            f"{config_dir() / '.env'}: change or remove it there"
        )


def probed(channel: str, settings: Settings) -> Contact:
    """The account of these settings, as its provider has it. Raises WingmanError."""
    specs: dict[str, ChannelSpec] = leaves("bot.channels", "CHANNEL", channel.__eq__)
    probe = specs[channel].probe
    if probe is None:
        raise TypeError(f"{channel} cannot be probed")

    async def ask() -> Contact:
        return await probe(settings, SystemClock())

    return asyncio.run(ask())


def _json(done: Setup) -> str:
    document = {
        "channel": done.channel,
        "bot": done.contact.name,
        "link": done.link,
        "code": done.invited.code,
        "expires_at": done.invited.expires_at,
        "kept_in": str(done.kept_in) if done.kept_in else None,
        "gateway": done.gateway,
        "remarks": list(done.contact.remarks),
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def _words(done: Setup) -> str:
    lines = [f"✓ {done.found}"]
    if done.kept_in:
        lines.append(f"✓ Kept in {done.kept_in}, where only you can read it.")
    lines += [f"✗ {remark}" for remark in done.contact.remarks]
    steps = [*done.first, _NEXT[done.gateway].format(wingman=program()), done.opening]
    steps = [step for step in steps if step]
    lines += ["", *(f"{number}. {step}" for number, step in enumerate(steps, 1))]
    lines += ["", f"   {done.link}", "", _qr(done.link)]
    who = f"{program()} people"
    lines.append(f"It lets in whoever opens it first, once. Who was let in: {who}")
    return "\n".join(lines) + "\n"


def _qr(link: str) -> str:
    """Light on dark, as terminals mostly are; empty where they cannot show its blocks."""
    drawn = io.StringIO()
    segno.make_qr(link).terminal(drawn, compact=True)
    try:
        drawn.getvalue().encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ""
    return drawn.getvalue()
