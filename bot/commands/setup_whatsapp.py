"""``wingman setup whatsapp``: a Twilio account and its number checked and kept, a phone paired.

Whose number may act is learned from the message that the phone sends."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.commands import envfile
from bot.commands.people import invite
from bot.commands.setup import Setup, from_file, probed, refuse_if_shadowed, tell
from bot.core.errors import WingmanError
from bot.setting_groups import WhatsAppSettings
from bot.settings import Settings, config_dir

CHANNEL = "whatsapp"
PREFIX = "WINGMAN_WHATSAPP__"
SANDBOX = "whatsapp:+14155238886"

_JOIN = (
    "From your phone send the sandbox's join words to +1 415 523 8886. Twilio's console shows "
    "them: Messaging, Try it out, Send a WhatsApp message. It lasts three days."
)
_WRONG = {
    "account_sid": "that is no account SID: it is AC and 32 more characters, on the first page of "
    "Twilio's console",
    "auth_token": "there is no auth token: it stands beside the SID, behind Show",
    "from": "that is no number: it begins with + and the country code, such as +14155238886",
}

Ask = Callable[[str, bool], str]
"""A question, and whether what is typed is hidden."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stood on the command line."""

    account_sid: str = ""
    token_file: Path | None = None
    sender: str = ""


def setup(settings: Settings, given: Given, ask: Ask, *, as_json: bool) -> int:
    """``ask`` is called for what neither the command line nor the settings have."""
    there = settings.whatsapp
    wanted = _wanted(there, given, ask)
    changed = _changed(there, wanted)
    for name in changed:
        refuse_if_shadowed(PREFIX + name)
    contact = probed(CHANNEL, settings.model_copy(update={"whatsapp": wanted}))
    kept_in = config_dir() / ".env" if changed else None
    for name, value in changed.items():
        envfile.put(config_dir() / ".env", PREFIX + name, value)
    tell(
        Setup(
            CHANNEL,
            contact,
            kept_in,
            invite(settings, CHANNEL),
            f"Twilio takes the account, and {contact.name} may write on WhatsApp.",
            "Open this on your phone within an hour, and send the words that stand there:",
            (_JOIN,) if wanted.sender == SANDBOX else (),
        ),
        as_json=as_json,
    )
    return 0


def ask_at_terminal(question: str, hidden: bool) -> str:
    """Raises WingmanError where nobody can type."""
    if not sys.stdin.isatty():
        raise WingmanError(
            "something is missing: give --account-sid AC…, --from +… and --twilio-token-file FILE "
            "(- for standard input); they stand in Twilio's console"
        )
    try:
        if hidden:
            return getpass.getpass(question)
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline()
    except EOFError:
        raise WingmanError("nothing was given, and nothing was changed") from None


def _wanted(there: WhatsAppSettings, given: Given, ask: Ask) -> WhatsAppSettings:
    known = there.auth_token.get_secret_value() if there.auth_token else ""
    account = given.account_sid or there.account_sid or ask("Account SID (AC…): ", False)
    token = from_file(given.token_file) if given.token_file else known
    token = token or ask("Auth token (it is not shown): ", True)
    sender = given.sender or there.sender
    sender = sender or ask("Number that writes (empty: the sandbox's, +14155238886): ", False)
    values = {
        "account_sid": account.strip(),
        "auth_token": token.strip(),
        "from": _number(sender) or SANDBOX,
    }
    if not values["auth_token"] or any(char.isspace() for char in values["auth_token"]):
        raise WingmanError(_WRONG["auth_token"])
    try:
        return WhatsAppSettings.model_validate(
            there.model_dump(exclude={"account_sid", "auth_token", "sender"}) | values
        )
    except ValidationError as error:
        # What was given is never repeated: it may be some other secret.
        name = str(error.errors(include_input=False)[0]["loc"][0])
        raise WingmanError(_WRONG.get(name, _WRONG["from"])) from None


def _number(given: str) -> str:
    """As people write it: +1 (415) 523-8886."""
    bare = "".join(char for char in given.removeprefix("whatsapp:") if char not in " \t\n()-.")
    return f"whatsapp:{bare}" if bare else ""


def _changed(there: WhatsAppSettings, wanted: WhatsAppSettings) -> dict[str, str]:
    found: dict[str, str] = {}
    if wanted.account_sid != there.account_sid:
        found["ACCOUNT_SID"] = wanted.account_sid or ""
    if wanted.auth_token != there.auth_token and wanted.auth_token:
        found["AUTH_TOKEN"] = wanted.auth_token.get_secret_value()
    if wanted.sender != there.sender:
        found["FROM"] = wanted.sender or ""
    return found
