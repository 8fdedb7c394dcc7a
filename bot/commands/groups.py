"""Commands of two words: ``wingman hook install`` and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.wording import Json, end, on_first_use, settings_now
from bot.core.hook_settings import Scope

if TYPE_CHECKING:
    from bot.commands import audit, hook, people, service
else:
    audit, hook, people, service = map(on_first_use, ("audit", "hook", "people", "service"))

hook_app = typer.Typer(help="Hooks in the agents' own settings.", no_args_is_help=True)
service_app = typer.Typer(help="Run Wingman in the background.", no_args_is_help=True)
audit_app = typer.Typer(help="The append-only log of everything done.", no_args_is_help=True)
people_app = typer.Typer(help="Who was paired, and so may act.")


@people_app.callback(invoke_without_command=True)
def _people(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        end(people.show(settings_now(), as_json=False))


@people_app.command("list")
def people_list(json: Json = False) -> None:
    """Everybody who was paired; those named in the settings may act as well."""
    end(people.show(settings_now(), as_json=json))


@people_app.command("remove")
def people_remove(user: str) -> None:
    """Take back what pairing gave: USER is as in the list, e.g. telegram:123456789."""
    end(people.remove(settings_now(), user))


Agent = Annotated[str, typer.Option("--agent", help="Whose settings, e.g. claude.")]
Scoped = Annotated[
    Scope,
    typer.Option("--scope", help="user: all projects; project or local: the current directory."),
]


@hook_app.command("install")
def hook_install(agent: Agent = "claude", scope: Scoped = Scope.USER) -> None:
    """Put Wingman's hooks into an agent's settings, beside what is there."""
    end(hook.install(settings_now(), agent, scope))


@hook_app.command("uninstall")
def hook_uninstall(agent: Agent = "claude", scope: Scoped = Scope.USER) -> None:
    """Take them out again; the rest stays as it is."""
    end(hook.uninstall(settings_now(), agent, scope))


@hook_app.command("status")
def hook_status(
    agent: Annotated[str | None, typer.Option("--agent", help="Only that one's.")] = None,
    json: Json = False,
) -> None:
    """Which settings have them, and whether a gateway listens."""
    end(hook.status(settings_now(), agent, as_json=json))


@audit_app.command("verify")
def audit_verify() -> None:
    """Check every row's hash."""
    end(audit.verify(settings_now()))


@audit_app.command("export")
def audit_export(
    since: Annotated[str | None, typer.Option(help="e.g. 2026-11-01 or 24h")] = None,
) -> None:
    """All rows as JSON lines."""
    end(audit.export(settings_now(), since))


@service_app.command("install")
def service_install() -> None:
    """Start the gateway now and at each log-in: systemd's user units, or launchd on macOS."""
    end(service.install(settings_now()))


@service_app.command("uninstall")
def service_uninstall() -> None:
    """End it, and take it away again; agents and what is remembered stay."""
    end(service.uninstall())


@service_app.command("status")
def service_status() -> None:
    """Whether it is installed, runs, and answers; exit code 1 when not."""
    end(service.status(settings_now()))


@service_app.command("logs")
def service_logs(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """What the gateway wrote lately."""
    end(service.logs(settings_now(), follow=follow))
