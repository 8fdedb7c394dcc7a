"""An MCP server with one tool, which an agent under trial starts: standard library only.

    python -I -S mcp_server.py FOLDER

``make_marker`` makes an empty file in FOLDER, so that it is seen whether the tool ran.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SERVER = "canary"
TOOL = "make_marker"
_OFFERED = {
    "name": TOOL,
    "description": "Make a marker in the project",
    "inputSchema": {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
    },
}
_NO_SUCH_METHOD = -32601


def answer(message: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    """JSON-RPC: None for a notification, which wants no answer."""
    if "id" not in message:
        return None
    given = message.get("params") or {}
    match message.get("method"):
        case "initialize":
            result: dict[str, Any] = {
                "protocolVersion": given.get("protocolVersion", "2024-11-05"),
                "capabilities": {"tools": {}},
                "serverInfo": {"name": SERVER, "version": "1"},
            }
        case "tools/list":
            result = {"tools": [_OFFERED]}
        case "tools/call":
            name = Path(str((given.get("arguments") or {}).get("name", ""))).name
            (folder / name).touch()
            result = {"content": [{"type": "text", "text": f"made {name}"}]}
        case "ping":
            result = {}
        case _:
            error = {"code": _NO_SUCH_METHOD, "message": "no such method"}
            return {"jsonrpc": "2.0", "id": message["id"], "error": error}
    return {"jsonrpc": "2.0", "id": message["id"], "result": result}


def command(folder: Path) -> list[str]:
    """How an agent starts it."""
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(folder)]


def main(folder: Path) -> None:
    for line in sys.stdin:
        said = answer(json.loads(line), folder)
        if said is not None:
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
