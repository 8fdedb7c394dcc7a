"""Settings: from flags, environment, files and defaults, checked before anything starts."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.core.errors import WingmanError
from bot.setting_groups import TOKEN
from bot.setting_groups import AgentSettings as AgentSettings
from bot.setting_groups import AttentionSettings as AttentionSettings
from bot.setting_groups import MonitorSettings as MonitorSettings
from bot.setting_groups import TelegramSettings as TelegramSettings
from bot.setting_groups import TmuxSettings as TmuxSettings
from bot.setting_groups import WebSettings as WebSettings
from bot.setting_groups import WhatsAppSettings as WhatsAppSettings

PREFIX = "WINGMAN_"
NOT_SETTINGS = frozenset({"WINGMAN_SECRETS_DIR"})
"""Names with our prefix that say where settings are, or belong to the tests."""


class ConfigurationError(WingmanError):
    """One line that names the setting, what is wrong and what to write."""


def _default_state_dir() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "wingman"


def config_dir() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "wingman"


def _toml_file() -> Path:
    return config_dir() / "config.toml"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    state_dir: Path = Field(
        default_factory=_default_state_dir,
        description="Database, lock, sockets and logs; default $XDG_STATE_HOME/wingman.",
    )
    database_url: str | None = Field(
        default=None, description="Default: sqlite+aiosqlite:///<state dir>/wingman.db."
    )
    keep_days: int = Field(
        default=30,
        ge=2,
        le=3650,
        description="Days after which old messages, answered prompts and files that people sent "
        "are forgotten; never the audit log.",
    )
    tmux: TmuxSettings = TmuxSettings()
    monitor: MonitorSettings = MonitorSettings()
    attention: AttentionSettings = AttentionSettings()
    web: WebSettings = WebSettings()
    telegram: TelegramSettings = TelegramSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()
    agent: AgentSettings = AgentSettings()

    def wants(self, channel: str) -> bool:
        """Whether the settings ask for a channel: one without a group of its own is always on."""
        return bool(getattr(getattr(self, channel, None), "wanted", True))

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.state_dir / 'wingman.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        secrets = os.environ.get("CREDENTIALS_DIRECTORY") or os.environ.get("WINGMAN_SECRETS_DIR")
        toml = _toml_file()
        dotenv = DotEnvSettingsSource(settings_cls, env_file=env_files())
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings, dotenv]
        if secrets and Path(secrets).is_dir():
            sources.append(NestedSecretsSettingsSource(file_secret_settings, secrets_dir=secrets))
        if toml.is_file():
            sources.append(TomlConfigSettingsSource(settings_cls, toml))
        return tuple(sources)


def env_files() -> tuple[Path, ...]:
    """Weakest first."""
    candidates = (config_dir() / ".env", Path(".env"))
    return tuple(path for path in candidates if path.is_file())


def load(**flags: Any) -> Settings:
    """All sources together. Raises ConfigurationError with one line a person can act on."""
    known = dict(variables())
    _refuse_unknown(dict.fromkeys(os.environ, ""), known, "the environment")
    for path in env_files():
        _refuse_unknown(_assignments(path), known, str(path))
    _try_to_read(_toml_file())
    try:
        settings = Settings(**flags)
    except ValidationError as error:
        raise ConfigurationError(_explain(error, known)) from None
    except (ValueError, OSError) as error:
        raise ConfigurationError(f"the settings can't be read: {error}") from None
    _refuse_contradictions(settings)
    return settings


def _refuse_contradictions(settings: Settings) -> None:
    telegram, public = settings.telegram, settings.web.public_url or ""
    name = f"{PREFIX}TELEGRAM__"
    if telegram.mode == "webhook" and not public:
        raise ConfigurationError(
            f"{name}MODE=webhook needs the https address at which Telegram reaches this machine: "
            f"set {PREFIX}WEB__PUBLIC_URL, or {name}MODE=polling"
        )
    if telegram.layout == "forum" and telegram.group is None:
        raise ConfigurationError(
            f"{name}LAYOUT=forum needs the forum group: set {name}GROUP to its chat id"
        )
    if telegram.layout == "forum" and not telegram.group_approvals:
        raise ConfigurationError(
            f"{name}LAYOUT=forum sends what has to be decided to the group: "
            f"set {name}GROUP_APPROVALS=true, or {name}LAYOUT=topics"
        )
    _refuse_half_of_twilio(settings)


def _refuse_half_of_twilio(settings: Settings) -> None:
    whatsapp = settings.whatsapp
    if not whatsapp.wanted:
        return
    needed = {
        "ACCOUNT_SID": (whatsapp.account_sid, "the account's SID in Twilio's console"),
        "AUTH_TOKEN": (whatsapp.auth_token, "the auth token beside the SID"),
        "FROM": (whatsapp.sender, "the number that writes, such as whatsapp:+14155238886"),
    }
    for name, (value, what) in needed.items():
        if not value:
            raise ConfigurationError(
                f"{PREFIX}WHATSAPP__{name} is missing, and WhatsApp needs it: set it to {what}"
            )
    if whatsapp.mode == "webhook" and not settings.web.public_url:
        raise ConfigurationError(
            f"{PREFIX}WHATSAPP__MODE=webhook needs the https address at which Twilio reaches this "
            f"machine: set {PREFIX}WEB__PUBLIC_URL, or {PREFIX}WHATSAPP__MODE=polling"
        )


def refuse_nobody(settings: Settings, paired: Collection[str]) -> None:
    """A chat that would obey no one is a mistake. ``paired``: channels that people have been
    paired on. Raises ConfigurationError."""
    if (
        settings.telegram.wanted
        and not settings.telegram.allowed_users
        and "telegram" not in paired
    ):
        raise ConfigurationError(
            f"{PREFIX}TELEGRAM__ALLOWED_USERS is empty, so that nobody could use the bot: "
            "set it to your numeric user id, or pair your phone with: wingman setup"
        )
    if (
        settings.whatsapp.wanted
        and not settings.whatsapp.allowed_numbers
        and "whatsapp" not in paired
    ):
        raise ConfigurationError(
            f"{PREFIX}WHATSAPP__ALLOWED_NUMBERS is empty, so that nobody could use WhatsApp: "
            "set it to your number, such as +491701234567, or pair your phone with: "
            "wingman setup whatsapp"
        )


def refuse_strange_rungs(settings: Settings, channels: Collection[str]) -> None:
    """``channels``: those that are set up. Raises ConfigurationError."""
    name = f"{PREFIX}ATTENTION__ESCALATE_TO"
    for rung in settings.attention.escalate_to:
        if rung.partition(":")[0] not in channels:
            known = ", ".join(sorted(channels)) or "none is: set one up first, with wingman setup"
            raise ConfigurationError(
                f"{name} names '{rung}', which is no channel that is set up: write telegram, "
                f"whatsapp:+491701234567 or the like (set up: {known})"
            )


def _try_to_read(toml: Path) -> None:
    """Only for a message that names the file: the source that reads it does not."""
    try:
        tomllib.loads(toml.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{toml} can't be read: {error}") from None


def _assignments(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from None
    pairs = (line.removeprefix("export ").partition("=") for line in lines if "=" in line)
    return {name.strip(): value for name, _, value in pairs if not name.lstrip().startswith("#")}


def _refuse_unknown(given: Mapping[str, str], known: Mapping[str, FieldInfo], where: str) -> None:
    for name in given:
        if not name.startswith(PREFIX) or name in NOT_SETTINGS or name.startswith("WINGMAN_TEST_"):
            continue
        if name not in known:
            raise ConfigurationError(f"{name} in {where} is no setting: {_hint(name, known)}")


def _hint(name: str, known: Mapping[str, FieldInfo]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else "wingman env-example lists them all"


def _explain(error: ValidationError, known: Mapping[str, FieldInfo]) -> str:
    first = error.errors()[0]
    name = PREFIX + "__".join(str(part).upper() for part in first["loc"] if isinstance(part, str))
    field = known.get(name)
    if first["type"] == "extra_forbidden":
        return f"{name} is no setting: {_hint(name, known)}"
    # Shown only where it cannot be a secret that slipped into the wrong place.
    given = first.get("input")
    is_open = field and not _is_secret(name, field) and not TOKEN.fullmatch(str(given))
    shown = f" (it is {given!r})" if is_open else ""
    cure = f": {field.description}" if field is not None and field.description else ""
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}: {message[:1].lower()}{message[1:]}{shown}{cure}"


def _is_secret(name: str, field: FieldInfo) -> bool:
    may_hold_one = name.endswith(
        ("TOKEN", "PASSWORD", "URL", "API_BASE", "ALLOWED_USERS", "NUMBERS", "FROM", "SID")
    )
    return may_hold_one or "Secret" in str(field.annotation)


def variables() -> Iterator[tuple[str, FieldInfo]]:
    """Every setting under the name of its environment variable, in order of definition."""
    yield from _variables(Settings, PREFIX)


def _variables(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _variables(inner, f"{prefix}{name.upper()}__")
        else:
            yield prefix + (field.alias or name).upper(), field


def default_text(field: FieldInfo) -> str:
    """As one would write it; empty where there is none or it depends on the machine."""
    if field.default_factory is not None or field.default is None:
        return ""
    if isinstance(field.default, tuple):
        return ",".join(field.default)
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def env_example() -> str:
    """The text of ``.env.example``."""
    lines = [
        "# Settings of Wingman. Copy to .env (mode 0600) and uncomment what you change.",
        "# Made by: wingman env-example",
    ]
    for name, field in variables():
        allowed = get_args(field.annotation) if "Literal" in str(field.annotation) else ()
        choices = f" One of: {', '.join(map(str, allowed))}." if allowed else ""
        lines += ["", f"# {field.description}{choices}", f"#{name}={default_text(field)}"]
    return "\n".join(lines) + "\n"


def stronger_source(name: str) -> str:
    """Where a variable is set so that the file in ``config_dir`` has no say; empty: nowhere."""
    if any(value for given, value in os.environ.items() if given.upper() == name):
        return "the environment"
    here, home = Path(".env"), config_dir() / ".env"
    if not here.is_file() or (home.is_file() and here.samefile(home)):
        return ""
    return str(here.absolute()) if _assignments(here).get(name) else ""


def loose_files() -> tuple[Path, ...]:
    """Files of ours with settings that others on this machine can read."""
    files = (*env_files(), _toml_file())
    return tuple(path for path in files if path.is_file() and path.stat().st_mode & 0o077)
