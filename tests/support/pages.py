"""The reference pages, as the code gives them. To write them anew:

.venv/bin/python -m tests.support.pages
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import typer

from bot.adapters.store.attention import held
from bot.cli import app as command_line
from bot.registry import leaves
from bot.services.commands import LATER, Command
from bot.settings import default_text, variables
from bot.web.application import build
from bot.web.deps import Deps
from bot.web.guard import Access
from tests.support.agents_page import HEAD, PROVED_HEAD, agent_rows, proved_rows
from tests.support.gateway import Gateway
from tests.support.reference import render_states, render_tables

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
MADE = "<!-- Made from the code: .venv/bin/python -m tests.support.pages -->"

Document = Mapping[str, Any]


def _page(title: str, *blocks: str) -> str:
    return "\n\n".join((f"# {title}", MADE, *blocks)) + "\n"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in cells)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def commands() -> str:
    found: list[Command] = list(leaves("handlers", "COMMAND").values())
    rows = (
        (f"`{c.usage}`", c.summary, ", ".join(f"`{alias}`" for alias in c.aliases)) for c in found
    )
    later = (("`" + word + "`", instead) for word, instead in LATER.items())
    return _page(
        "Chat commands",
        "The same words on every channel, with or without a leading `/`, in upper or lower case.\n"
        "NAME is a session's name, a beginning of it that only one session has, or its number in "
        "the last list you were shown.\n"
        "CODE is the short code of a prompt, such as `k3f9`.\n"
        "What fits several sessions is asked back with buttons.\n"
        "A reply to a card needs no name.\n"
        "Words that are not understood change nothing.",
        _table(("you write", "it does", "also"), iter(rows)),
        "## Plain sentences",
        "\n".join(
            f"* {shape}"
            for shape in (
                "“tell NAME to …”",
                "“how's NAME going?”",
                "“show me the dashboard”",
                "“start work on … in DIR”",
            )
        ),
        "## Not in this version",
        _table(("word", "instead"), iter(later)),
    )


def settings() -> str:
    def rows() -> Iterator[Sequence[str]]:
        for name, field in variables():
            literal = "Literal" in str(field.annotation)
            allowed = f" One of: {', '.join(get_args(field.annotation))}." if literal else ""
            default = default_text(field)
            yield f"`{name}`", f"`{default}`" if default else "", f"{field.description}{allowed}"

    return _page(
        "Settings",
        "Sources, strongest first: a flag, the environment, `.env` in the working directory, "
        "`$XDG_CONFIG_HOME/wingman/.env`, files in `$CREDENTIALS_DIRECTORY` or "
        "`$WINGMAN_SECRETS_DIR`, `$XDG_CONFIG_HOME/wingman/config.toml`, the default.\n"
        "An unknown or wrong setting ends the start with exit code 78 and a line that says what "
        "to write.\n"
        "Keep files with secrets at mode 0600.",
        _table(("variable", "default", "meaning"), rows()),
    )


def cli() -> str:
    group: Any = typer.main.get_command(command_line)
    blocks = [_command(name, found) for name, found in _visible(group)]
    return _page(
        "Command line",
        "`wingman [--version] [--help] COMMAND`",
        "Commands that act talk to the running gateway through its socket in the state directory; "
        "those that look (`sessions`, `status`, `peek`, `read`) work without one, too.\n"
        "`--json` prints one JSON document on standard output and nothing else.",
        _table(
            ("exit code", "meaning"),
            iter(
                (
                    ("0", "done"),
                    ("1", "refused or failed; one line on standard error says why"),
                    ("2", "wrong usage"),
                    ("75", "another gateway runs on this state directory"),
                    ("78", "a setting is wrong"),
                )
            ),
        ),
        *blocks,
    )


def _visible(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, found in group.commands.items():
        if hasattr(found, "commands"):
            yield from _visible(found, f"{before}{name} ")
        elif not found.hidden:
            yield before + name, found


def _command(name: str, found: Any) -> str:
    arguments = [p for p in found.params if p.param_type_name == "argument"]
    options = [p for p in found.params if p.param_type_name == "option"]
    usage = " ".join((f"wingman {name}", *map(_argument, arguments), *map(_option, options)))
    lines = [f"* `{', '.join(o.opts)}`: {o.help}" for o in options if o.help]
    return "\n\n".join((f"## `{name}`", f"```\n{usage}\n```", found.help, *_list(lines)))


def _list(lines: list[str]) -> list[str]:
    return ["\n".join(lines)] if lines else []


def _argument(parameter: Any) -> str:
    word = parameter.metavar or parameter.name.upper()
    many = f"{word}…" if parameter.nargs == -1 else word
    return str(many if parameter.required else f"[{many}]")


def _option(parameter: Any) -> str:
    value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    word = parameter.opts[0] + value
    return word if parameter.required else f"[{word}]"


def openapi() -> Document:
    fake = Gateway()
    access = Access.to("-", "127.0.0.1", 8765, "")
    app = build(Deps(fake.phone, fake.log, fake.surface, fake.clock, access, fake.links))
    return app.openapi()


def http() -> str:
    spec = openapi()
    routes = [
        (f"`{method.upper()} {path}`", _takes(operation), _gives(operation), _says(operation))
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
    ]
    schemas = spec["components"]["schemas"]
    documents = [
        _schema(name, schema) for name, schema in schemas.items() if "properties" in schema
    ]
    return _page(
        "HTTP",
        "The machine-readable form is at `/api/openapi.json`.\n"
        "Everything but `/healthz` and `/readyz` wants `Authorization: Bearer TOKEN`, the cookie "
        "of a login link, or the Unix socket.\n"
        "Bodies are JSON.\n"
        "Errors are `application/problem+json`.",
        _table(("route", "takes", "gives", "what"), iter(routes)),
        "## Documents",
        *documents,
    )


def _takes(operation: Document) -> str:
    given = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {})
    documents = [_type(content["schema"]) for content in body.values()]
    return ", ".join((*documents, *(f"`?{name}=`" for name in given)))


def _gives(operation: Document) -> str:
    return ", ".join(
        f"{code if code != '200' else ''} {_type(content['schema'])}".strip()
        for code, answer in operation["responses"].items()
        if code != "default"
        for kind, content in answer.get("content", {}).items()
        if content
    )


def _says(operation: Document) -> str:
    return str(operation.get("description", operation["summary"].capitalize()))


def _type(schema: Document) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _schema(name: str, schema: Document) -> str:
    if "properties" not in schema:
        return f"### {name}\n\n{_type(schema)}"
    required = schema.get("required", ())
    rows = (
        (
            f"`{field}`" if field in required else f"`{field}` (optional)",
            _type(kind),
            str(kind.get("description", "")),
        )
        for field, kind in schema["properties"].items()
    )
    return f"### {name}\n\n" + _table(("field", "type", "meaning"), rows)


def ledger() -> str:
    """The page as it is, its two parts made anew."""
    text = (FOLDER / "ledger.md").read_text(encoding="utf-8")
    states = f"```mermaid\n{render_states()}\n```"
    for name, made in (("states", states), ("tables", render_tables(held.metadata))):
        before, rest = text.split(f"<!-- {name} -->\n", 1)
        after = rest.split(f"\n<!-- /{name} -->", 1)[1]
        text = f"{before}<!-- {name} -->\n{made}\n<!-- /{name} -->{after}"
    return text


def agents() -> str:
    return _page(
        "Agents and their dialogs",
        "Made from recorded screens of the real programs, which the tests read "
        "(`tests/agents/screens`).\n"
        "*Read*: how many of the recorded screens of that dialog are taken for what they are, at "
        "several widths, with and without colours.\n"
        "The other columns say how a decision from the phone is carried out; *no* is refused in "
        "words, and the dialog stays open.\n"
        "A row is chosen by its label, with the caret seen on it, and one Enter.\n"
        "Gemini CLI shows three rows of a list at a time, and tells nowhere else what the others "
        "are before it is answered: its card says that the list goes on, `rows CODE` follows it "
        "with the caret and back, and a row is chosen once its label was seen.\n"
        "OpenCode has a tab that sends ticked answers, reached by Tab once the ticks are seen to "
        "be right; it shows them once more, and is a card of its own.\n"
        "Where an edit has lines that are too long for its pane, Qwen Code leaves out their ends: "
        "such a card offers no yes.\n"
        "For a tool of an MCP server OpenCode shows words, numbers, and yes or no; what is nested "
        "deeper it shows nowhere.\n"
        "*By hook*: what can be said to the agent's own hook, in the place of a key, where that "
        "was proved on that version; *no*: such a dialog is answered by keys only.",
        _table(HEAD, agent_rows()),
        "## Proved on the real programs",
        "Each dialog was provoked by a scripted model and answered by a whole gateway; proved by "
        "the files that were made or not and by what the model was told.\n"
        "By hook no key was pressed, by keys no hook was there: one stands not for the other, and "
        "*—* is a way in which that dialog was not tried.\n"
        "On your machine `wingman doctor --deep` does the same with what is installed.",
        _table(PROVED_HEAD, proved_rows()),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "ledger.md": ledger,
    "commands.md": commands,
    "settings.md": settings,
    "cli.md": cli,
    "http.md": http,
    "agents.md": agents,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
