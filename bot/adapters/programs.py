"""Programs of others, asked for their version."""

from __future__ import annotations

import asyncio
import contextlib
import re

VERSION_WITHIN = 10.0
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.-]*")


async def version_of(path: str) -> str:
    """As its ``--version`` says; empty when it does not."""
    with contextlib.suppress(OSError, TimeoutError):
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(VERSION_WITHIN):
                out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        told = _VERSION.search(out.decode("utf-8", "replace"))
        return told.group() if told else ""
    return ""
