from bot.web.application import build
from bot.web.deps import Deps
from bot.web.guard import Access
from tests.support.gateway import TOKEN, Gateway


async def test_every_app_has_its_own() -> None:
    one, two = Gateway(), Gateway()
    access = Access.to(TOKEN, "127.0.0.1", 1)
    apps = [build(Deps(g.phone, g.log, g.surface, g.clock, access, g.links)) for g in (one, two)]
    assert apps[0].state.deps.phone is one.phone
    assert apps[1].state.deps.phone is two.phone
    assert not apps[0].state.deps.closing.is_set()
