"""What has changed in a directory, by a real git, in repositories that want to be more."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from bot.adapters.git import MOST_PATCH, Git
from bot.core.errors import Refused


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.test")
    argv = ["git", "-C", str(folder), *who, "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(argv, check=True, capture_output=True, timeout=30)


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.py").write_text("one\ntwo\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


async def test_staged_and_unstaged_against_the_last_commit(repository: Path) -> None:
    (repository / "a.py").write_text("one\nthree\n")
    (repository / "b.py").write_text("new\n")
    git(repository, "add", "b.py")
    (repository / "größe.txt").write_text("x")
    changes = await Git().changes(str(repository))
    assert "a.py | 2 +-" in changes.stat
    assert (
        changes.stat.splitlines()[-1].strip() == "2 files changed, 2 insertions(+), 1 deletion(-)"
    )
    assert "-two\n+three\n" in changes.patch
    assert "+new\n" in changes.patch
    assert changes.untracked == ("größe.txt",)
    assert not changes.cut


async def test_what_was_committed_since_is_seen(repository: Path) -> None:
    begun = await Git().head(str(repository))
    (repository / "a.py").write_text("one\nthree\n")
    git(repository, "commit", "-aqm", "second")
    (repository / "b.py").write_text("new\n")
    git(repository, "add", "b.py")
    git(repository, "commit", "-qm", "third")
    (repository / "b.py").write_text("newer\n")
    changes = await Git().changes(str(repository), begun)
    assert "-two\n+three\n" in changes.patch
    assert "+newer\n" in changes.patch
    assert changes.commits == 2
    last = await Git().changes(str(repository))
    assert (last.commits, "three" in last.patch) == (0, False)


@pytest.mark.parametrize("since", ["0" * 40, "another branch", "main..x", ""])
async def test_what_does_not_lead_here_is_not_compared_with(repository: Path, since: str) -> None:
    if since == "another branch":
        git(repository, "switch", "-qc", "aside")
        git(repository, "commit", "--allow-empty", "-qm", "aside")
        since = await Git().head(str(repository))
        git(repository, "switch", "-q", "main")
    (repository / "a.py").write_text("one\nthree\n")
    git(repository, "commit", "-aqm", "second")
    changes = await Git().changes(str(repository), since)
    assert (changes.stat, changes.commits) == ("", 0)


async def test_a_task_that_began_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    begun = await Git().head(str(tmp_path))
    (tmp_path / "a.py").write_text("one\n")
    git(tmp_path, "add", "a.py")
    assert "+one\n" in (await Git().changes(str(tmp_path), begun)).patch
    git(tmp_path, "commit", "-qm", "first")
    changes = await Git().changes(str(tmp_path), begun)
    assert ("+one\n" in changes.patch, changes.commits) == (True, 1)


async def test_what_changed_in_the_moment_of_the_commit_is_seen(repository: Path) -> None:
    """Same size, same second: only its content tells it from what was committed."""
    file, index = repository / "a.py", repository / ".git" / "index"
    at = file.stat().st_mtime_ns - 10**10
    git(repository, "config", "core.trustctime", "false")
    os.utime(file, ns=(at, at))
    git(repository, "update-index", "--refresh")
    os.utime(index, ns=(at, at))
    file.write_text("one\nsix\n")
    os.utime(file, ns=(at, at))
    assert "-two\n+six\n" in (await Git().changes(str(repository))).patch


async def test_nothing_has_changed(repository: Path) -> None:
    changes = await Git().changes(str(repository))
    assert (changes.stat, changes.patch, changes.untracked) == ("", "", ())


async def test_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "new")
    folder = tmp_path / "new"
    (folder / "a.py").write_text("one\n")
    git(folder, "add", "a.py")
    assert "+one\n" in (await Git().changes(str(folder))).patch


async def test_what_is_no_repository_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"/home is not in a git repository$"):
        await Git().changes(str(tmp_path / "home"))
    with pytest.raises(Refused, match=r"^there is no directory .*/gone any more$"):
        await Git().changes(str(tmp_path / "gone"))
    git(tmp_path, "init", "-q", "--bare", "bare")
    with pytest.raises(Refused) as refused:
        await Git().changes(str(tmp_path / "bare"))
    assert "\n" not in str(refused.value)


async def test_without_git(repository: Path) -> None:
    with pytest.raises(Refused, match="git is not installed on this machine"):
        await Git("git-that-is-not-there").changes(str(repository))


async def test_a_git_that_may_not_be_run(repository: Path, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("no program")
    with pytest.raises(Refused, match="git is not installed on this machine"):
        await Git(str(program)).changes(str(repository))


async def test_a_git_that_hangs_is_ended_with_all_it_started(
    repository: Path, tmp_path: Path
) -> None:
    program, child = tmp_path / "git", tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! >{child}\nwait\n")
    program.chmod(0o755)
    with pytest.raises(Refused, match=r"git took longer than 0\.5 s in"):
        await Git(str(program), patience=0.5).changes(str(repository))
    assert _ends(int(child.read_text()))


def _ends(pid: int) -> bool:
    """Ended, if nobody has taken note of it yet."""
    for _ in range(10_000):
        stat = Path(f"/proc/{pid}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return not Path(f"/proc/{pid}").exists() and _is_gone(pid)
    return False


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_long_diff_is_cut(repository: Path) -> None:
    (repository / "a.py").write_text("many words\n" * 200_000)
    begun = time.perf_counter()
    changes = await Git().changes(str(repository))
    assert time.perf_counter() - begun < 10
    assert (changes.cut, len(changes.patch)) == (True, MOST_PATCH)


TRAP = "#!/bin/sh\ntouch {mark}\ncat\n"


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark beside it."""
    program = tmp_path / "trap.sh"
    program.write_text(TRAP.format(mark=tmp_path / "sprung"))
    program.chmod(0o755)
    return program


SETTINGS = [
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "diff.external",
    "pager.diff",
    "diff.odd.command",
    "diff.odd.textconv",
    "filter.odd.clean",
    "filter.odd.process",
    "filter.o d.d\"'=x.clean",
]


@pytest.mark.parametrize("setting", SETTINGS)
async def test_no_program_of_a_repository_is_run(
    repository: Path, trap: Path, setting: str
) -> None:
    driver = "odd" if ".odd" in setting else "x"
    git(repository, "config", setting, str(trap))
    git(repository, "config", "filter.odd.required", "true")
    attributes = f"*.py diff={driver} filter={driver}\n"
    (repository / ".git" / "info" / "attributes").write_text(attributes)
    (repository / "a.py").write_text("changed\n")
    changes = await Git().changes(str(repository))
    assert "+changed\n" in changes.patch
    assert not trap.with_name("sprung").exists()


async def test_settings_that_cannot_all_be_read_are_not_trusted(repository: Path) -> None:
    many = "".join(f'[filter "{n:0>200}"]\n\tclean = x\n' for n in range(600))
    with (repository / ".git" / "config").open("a") as config:
        config.write(many)
    with pytest.raises(Refused, match="too many settings of its own"):
        await Git().changes(str(repository))


async def test_the_traps_do_spring(repository: Path, trap: Path) -> None:
    """With nothing to hold it back git runs them: the other tests try something."""
    git(repository, "config", "filter.odd.clean", str(trap))
    (repository / ".gitattributes").write_text("*.py filter=odd\n")
    (repository / "a.py").write_text("changed\n")
    git(repository, "diff")
    assert trap.with_name("sprung").exists()


async def test_hooks_are_not_run_and_nothing_is_written(repository: Path, trap: Path) -> None:
    for name in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        (repository / ".git" / "hooks" / name).symlink_to(trap)
    index = (repository / ".git" / "index").read_bytes()
    os.utime(repository / "a.py", (1, 1))
    await Git().changes(str(repository))
    assert not trap.with_name("sprung").exists()
    assert (repository / ".git" / "index").read_bytes() == index


@pytest.mark.parametrize("has_moved", [False, True])
async def test_a_submodule_is_not_looked_into(
    repository: Path, trap: Path, has_moved: bool
) -> None:
    git(repository, "submodule", "add", "-q", str(repository), "inner")
    git(repository, "commit", "-q", "-m", "inner")
    if has_moved:
        (repository / "inner" / "a.py").write_text("another commit\n")
        git(repository / "inner", "commit", "-q", "-a", "-m", "second")
    for setting in ("filter.odd.clean", "core.fsmonitor", "diff.external"):
        git(repository / "inner", "config", setting, str(trap))
    git(repository, "config", "diff.submodule", "diff")
    (repository / "inner" / ".gitattributes").write_text("*.py filter=odd\n")
    (repository / "inner" / "a.py").write_text("changed\n")
    changes = await Git().changes(str(repository))
    assert ("+Subproject commit" in changes.patch) is has_moved
    assert not trap.with_name("sprung").exists()


async def test_the_owners_own_filters_stay(repository: Path, tmp_path: Path) -> None:
    """As those of large files: without them each of these would count as changed."""
    settings = '[filter "upper"]\n\tclean = tr a-z A-Z\n'
    (tmp_path / "home" / ".gitconfig").write_text(settings)
    (repository / ".gitattributes").write_text("*.py filter=upper\n")
    (repository / "a.py").write_text("changed\n")
    assert "+CHANGED\n" in (await Git().changes(str(repository))).patch
