from tests.support.phone import ANN
from tests.support.world import World


async def test_name_and_id(world: World) -> None:
    told = await world.hears("whoami")
    assert told.text == f"You are Ann\nfake:{ANN} · may do everything here"
