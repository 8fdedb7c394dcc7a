"""``wingman``: arguments in, one call, an exit code out."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.adapters.statedir import AlreadyRunning
from bot.commands.groups import audit_app, hook_app, people_app, service_app
from bot.commands.wording import Json, Words, end, on_first_use, settings_now
from bot.core.errors import WingmanError
from bot.settings import ConfigurationError, env_example

if TYPE_CHECKING:
    from bot.commands import (
        acting,
        capture,
        doctor,
        gateway,
        looking,
        phone,
        read,
        setup,
        setup_whatsapp,
    )
else:
    acting, capture, doctor, gateway, looking, phone, read, setup, setup_whatsapp = map(
        on_first_use,
        (
            "acting",
            "capture",
            "doctor",
            "gateway",
            "looking",
            "phone",
            "read",
            "setup",
            "setup_whatsapp",
        ),
    )

EX_RUNNING, EX_CONFIG = 75, 78

app = typer.Typer(
    name="wingman",
    help="Supervise coding agents in tmux from your phone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _group, _name in ((hook_app, "hook"), (service_app, "service"), (audit_app, "audit")):
    app.add_typer(_group, name=_name)
app.add_typer(people_app, name="people")


def _complete_session(incomplete: str) -> list[str]:
    return looking.complete_session(incomplete)


def _complete_prompt(incomplete: str) -> list[str]:
    return looking.complete_prompt(incomplete)


Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=_complete_session)]
Target = Annotated[str, typer.Argument(metavar="NAME|CODE", autocompletion=_complete_prompt)]


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


@app.command()
def run(
    seconds: Annotated[
        float | None, typer.Option("--for", help="End by itself after so many seconds.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
) -> None:
    """The gateway, in the foreground; its first line is the local phone's one-time link."""
    end(gateway.run(settings_now(), seconds, verbose=verbose))


@app.command()
def demo(
    seconds: Annotated[
        float | None, typer.Option("--for", help="End by itself after so many seconds.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
) -> None:
    """The gateway with scripted agents on a private tmux server: nothing of yours is touched."""
    end(gateway.demo(settings_now(), seconds, verbose=verbose))


@app.command("phone")
def terminal_phone() -> None:
    """The local phone in this terminal."""
    end(phone.phone(acting.socket_of(settings_now())))


@app.command()
def link() -> None:
    """A new one-time link for the local phone in the browser."""
    end(acting.link(settings_now()))


@app.command()
def sessions(json: Json = False) -> None:
    """All sessions as a table."""
    end(looking.sessions(settings_now(), as_json=json))


@app.command()
def status(
    name: Annotated[str | None, typer.Argument(autocompletion=_complete_session)] = None,
    json: Json = False,
) -> None:
    """One session in detail, or all."""
    end(looking.status(settings_now(), name, as_json=json))


@app.command()
def pending(json: Json = False) -> None:
    """Open prompts."""
    end(looking.pending(settings_now(), as_json=json))


@app.command()
def peek(name: Name, lines: Annotated[int, typer.Option("-n", min=1, max=500)] = 50) -> None:
    """What is on a session's screen."""
    end(looking.peek(settings_now(), name, lines))


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
    end(acting.start(settings_now(), name, where, prompt, agent, permission_mode))


@app.command()
def send(name: Name, text: Words = None) -> None:
    """A text to an agent; queued while it is busy."""
    end(acting.send(settings_now(), name, " ".join(text or ())))


@app.command()
def stop(name: Name, force: Annotated[bool, typer.Option("--force")] = False) -> None:
    """End a session."""
    end(acting.stop(settings_now(), name, force=force))


@app.command()
def attach(name: Name) -> None:
    """Show a session in this terminal."""
    end(looking.attach(settings_now(), name))


def _chat_command(name: str, summary: str, *, words: bool | None) -> None:
    """Commands that are the chat's own, word for word; None: no name has to come first."""

    def just_words(words: Words = None) -> None:
        end(acting.say(settings_now(), " ".join((name, *(words or ())))))

    def with_words(target: Target, rest: Words = None) -> None:
        end(acting.say(settings_now(), " ".join((name, target, *(rest or ())))))

    def without(session: Name) -> None:
        end(acting.say(settings_now(), f"{name} {session}"))

    of_one = with_words if words else without
    app.command(name, help=summary)(just_words if words is None else of_one)


for _name, _summary, _words in (
    ("approve", "Allow what a session asks, once.", True),
    ("always", "Allow it and the like of it from now on.", True),
    ("deny", "Say no; a reason reaches the agent.", True),
    ("choose", "Answer a question by row number: choose CODE N[,N].", True),
    ("answer", "Answer a question in your own words.", True),
    ("interrupt", "Interrupt what an agent is doing.", False),
    ("watch", "Watch a session again.", False),
    ("unwatch", "Leave a session alone.", False),
    ("mute", "No messages about a session for a while: mute NAME [1h].", True),
    ("unmute", "Messages about a session again.", False),
    ("snooze", "No reminder of one prompt for a while: snooze CODE [30m].", True),
    ("quiet", "Quiet hours of everybody: quiet 22-07, or off; without words: which.", None),
    ("remind", "How soon what waits is told again: remind 5m; without words: how soon.", None),
    ("attention", "How people are told; attention explain CODE or NAME: why.", None),
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
    end(read.read(list(files or ()), agent, batch, json))


@app.command()
def dashboard() -> None:
    """A live table of all sessions in this terminal."""
    end(looking.dashboard(settings_now()))


@app.command("doctor")
def check_up(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also try the installed agents on a scripted model.")
    ] = False,
    agent: Annotated[
        list[str] | None,
        typer.Option("--agent", help="Try that one only, e.g. claude; may be given again."),
    ] = None,
    json: Json = False,
) -> None:
    """Look at everything Wingman needs; one line each, with the cure. Exit 1 when red."""
    end(doctor.doctor(settings_now(), deep=deep, only=agent or (), as_json=json))


@app.command("capture")
def capture_screen(
    name: Name,
    case: Annotated[str, typer.Option("--case", help="What the files are called.")] = "screen",
    folder: Annotated[Path, typer.Option("--to", help="Where they go.")] = Path(),
) -> None:
    """Keep a session's screen as a test case, with what looks like a secret masked."""
    end(capture.capture(settings_now(), name, case, folder))


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
    settings = settings_now()
    if chat is Chat.WHATSAPP:
        given = setup_whatsapp.Given(account_sid, twilio_token_file, sender)
        ask = setup_whatsapp.ask_at_terminal
        end(setup_whatsapp.setup(settings, given, ask, as_json=json))
    end(setup.setup(settings, telegram_token_file, setup.ask_hidden, as_json=json))


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
