"""The house rules that no linter knows, each a function from source to complaints."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50

# Where a vendor may be imported: a file, or a folder when it ends with a slash.
VENDOR_HOMES = {
    "telegram": ("bot/channels/telegram.py",),
    "twilio": ("bot/channels/whatsapp.py",),
    "prometheus_client": ("bot/adapters/metrics.py",),
    "apscheduler": ("bot/adapters/scheduler.py",),
    "nats": ("bot/adapters/link_nats.py",),
    "libtmux": ("bot/adapters/tmux/",),
    "PIL": ("bot/adapters/painting/",),
    "sqlalchemy": ("bot/adapters/store/",),
    "alembic": ("bot/adapters/store/",),
    "aiosqlite": ("bot/adapters/store/",),
    "asyncpg": ("bot/adapters/store/",),
    "fastapi": ("bot/web/", "bot/app.py"),
    "starlette": ("bot/web/", "bot/app.py", "bot/canary/"),
    "uvicorn": ("bot/web/", "bot/app.py"),
    "segno": ("bot/commands/setup.py",),
}

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef

STOP_WORDS = """
a an and are as at be by for from get given has in into is it its of on or return set that the
this to was which with class function method object value instance
"""


@dataclass(frozen=True, slots=True)
class Source:
    path: str  # from the checkout's root, with forward slashes
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path, self.text)

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        return _walked(self.path, self.text)


# Of the file that was asked for last: all trees together are hundreds of megabytes.
@lru_cache(maxsize=1)
def _parsed(path: str, text: str) -> ast.Module:
    return ast.parse(text, path)


@lru_cache(maxsize=1)
def _walked(path: str, text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_parsed(path, text)))


def read(root: Path, *folders: str) -> list[Source]:
    files = sorted(file for folder in folders for file in (root / folder).rglob("*.py"))
    return [Source(f.relative_to(root).as_posix(), f.read_text(encoding="utf-8")) for f in files]


def functions(source: Source) -> Iterator[Function]:
    return (node for node in source.nodes if isinstance(node, FUNCTION_TYPES))


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Every dotted name that is imported, also by `from a import b` and `import_module("a")`."""
    for node in source.nodes:
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield node.lineno, module
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name
            case _:
                pass


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def long_files(source: Source) -> list[str]:
    lines = len(source.text.splitlines())
    return [f"{source.path}: {lines} lines"] if lines > MAX_FILE_LINES else []


def long_functions(source: Source) -> list[str]:
    return [
        f"{source.path}:{function.lineno}: {function.name} has {lines} lines"
        for function in functions(source)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    ]


def has_behaviour(source: Source) -> bool:
    """A file of protocols, constants and plain records has nothing to try."""
    return any(not _is_stub(function) for function in functions(source))


def _is_stub(function: Function) -> bool:
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )


def mirror_of(path: str) -> str | None:
    """Where the test of a source file stands; None when it needs none."""
    file = PurePosixPath(path)
    if file.name in {"__init__.py", "__main__.py"} or "migrations" in file.parts:
        return None
    parts = file.parts[1:] if file.parts[0] == "bot" else file.parts
    return PurePosixPath("tests", *parts[:-1], f"test_{file.name}").as_posix()


def without_mirror(sources: Iterable[Source], tests: Iterable[Source]) -> list[str]:
    there = {test.path for test in tests}
    return [
        f"{source.path}: no {mirror}"
        for source in sources
        if (mirror := mirror_of(source.path)) and mirror not in there and has_behaviour(source)
    ]


def vendors_out_of_place(source: Source) -> list[str]:
    return [
        f"{source.path}:{line}: {vendor} belongs in {' or '.join(homes)}"
        for line, name in imported(source)
        for vendor, homes in VENDOR_HOMES.items()
        if name.split(".")[0] == vendor and not _lives_in(source.path, homes)
    ]


def _lives_in(path: str, homes: Iterable[str]) -> bool:
    return any(path == home or (home.endswith("/") and path.startswith(home)) for home in homes)


def more_than_the_api(source: Source) -> list[str]:
    """What a handler imports of the program besides bot.api."""
    return [
        f"{source.path}:{line}: {name}"
        for line, name in imported(source)
        if name.split(".")[0] in {"bot", "handlers"}
        and not is_within(name, "bot.api")
        and name != "bot"
    ] + [
        f"{source.path}:{node.lineno}: bot.{alias.name}"
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and node.module == "bot"
        for alias in node.names
        if alias.name != "api"
    ]


def of_another_leaf(source: Source) -> list[str]:
    """What ``bot/agents/parrot.py`` imports of ``bot/agents/_finch``: a leaf that needs several
    files has them in the folder of its own name, and nobody else looks into it."""
    package, _, name = source.path.removesuffix(".py").rpartition("/")
    folder = f"{package}/_".replace("/", ".")
    own = f"{folder}{name}"
    return [
        f"{source.path}:{line}: {imported_name}"
        for line, imported_name in imported(source)
        if source.path.startswith("bot/")
        and imported_name.startswith(folder)
        and not is_within(imported_name, own)
    ]


def outside_of(allowed: frozenset[str], source: Source) -> list[str]:
    return [
        f"{source.path}:{line}: {name}"
        for line, name in imported(source)
        if name.split(".")[0] not in allowed
    ]


def mocks(source: Source) -> list[str]:
    return [
        f"{source.path}:{line}: {name}"
        for line, name in imported(source)
        if is_within(name, "unittest.mock") or name.split(".")[0] in {"mock", "pytest_mock"}
    ]


def sleeps(source: Source) -> list[str]:
    if source.path == "bot/adapters/clock.py":
        return []
    by_name = [
        f"{source.path}:{line}: {name}"
        for line, name in imported(source)
        if name in {"asyncio.sleep", "time.sleep"}
    ]
    return by_name + [
        f"{source.path}:{node.lineno}: {module}.sleep"
        for node in source.nodes
        if isinstance(node, ast.Attribute)
        and node.attr == "sleep"
        and isinstance(node.value, ast.Name)
        for module in [node.value.id]
        if module in {"asyncio", "time"}
    ]


def globals_rebound(source: Source) -> list[str]:
    return [
        f"{source.path}:{node.lineno}: global {', '.join(node.names)}"
        for node in source.nodes
        if isinstance(node, ast.Global)
    ]


def broad_excepts(source: Source) -> list[str]:
    return [
        f"{source.path}:{number}"
        for number, line in enumerate(source.text.splitlines(), 1)
        if re.search(r"#\s*noqa:.*\bBLE001\b", line)
    ]


def forbidden_words(path: str, text: str, words: Iterable[str]) -> list[str]:
    """A word that begins with a slash counts at the root only: `~/hut/api` is not `/hut/api`."""
    return [
        f"{path}:{number}: {word}"
        for word in words
        if word in text
        for number, line in enumerate(text.splitlines(), 1)
        if re.search((r"(?<![\w.~$}-])" if word.startswith("/") else "") + re.escape(word), line)
    ]


def echo_docstrings(source: Source) -> list[str]:
    return [
        f"{source.path}:{node.lineno}: {node.name}: {docstring.splitlines()[0]}"
        for node, names in _named(source)
        if (docstring := ast.get_docstring(node)) and not _words(docstring) - STOP_STEMS - names
    ]


def _named(source: Source) -> Iterator[tuple[Function | ast.ClassDef, frozenset[str]]]:
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            yield node, _words(node.name)
            for child in node.body:
                if isinstance(child, FUNCTION_TYPES):
                    yield child, _words(node.name) | _name_words(child)
        elif isinstance(node, FUNCTION_TYPES):
            yield node, _name_words(node)


def _name_words(function: Function) -> frozenset[str]:
    arguments = (argument.arg for argument in function.args.args + function.args.kwonlyargs)
    return frozenset().union(*(_words(name) for name in (function.name, *arguments)))


def _words(text: str) -> frozenset[str]:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", text)
    return frozenset(_stem(word) for word in re.findall(r"[a-z0-9]+", split.lower()))


def _stem(word: str) -> str:
    """`closes`, `closed` and `closing` are one word here."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


STOP_STEMS = frozenset(_stem(word) for word in STOP_WORDS.split())
