from pathlib import Path

from tests.support.phone import ANN, FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, running


async def test_name_id_and_the_chats_id(world: World) -> None:
    told = await world.hears("whoami")
    assert told.text == f"You are Ann\nfake:{ANN} · chat chat-{ANN} · may do everything here"


@virtual
async def test_a_chat_of_ones_own_has_no_other_id(tmp_path: Path) -> None:
    phone = FakePhone(allowed={ANN: ANN})
    async with running(World(tmp_path, phone=phone)) as world:
        told = await world.hears("whoami")
        assert told.text == f"You are Ann\nfake:{ANN} · may do everything here"
