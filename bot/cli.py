"""``wingman``: arguments in, one call, an exit code out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from bot.adapters.logs import configure
from bot.adapters.statedir import AlreadyRunning
from bot.commands import later
from bot.core.errors import WingmanError
from bot.core.hook_settings import Scope
from bot.settings import ConfigurationError, Settings, env_example, load

if TYPE_CHECKING:
    from bot.commands import (
        acting,
        audit,
        capture,
        doctor,
        gateway,
        hook,
        looking,
        people,
        phone,
        read,
        setup,
        setup_whatsapp,
    )
else:

    def _on_first_use(name: str) -> ModuleType:
        """A command loads what it needs and no more: the web server and the database take a
        second, which `wingman --help` and completion should not."""
        spec = find_spec(f"bot.commands.{name}")
        spec.loader = LazyLoader(spec.loader)
        module = module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    acting, audit, capture, doctor, gateway, hook = map(
        _on_first_use, ("acting", "audit", "capture", "doctor", "gateway", "hook")
    )
    looking, people, phone, read, setup, setup_whatsapp = map(
        _on_first_use, ("looking", "people", "phone", "read", "setup", "setup_whatsapp")
    )

EX_RUNNING, EX_CONFIG = 75, 78

app = typer.Typer(
    name="wingman",
    help="Supervise coding agents in tmux from your phone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
hook_app = typer.Typer(help="Hooks in the agents' own settings.", no_args_is_help=True)
service_app = typer.Typer(help="Run Wingman in the background.", no_args_is_help=True)
audit_app = typer.Typer(help="The append-only log of everything done.", no_args_is_help=True)
people_app = typer.Typer(help="Who was paired, and so may act.")
app.add_typer(hook_app, name="hook")
app.add_typer(service_app, name="service")
app.add_typer(audit_app, name="audit")
app.add_typer(people_app, name="people")

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def _complete_session(incomplete: str) -> list[str]:
    return looking.complete_session(incomplete)


def _complete_prompt(incomplete: str) -> list[str]:
    return looking.complete_prompt(incomplete)


Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=_complete_session)]
Target = Annotated[str, typer.Argument(metavar="NAME|CODE", autocompletion=_complete_prompt)]
Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wingman {version('tmux-wingman')}")
        raise typer.Exit


@app.callback()
def _root(
    show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show and exit.")
    ] = False,
) -> None:
    """Supervise coding agents in tmux from your phone."""


def _settings() -> Settings:
    """Standard output belongs to the command: whatever is logged goes to standard error."""
    configure(verbose=False)
    return load()


def _end(code: int) -> None:
    raise typer.Exit(code)


@app.command()
def run(
    seconds: Annotated[
        float | None, typer.Option("--for", help="End by itself after so many seconds.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
) -> None:
    """The gateway, in the foreground; its first line is the local phone's one-time link."""
    _end(gateway.run(_settings(), seconds, verbose=verbose))


@app.command()
def demo(
    seconds: Annotated[
        float | None, typer.Option("--for", help="End by itself after so many seconds.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
) -> None:
    """The gateway with scripted agents on a private tmux server: nothing of yours is touched."""
    _end(gateway.demo(_settings(), seconds, verbose=verbose))


@app.command("phone")
def terminal_phone() -> None:
    """The local phone in this terminal."""
    _end(phone.phone(acting.socket_of(_settings())))


@app.command()
def link() -> None:
    """A new one-time link for the local phone in the browser."""
    _end(acting.link(_settings()))


@app.command()
def sessions(json: Json = False) -> None:
    """All sessions as a table."""
    _end(looking.sessions(_settings(), as_json=json))


@app.command()
def status(
    name: Annotated[str | None, typer.Argument(autocompletion=_complete_session)] = None,
    json: Json = False,
) -> None:
    """One session in detail, or all."""
    _end(looking.status(_settings(), name, as_json=json))


@app.command()
def pending(json: Json = False) -> None:
    """Open prompts."""
    _end(looking.pending(_settings(), as_json=json))


@app.command()
def peek(name: Name, lines: Annotated[int, typer.Option("-n", min=1, max=500)] = 50) -> None:
    """What is on a session's screen."""
    _end(looking.peek(_settings(), name, lines))


@app.command()
def start(
    name: str,
    directory: Annotated[Path, typer.Option("--dir", help="Where the agent works.")],
    prompt: Annotated[str, typer.Option("--prompt", help="Its task.")] = "",
    agent: Annotated[str, typer.Option("--agent", help="Which agent, e.g. claude.")] = "",
    permission_mode: Annotated[str, typer.Option("--permission-mode")] = "",
) -> None:
    """Start a session with an agent, or send the task to the one that is there."""
    where = str(directory.expanduser().absolute())
    _end(acting.start(_settings(), name, where, prompt, agent, permission_mode))


@app.command()
def send(name: Name, text: Words = None) -> None:
    """A text to an agent; queued while it is busy."""
    _end(acting.send(_settings(), name, " ".join(text or ())))


@app.command()
def stop(name: Name, force: Annotated[bool, typer.Option("--force")] = False) -> None:
    """End a session."""
    _end(acting.stop(_settings(), name, force=force))


@app.command()
def attach(name: Name) -> None:
    """Show a session in this terminal."""
    _end(looking.attach(_settings(), name))


def _chat_command(name: str, summary: str, *, words: bool) -> None:
    """Commands that are the chat's own, word for word."""

    def with_words(target: Target, rest: Words = None) -> None:
        _end(acting.say(_settings(), " ".join((name, target, *(rest or ())))))

    def without(session: Name) -> None:
        _end(acting.say(_settings(), f"{name} {session}"))

    app.command(name, help=summary)(with_words if words else without)


for _name, _summary, _words in (
    ("approve", "Allow what a session asks, once.", True),
    ("always", "Allow it and the like of it from now on.", True),
    ("deny", "Say no; a reason reaches the agent.", True),
    ("choose", "Answer a question by row number: choose CODE N[,N].", True),
    ("answer", "Answer a question in your own words.", True),
    ("interrupt", "Interrupt what an agent is doing.", False),
    ("watch", "Watch a session again.", False),
    ("unwatch", "Leave a session alone.", False),
):
    _chat_command(_name, _summary, words=_words)


@app.command("read")
def read_screens(
    files: Annotated[list[Path] | None, typer.Argument()] = None,
    agent: Annotated[str, typer.Option(help="Which agent drew it.")] = "auto",
    batch: Annotated[bool, typer.Option("--batch", help="JSON lines on stdin.")] = False,
    json: Json = False,
) -> None:
    """What a captured screen means; needs no gateway."""
    _end(read.read(list(files or ()), agent, batch, json))


@app.command()
def dashboard() -> None:
    """A live table of all sessions in this terminal."""
    _end(looking.dashboard(_settings()))


@app.command("doctor")
def check_up(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also try the installed agents on a scripted model.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at everything Wingman needs; one line each, with the cure. Exit 1 when red."""
    _end(doctor.doctor(_settings(), deep=deep, as_json=json))


@app.command("capture")
def capture_screen(
    name: Name,
    case: Annotated[str, typer.Option("--case", help="What the files are called.")] = "screen",
    folder: Annotated[Path, typer.Option("--to", help="Where they go.")] = Path(),
) -> None:
    """Keep a session's screen as a test case, with what looks like a secret masked."""
    _end(capture.capture(_settings(), name, case, folder))


@app.command("env-example")
def show_env_example() -> None:
    """Print .env.example."""
    typer.echo(env_example(), nl=False)


class Chat(StrEnum):
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"


@app.command("setup")
def set_up(
    chat: Annotated[Chat, typer.Argument(help="What to set up.")] = Chat.TELEGRAM,
    telegram_token_file: Annotated[
        Path | None,
        typer.Option(
            help="Where the bot's token stands; - is standard input. Otherwise the one in the "
            "settings is taken, or asked for."
        ),
    ] = None,
    account_sid: Annotated[
        str, typer.Option(help="WhatsApp: the account's SID in Twilio's console.")
    ] = "",
    sender: Annotated[
        str, typer.Option("--from", help="WhatsApp: the number that writes, such as +14155238886.")
    ] = "",
    twilio_token_file: Annotated[
        Path | None,
        typer.Option(help="WhatsApp: where the account's auth token stands; - is standard input."),
    ] = None,
    json: Json = False,
) -> None:
    """Check an account, keep it, and show a link and a QR code that pair one phone."""
    settings = _settings()
    if chat is Chat.WHATSAPP:
        given = setup_whatsapp.Given(account_sid, twilio_token_file, sender)
        ask = setup_whatsapp.ask_at_terminal
        _end(setup_whatsapp.setup(settings, given, ask, as_json=json))
    _end(setup.setup(settings, telegram_token_file, setup.ask_hidden, as_json=json))


@people_app.callback(invoke_without_command=True)
def _people(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        _end(people.show(_settings(), as_json=False))


@people_app.command("list")
def people_list(json: Json = False) -> None:
    """Everybody who was paired; those named in the settings may act as well."""
    _end(people.show(_settings(), as_json=json))


@people_app.command("remove")
def people_remove(user: str) -> None:
    """Take back what pairing gave: USER is as in the list, e.g. telegram:123456789."""
    _end(people.remove(_settings(), user))


Agent = Annotated[str, typer.Option("--agent", help="Whose settings, e.g. claude.")]
Scoped = Annotated[
    Scope,
    typer.Option("--scope", help="user: all projects; project or local: the current directory."),
]


@hook_app.command("install")
def hook_install(agent: Agent = "claude", scope: Scoped = Scope.USER) -> None:
    """Put Wingman's hooks into an agent's settings, beside what is there."""
    _end(hook.install(_settings(), agent, scope))


@hook_app.command("uninstall")
def hook_uninstall(agent: Agent = "claude", scope: Scoped = Scope.USER) -> None:
    """Take them out again; the rest stays as it is."""
    _end(hook.uninstall(_settings(), agent, scope))


@hook_app.command("status")
def hook_status(
    agent: Annotated[str | None, typer.Option("--agent", help="Only that one's.")] = None,
    json: Json = False,
) -> None:
    """Which settings have them, and whether a gateway listens."""
    _end(hook.status(_settings(), agent, as_json=json))


@audit_app.command("verify")
def audit_verify() -> None:
    """Check every row's hash."""
    _end(audit.verify(_settings()))


@audit_app.command("export")
def audit_export(
    since: Annotated[str | None, typer.Option(help="e.g. 2026-11-01 or 24h")] = None,
) -> None:
    """All rows as JSON lines."""
    _end(audit.export(_settings(), since))


def _later(before: str, group: typer.Typer, *names: str) -> None:
    for name in names:
        group.command(name, hidden=True, context_settings={"ignore_unknown_options": True})(
            _not_yet(f"{before} {name}".strip())
        )


def _not_yet(name: str) -> Callable[[Words], None]:
    def tell(words: Words = None) -> None:
        _end(later.not_yet(name))

    return tell


_later("service", service_app, "install", "uninstall", "status", "logs")


def main() -> None:
    try:
        app(prog_name="wingman")
    except ConfigurationError as error:
        code = EX_CONFIG
        problem = str(error)
    except AlreadyRunning as error:
        code = EX_RUNNING
        problem = str(error)
    except WingmanError as error:
        code = 1
        problem = str(error)
    except KeyboardInterrupt:
        code, problem = 130, ""
    else:
        return
    if problem:
        typer.echo(f"wingman: {problem}", err=True)
    sys.exit(code)
