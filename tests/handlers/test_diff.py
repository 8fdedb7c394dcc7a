import pytest

from bot.core.notices import PartStyle
from bot.ports.workspace import Changes
from tests.support.world import World

HOME = "/home/dev/shop"
STAT = " a.py | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)"
PATCH = "diff --git a/a.py b/a.py\n@@ -1 +1 @@\n-one\n+two\n"


@pytest.fixture
async def shop(world: World) -> World:
    world.session("shop")
    await world.known("shop")
    return world


async def test_the_list_first_and_then_the_diff(shop: World) -> None:
    shop.workspace.directories[HOME] = Changes(STAT, PATCH)
    shown = await shop.hears("diff shop")
    assert shown.notice.title == "Changes in 'shop'"
    assert [(part.style, part.text) for part in shown.notice.parts] == [
        (PartStyle.TABLE, STAT),
        (PartStyle.DIFF, PATCH),
    ]
    assert shown.notice.attachments == ()


async def test_a_long_diff_is_a_file(shop: World) -> None:
    patch = PATCH + "+more\n" * 100
    shop.workspace.directories[HOME] = Changes(STAT, patch)
    shown = await shop.hears("diff shop")
    assert [part.text for part in shown.notice.parts] == [STAT]
    (file,) = shown.notice.attachments
    assert (file.name, file.data.decode()) == ("shop.diff", patch)
    shop.workspace.directories[HOME] = Changes(STAT, patch, cut=True)
    assert "its end is missing in the file" in (await shop.hears("diff shop")).text


async def test_new_files_are_named(shop: World) -> None:
    shop.workspace.directories[HOME] = Changes(untracked=("b.py", "größe.txt"))
    shown = await shop.hears("diff shop")
    assert shown.notice.parts[0].text == "New files, not in the diff:\nb.py\ngröße.txt"


async def test_a_long_list_keeps_its_total(shop: World) -> None:
    stat = "\n".join([*(f" {n}.py | 1 +" for n in range(200)), " 200 files changed"])
    shop.workspace.directories[HOME] = Changes(stat, PATCH)
    lines = (await shop.hears("diff shop")).notice.parts[0].text.splitlines()
    assert len(lines) == 31
    assert lines[-2:] == ["… 171 more", " 200 files changed"]


async def test_what_hides_is_written_out(shop: World) -> None:
    patch = "+\trm -rf /\u202e# harmless\n" + " " * 20 + "x\n"
    shop.workspace.directories[HOME] = Changes(" a\u200b.py", patch, ("b\u202e.py",))
    text = (await shop.hears("diff shop")).text
    assert "a⟨U+200B⟩.py" in text
    assert "b⟨U+202E⟩.py" in text
    assert "+\trm -rf /⟨U+202E⟩# harmless\n" + " " * 20 + "x" in text


async def test_nothing_and_no_repository(shop: World) -> None:
    told = await shop.hears("diff shop")
    assert told.notice.title == f"✗ {HOME} is not in a git repository"
    shop.workspace.directories[HOME] = Changes()
    told = await shop.hears("diff shop")
    assert told.notice.title == "Nothing has changed in 'shop' since the last commit"
