"""Groups of settings, and the kinds of values in them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
)
from pydantic_settings import NoDecode

from bot.core.attention.hours import window
from bot.core.attention.rules import Rules


def _split(value: object) -> object:
    """``a, b`` as written in an environment variable."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _user_ids(value: object) -> object:
    """Numbers as TOML gives them, or text; the value itself is never repeated, as a token may
    have slipped in here."""
    given = (value,) if isinstance(value, int) else _split(value)
    if not isinstance(given, tuple | list):
        return given
    ids = tuple(str(one) for one in given)
    if not all(_USER_ID.fullmatch(one) for one in ids):
        raise ValueError("a user id is a number such as 123456789, not a name")
    return ids


def _token(value: SecretStr) -> SecretStr:
    """It becomes a part of an address."""
    if not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("a token looks like 123456789:AA…, without blanks")
    return value


def _numbers(value: object) -> object:
    """As WhatsApp has them, or the ids it gives to people who keep their number to themselves."""
    given = (value,) if isinstance(value, int) else _split(value)
    if not isinstance(given, tuple | list):
        return given
    numbers = tuple(_number(str(one)) for one in given)
    if not all(_NUMBER.fullmatch(one) for one in numbers):
        raise ValueError("a number begins with + and the country code, such as +491701234567")
    return numbers


def _number(given: str) -> str:
    bare = given.strip().removeprefix("whatsapp:")
    return re.sub(r"[\s().-]", "", bare) if bare.startswith("+") else bare


_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[A-Z]{2}\.[A-Za-z0-9]{1,128}")
URL = r"^https?://[^/\s]+(/\S*)?$"
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")
TOKEN = re.compile(r"[^\s/?#%\\]+:[^\s/?#%\\]+")

Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
UserIds = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_user_ids)]
Numbers = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_numbers)]
Token = Annotated[SecretStr, AfterValidator(_token)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


def _lets(value: object) -> object:
    given = _split(value)
    if not isinstance(given, tuple | list):
        return given
    wrong = [one for one in given if one not in ("approvals", "errors", "none")]
    if wrong:
        raise ValueError("write approvals, errors, both with a comma, or none")
    return given


Lets = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_lets)]


class Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TmuxSettings(Group):
    socket_name: str | None = Field(
        default=None, description="tmux server to watch, as in tmux -L NAME."
    )
    socket_path: Path | None = Field(
        default=None, description="The same by path, as in tmux -S PATH."
    )


class MonitorSettings(Group):
    poll_interval: Seconds = Field(
        default=5,
        description="Seconds between two sweeps over all panes; nudges do not wait for it.",
    )
    reminder_interval: Seconds = Field(
        default=120,
        description="Seconds until the first reminder of an unanswered prompt; then doubling.",
    )
    stuck_after: Seconds = Field(
        default=300, description="Seconds of working without any output that count as stuck."
    )
    idle_after: float = Field(
        default=0,
        ge=0,
        le=604_800,
        description="Seconds without a task after which an agent is told of as idle; 0: never.",
    )
    watch: Literal["all", "agents", "listed"] = Field(
        default="all",
        description="Panes to watch: all, those of known agents (where the program is node or "
        "python, the screen tells), or listed ones.",
    )
    ignore: Names = Field(
        default=(), description="Comma-separated patterns of tmux session names never looked at."
    )


def _window(value: str) -> str:
    """Raises ValueError with the cure."""
    return str(window(value)) if value else value


def _zone(value: str) -> str:
    try:
        if value:
            ZoneInfo(value)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        raise ValueError("a time zone is a name such as Europe/Berlin or UTC") from None
    return value


Hours = Annotated[str, AfterValidator(_window)]
Zone = Annotated[str, AfterValidator(_zone)]
Span = Annotated[float, Field(ge=0, le=86_400)]
"""Seconds; 0 switches it off."""


class AttentionSettings(Group):
    quiet: Hours = Field(
        default="",
        description="Quiet hours of everybody, e.g. 22-07; each person may set their own: quiet.",
    )
    time_zone: Zone = Field(
        default="",
        description="Time zone of quiet hours, e.g. Europe/Berlin; the machine's if unset.",
    )
    quiet_lets: Lets = Field(
        default=("approvals", "errors"),
        description="What rings in quiet hours: approvals, errors, both or none.",
    )
    quiet_approvals_after: Span = Field(
        default=600, description="Seconds an approval has to wait before it rings in quiet hours."
    )
    presence: Span = Field(
        default=15,
        description="Seconds after the last key typed at a pane in which no phone rings for it; "
        "0: it always does.",
    )
    dwell: Span = Field(
        default=0, description="Seconds a prompt has to stand before any phone rings for it."
    )
    cooldown: Span = Field(
        default=0,
        description="Seconds after a message about a session in which others about it come "
        "silently; never approvals and errors.",
    )
    budget: int = Field(
        default=20,
        ge=1,
        description="Unanswered prompts in ten minutes that come to a person one by one; more "
        "come together. Three times as many other messages a minute do; where messages cost "
        "money, as many in ten minutes.",
    )
    session_budget: int = Field(
        default=10,
        ge=1,
        description="Messages of one session in that time that come one by one; of its approvals "
        "three times as many.",
    )
    digest_from: int = Field(
        default=4, ge=2, description="Held messages that become due at once and come as one."
    )
    digest_every: Span = Field(
        default=300, description="Seconds between two such lists to the same person."
    )
    chatter_every: Span = Field(
        default=600,
        description="Seconds between two messages of progress where each costs money (WhatsApp).",
    )
    escalate_after: Span = Field(
        default=0,
        description="Seconds without an answer until the next of ESCALATE_TO is told; 0: all are "
        "told at once.",
    )
    escalate_to: Names = Field(
        default=(),
        description="Who is told first, second, ...: channels (telegram) or people "
        "(whatsapp:+491701234567); unset: one channel after the other.",
    )

    def rules(self, remind: float) -> Rules:
        """``remind``: seconds to the first reminder."""
        return Rules(
            remind=timedelta(seconds=remind),
            quiet=window(self.quiet) if self.quiet else None,
            zone=ZoneInfo(self.time_zone) if self.time_zone else None,
            quiet_approvals="approvals" in self.quiet_lets,
            quiet_approvals_after=timedelta(seconds=self.quiet_approvals_after),
            quiet_errors="errors" in self.quiet_lets,
            presence=timedelta(seconds=self.presence),
            dwell=timedelta(seconds=self.dwell),
            cooldown=timedelta(seconds=self.cooldown),
            budget=self.budget,
            session_budget=self.session_budget,
            digest_from=self.digest_from,
            digest_every=timedelta(seconds=self.digest_every),
            chatter_every=timedelta(seconds=self.chatter_every),
            escalate_after=timedelta(seconds=self.escalate_after),
            escalate_to=self.escalate_to,
        )


class WebSettings(Group):
    host: str = Field(
        default="127.0.0.1", description="Address of the local phone and the HTTP API."
    )
    port: int = Field(default=8765, ge=0, le=65_535, description="Its port; 0 takes any free one.")
    public_url: str | None = Field(
        default=None,
        description="The https address under which others reach it, if any.",
        pattern=URL,
    )
    token: SecretStr | None = Field(
        default=None,
        description="Bearer token of the API; made and kept in the state directory if unset.",
    )


class TelegramSettings(Group):
    token: Token | None = Field(
        default=None,
        description="The bot's token, from @BotFather; without it there is no Telegram.",
    )
    allowed_users: UserIds = Field(
        default=(),
        description="Comma-separated numeric ids of the people who may act, e.g. 123456789.",
    )
    api_base: str = Field(
        default="https://api.telegram.org",
        description="Bot API server; another one for a local or a test server.",
        pattern=URL,
    )
    mode: Literal["polling", "webhook"] = Field(
        default="polling",
        description="How messages come in; webhook needs WINGMAN_WEB__PUBLIC_URL.",
    )
    layout: Literal["chat", "forum", "topics"] = Field(
        default="chat",
        description="One chat for all sessions, or a topic per session: in a forum group, or in "
        "each person's own chat with the bot.",
    )
    group: int | None = Field(
        default=None, lt=0, description="Chat id of the forum group, e.g. -1001234567890."
    )
    group_approvals: bool = Field(
        default=False,
        description="Whether the people allowed may also decide in groups, and not only look.",
    )

    @property
    def wanted(self) -> bool:
        return self.token is not None


class WhatsAppSettings(Group):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    account_sid: str | None = Field(
        default=None,
        description="The account's SID in Twilio's console, AC and 32 more characters; without "
        "it there is no WhatsApp.",
        pattern=r"^AC[0-9a-fA-F]{32}$",
    )
    auth_token: SecretStr | None = Field(
        default=None, description="The account's auth token; it stands beside the SID."
    )
    sender: str | None = Field(
        default=None,
        alias="from",
        description="The number that writes, e.g. whatsapp:+14155238886.",
        pattern=r"^whatsapp:\+[1-9][0-9]{6,14}$",
    )
    allowed_numbers: Numbers = Field(
        default=(),
        description="Comma-separated numbers of the people who may act, e.g. +491701234567.",
    )
    mode: Literal["auto", "webhook", "polling"] = Field(
        default="auto",
        description="How messages come in; auto: webhook if WINGMAN_WEB__PUBLIC_URL is set, else "
        "polling.",
    )
    poll_interval: Seconds = Field(
        default=3, description="Seconds between two looks at the list of messages."
    )
    api_base: str = Field(
        default="https://api.twilio.com",
        description="Twilio's API; another one for a test server.",
        pattern=URL,
    )
    content_api_base: str = Field(
        default="https://content.twilio.com",
        description="Twilio's Content API, where buttons are defined.",
        pattern=URL,
    )
    template_sid: str | None = Field(
        default=None,
        description="The approved template, HX and 32 more characters, for when nobody has "
        "written for 24 hours.",
        pattern=r"^HX[0-9a-fA-F]{32}$",
    )

    @property
    def wanted(self) -> bool:
        return bool(self.account_sid or self.auth_token or self.sender)


class AgentSettings(Group):
    command: str = Field(
        default="claude --permission-mode default",
        min_length=1,
        description="What start runs when no agent is named.",
    )
    hooks: bool = Field(
        default=True,
        description="Whether agents that Wingman starts tell it by their hooks as well.",
    )
    prove_again: bool = Field(
        default=True,
        description="Whether an agent that was tried with doctor --deep is tried again, in the "
        "background, when its version changes.",
    )
    signal_tags: bool = Field(
        default=False,
        description="Whether each agent that Wingman starts is taught a mark of its own for its "
        "signals, so that no other text can pass for one.",
    )
