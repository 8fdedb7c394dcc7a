"""Looking at a session from Telegram, on a real tmux: a picture, a file, changes, and a list that
goes on being true."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.support.botapi.chats import Message
from tests.support.home import Home
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

BUILD = {"bash": "npm run build", "id": "build", "about": "Build it"}


def repository(folder: Path) -> Path:
    folder.mkdir()
    (folder / "price.py").write_text("old = 1\n")
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.test")
    for step in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", "-C", str(folder), *who, *step], check=True, timeout=30)
    return folder


async def begins(home: Home, session: str, *arguments: str) -> None:
    """A shell, once the gateway knows of it."""
    home.crew.tmux("new-session", "-d", "-s", session, *arguments, "exec sh")

    async def known() -> bool:
        return await home.gateway.get(f"/api/sessions/{session}") is not None

    await until(known, within=20)


async def file_named(home: Home, name: str) -> Message:
    def found() -> Message | None:
        files = (message for message in home.ann.chat.from_bot if message.file)
        return next((m for m in files if m.file and m.file.upload.name == name), None)

    return await home.ann.chat.until(found, name, within=20)


async def test_the_screen_as_a_picture_and_as_text(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    await home.ann.chat.shows("npm run build", within=20)
    await home.ann.says("/screen shop")
    message = await file_named(home, "shop.png")
    assert message.text == "Screen of 'shop'"
    assert message.file is not None
    assert message.file.kind == "photo"
    picture = Image.open(io.BytesIO(message.file.upload.data))
    assert picture.width > 1000
    assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 10

    await home.ann.taps(message, "As text")
    text = await home.ann.chat.until(
        lambda: next((m for m in home.ann.chat.from_bot if "Do you want to proceed?" in m.text
                      and m.text.startswith("Screen of 'shop'")), None)
    )  # fmt: skip
    assert any(entity["type"] == "pre" for entity in text.entities)


async def test_a_long_screen_comes_as_a_file(home: Home) -> None:
    await begins(home, "logs", "-x", "90", "-y", "20")
    lines = "i=0; while [ $i -lt 400 ]; do i=$((i+1)); printf 'line %05d %070d\\n' $i 0; done"
    home.crew.tmux("send-keys", "-t", "logs", lines, "Enter")
    await home.ann.says("peek logs 400")
    message = await file_named(home, "logs.txt")
    assert message.file is not None
    assert "line 00390 " in message.file.upload.data.decode()


async def test_what_has_changed(home: Home, tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    await begins(home, "work", "-c", str(folder))
    (folder / "price.py").write_text("new = 2\n")
    await home.ann.says("diff work")
    short = await home.ann.chat.shows("-old = 1\n+new = 2", within=20)
    assert "price.py | 2 +-" in short.text
    (folder / "price.py").write_text("new = 2\n" * 1000)
    await home.ann.says("diff work")
    message = await file_named(home, "work.diff")
    assert message.file is not None
    assert message.file.kind == "document"
    assert message.file.upload.data.decode().count("+new = 2") == 1000
    assert "price.py | 1001 +" in message.text


async def test_the_list_goes_on_being_true(home: Home) -> None:
    home.crew.hire("shop", BUILD)
    card = await home.ann.chat.shows("npm run build", within=20)
    await home.ann.says("status")
    listed = await home.ann.chat.shows("1. 🔒 shop")
    await home.ann.taps(card, "Approve")
    await home.ann.chat.shows("approved (once)", within=20)
    await home.ann.chat.until(
        lambda: listed if "🔒" not in listed.text and "shop" in listed.text else None, within=20
    )
    assert listed.text.splitlines()[-1].startswith("as of ")
    assert 1 <= len(listed.history) <= 4
