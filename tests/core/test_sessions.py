from dataclasses import replace

from bot.core.ids import Fingerprint, PromptId
from tests.support.ledger_rows import session


def test_a_prompt_of_a_hook_is_known_from_it_alone_until_a_dialog_stands_there() -> None:
    shop = replace(session("shop"), prompt=PromptId("p1"), call="c1", fingerprint=None)
    assert shop.hooked_only
    assert not replace(shop, fingerprint=Fingerprint("f" * 64)).hooked_only
    assert not replace(shop, call="").hooked_only
    assert not replace(shop, prompt=None).hooked_only
