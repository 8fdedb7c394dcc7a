"""The trial's own MCP server, as an agent starts it: lines of JSON-RPC on its pipes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bot.canary.mcp_server import TOOL, answer, command


def test_its_tool_makes_a_marker_in_the_folder_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    calls = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "x"}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        {
            "jsonrpc": "2.0",
            "id": 3,
            "method": "tools/call",
            "params": {"name": TOOL, "arguments": {"name": "../made"}},
        },
    ]

    done = subprocess.run(
        command(folder),
        input="".join(f"{json.dumps(call)}\n" for call in calls),
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )

    begun, listed, made = (json.loads(line) for line in done.stdout.splitlines())
    assert begun["result"]["protocolVersion"] == "x"
    assert [tool["name"] for tool in listed["result"]["tools"]] == [TOOL]
    assert made["id"] == 3
    assert [path.name for path in folder.iterdir()] == ["made"]
    assert not (tmp_path / "made").exists()


def test_what_it_does_not_know_is_said(tmp_path: Path) -> None:
    said = answer({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, tmp_path)
    assert said is not None
    assert said["error"]["code"] == -32601
    assert answer({"jsonrpc": "2.0", "id": 2, "method": "ping"}, tmp_path) == {
        "jsonrpc": "2.0",
        "id": 2,
        "result": {},
    }
