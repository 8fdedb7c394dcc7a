"""One gateway per state directory, and nobody else reads it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import structlog.testing

from bot.adapters.statedir import AlreadyRunning, StateDir
from bot.core.errors import WingmanError

HOLDER = """
import sys
from pathlib import Path
from bot.adapters.statedir import StateDir
held = StateDir.claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def hold_elsewhere(path: Path) -> subprocess.Popen[str]:
    """Another process that has claimed the directory when this returns."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


def test_is_made_for_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state"
    with StateDir.claim(path) as claimed:
        assert claimed.path == path
        assert mode_of(path) == 0o700
        assert mode_of(path / "lock") == 0o600


def test_is_closed_to_others_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.mkdir()
    path.chmod(0o755)
    with structlog.testing.capture_logs() as logs, StateDir.claim(path):
        assert mode_of(path) == 0o700
    assert [(line["event"], line["mode"]) for line in logs] == [
        ("statedir.was_open_to_others", "0755")
    ]


def test_a_second_gateway_is_told_who_holds_it(tmp_path: Path) -> None:
    child = hold_elsewhere(tmp_path)
    try:
        with pytest.raises(AlreadyRunning) as caught:
            StateDir.claim(tmp_path)
        assert caught.value.pid == child.pid
        assert f"(pid {child.pid}, since 20" in str(caught.value)
        assert str(tmp_path) in str(caught.value)
        assert "WINGMAN_STATE_DIR" in str(caught.value)
    finally:
        end(child)


def test_can_be_claimed_at_once_after_a_kill(tmp_path: Path) -> None:
    end(hold_elsewhere(tmp_path))
    with StateDir.claim(tmp_path):
        written = (tmp_path / "lock").read_text()
    assert written.startswith(f"{os.getpid()} 20")


def test_can_be_claimed_after_a_release(tmp_path: Path) -> None:
    first = StateDir.claim(tmp_path)
    with pytest.raises(AlreadyRunning):
        StateDir.claim(tmp_path)
    first.release()
    first.release()
    StateDir.claim(tmp_path).release()


def test_a_lock_file_that_was_removed_holds_nobody_back(tmp_path: Path) -> None:
    end(hold_elsewhere(tmp_path))
    (tmp_path / "lock").unlink()
    StateDir.claim(tmp_path).release()


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("")
    with pytest.raises(WingmanError, match=rf"{path} is a file: move it away"):
        StateDir.claim(path)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file" / "state"
    path.parent.write_text("")
    with pytest.raises(WingmanError, match=r"cannot be used: .*; give this user") as caught:
        StateDir.claim(path)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.mkdir()
    os.chown(path, 12345, 12345)
    with pytest.raises(WingmanError, match="belongs to user 12345, not to 0"):
        StateDir.claim(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_missing_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WingmanError, match="Permission denied; give this user"):
            StateDir.claim(tmp_path / "state")
    finally:
        tmp_path.chmod(0o700)


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    with StateDir.claim(tmp_path) as state:
        secret = state.generated_secret("web-token")
        assert len(secret) >= 40
        assert state.generated_secret("web-token") == secret
        assert state.generated_secret("other") != secret
    assert mode_of(tmp_path / "web-token") == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "web-token", "other"}


def test_a_secret_of_the_persons_own_is_kept_and_closed(tmp_path: Path) -> None:
    (tmp_path / "web-token").write_text("mine\n")
    (tmp_path / "web-token").chmod(0o644)
    with StateDir.claim(tmp_path) as state, structlog.testing.capture_logs() as logs:
        assert state.generated_secret("web-token") == "mine"
    assert [line["event"] for line in logs] == ["statedir.was_open_to_others"]
    assert mode_of(tmp_path / "web-token") == 0o600


def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    (tmp_path / "web-token").touch(0o600)
    with StateDir.claim(tmp_path) as state:
        assert state.generated_secret("web-token")


def test_a_secret_behind_a_link_is_refused(tmp_path: Path) -> None:
    with StateDir.claim(tmp_path) as state:
        (tmp_path / "web-token").symlink_to("/etc/hostname")
        with pytest.raises(WingmanError, match="web-token"):
            state.generated_secret("web-token")


@pytest.mark.parametrize("name", ["", "../token", "a/b", ".hidden", "A"])
def test_a_secret_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with StateDir.claim(tmp_path) as state, pytest.raises(ValueError, match="name of a secret"):
        state.generated_secret(name)
