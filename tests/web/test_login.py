from datetime import timedelta

import pytest

from bot.web.login import LINK_LIFE, LOGIN_LIFE, MAX_LINKS, Links, Logins, address
from tests.support.gateway import LoopClock


def test_a_link_works_once() -> None:
    links = Links(LoopClock())
    link = links.make()
    assert links.use(link)
    assert not links.use(link)


@pytest.mark.parametrize("link", ["", "x", "é", "\ud800"])
def test_a_made_up_link_never_works(link: str) -> None:
    links = Links(LoopClock())
    links.make()
    assert not links.use(link)


def test_a_link_expires() -> None:
    clock = LoopClock()
    links = Links(clock)
    link = links.make()
    clock.ahead = LINK_LIFE
    assert not links.use(link)


def test_only_the_newest_links_are_kept() -> None:
    links = Links(LoopClock())
    made = [links.make() for _ in range(MAX_LINKS + 1)]
    assert not links.use(made[0])
    assert all(links.use(link) for link in made[1:])


def test_the_address_of_a_link() -> None:
    assert address("http://127.0.0.1:8765/", "abc") == "http://127.0.0.1:8765/?link=abc"


def test_a_login_survives_a_restart() -> None:
    assert Logins("token", LoopClock()).holds(Logins("token", LoopClock()).issue())


def test_a_new_token_ends_every_login() -> None:
    old, new = Logins("old", LoopClock()), Logins("new", LoopClock())
    assert not new.holds(old.issue())
    assert old.cookie != new.cookie


def test_a_login_ends_with_its_time() -> None:
    clock = LoopClock()
    logins = Logins("token", clock)
    login = logins.issue()
    clock.ahead = LOGIN_LIFE - timedelta(minutes=1)
    assert logins.holds(login)
    clock.ahead = LOGIN_LIFE + timedelta(minutes=1)
    assert not logins.holds(login)


def test_a_changed_login_does_not_hold() -> None:
    logins = Logins("token", LoopClock())
    issued, nonce, signature = logins.issue().split(".")
    for forged in (
        f"{int(issued) + 60}.{nonce}.{signature}",
        f"{issued}.{nonce}x.{signature}",
        f"{issued}.{nonce}.",
        f"{issued}.{nonce}",
        "",
        ".",
        "..",
        "é.é.é",
        f"{issued}.{nonce}.{signature.upper()}",
    ):
        assert not logins.holds(forged)
