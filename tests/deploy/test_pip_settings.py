import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "pip_settings.py"
Exports = Callable[[dict[str, str], dict[str, str]], list[str]]


@pytest.fixture
def exports() -> Exports:
    function: Exports = runpy.run_path(str(SCRIPT))["exports"]
    return function


def test_nothing_set_changes_nothing(exports: Exports) -> None:
    assert exports({}, {}) == []


def test_indexes_are_handed_over_quoted(exports: Exports) -> None:
    settings = {
        "index-url": "https://me:p$w@mirror.example/simple",
        "cert": "/etc/my certs/ca.pem",
    }
    assert exports(settings, {}) == [
        "export UV_DEFAULT_INDEX='https://me:p$w@mirror.example/simple'",
        "export SSL_CERT_FILE='/etc/my certs/ca.pem'",
    ]


def test_extra_indexes_are_all_looked_at(exports: Exports) -> None:
    settings = {"extra-index-url": "\nfile:///a\nfile:///b", "find-links": "/c /d"}
    assert exports(settings, {}) == [
        "export UV_INDEX='file:///a file:///b'",
        "export UV_FIND_LINKS=/c,/d",
        "export UV_INDEX_STRATEGY=unsafe-best-match",
    ]


def test_what_is_set_for_uv_already_stays(exports: Exports) -> None:
    assert (
        exports({"index-url": "https://a.example"}, {"UV_DEFAULT_INDEX": "https://b.example"})
        == []
    )
