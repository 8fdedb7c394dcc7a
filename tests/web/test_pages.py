import httpx
import pytest

from tests.support.gateway import Gateway


async def test_a_link_becomes_a_cookie_and_leaves_the_address_bar(gateway: Gateway) -> None:
    async with gateway.client() as browser:
        answer = await browser.get(gateway.login_url())
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        cookie = answer.headers["set-cookie"].lower()
        assert all(
            part in cookie for part in ("httponly", "samesite=strict", "path=/", "max-age=")
        )
        assert "secure" not in cookie
        assert (await browser.get("/api/sessions")).status_code == 200


async def test_a_replayed_link_lets_nobody_in(gateway: Gateway) -> None:
    url = gateway.login_url()
    async with gateway.client() as first, gateway.client() as second:
        await first.get(url)
        answer = await second.get(url)
        assert answer.status_code == 410
        assert "wingman link" in answer.text
        assert "set-cookie" not in answer.headers
        assert (await second.get("/api/sessions")).status_code == 401
        assert (await first.get(url)).headers["location"] == "/"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT"])
async def test_only_a_get_uses_a_link_up(gateway: Gateway, method: str) -> None:
    url = gateway.login_url()
    async with gateway.client() as client:
        assert "set-cookie" not in (await client.request(method, url)).headers
        assert (await client.get(url)).status_code == 303


async def test_a_link_from_another_site_still_needs_our_host(gateway: Gateway) -> None:
    url = gateway.login_url()
    async with gateway.client() as client:
        assert (await client.get(url, headers={"Host": "evil.com"})).status_code == 421
        assert (await client.get(url)).status_code == 303


async def test_a_public_address_gets_a_secure_cookie() -> None:
    async with Gateway(public_url="https://wing.example.org").running() as gateway:
        async with gateway.client() as client:
            headers = {"Host": "wing.example.org"}
            answer = await client.get(gateway.login_url(), headers=headers)
        assert "secure" in answer.headers["set-cookie"].lower()


async def test_the_page_and_its_parts_are_there(gateway: Gateway) -> None:
    async with gateway.client() as stranger:
        page = await stranger.get("/")
        assert '<script type="module" src=' in page.text
        assert "<style" not in page.text
        manifest = await stranger.get("/manifest.webmanifest")
        assert manifest.headers["content-type"].startswith("application/manifest+json")
        for icon in manifest.json()["icons"]:
            assert (await stranger.get(icon["src"])).status_code == 200


@pytest.mark.parametrize("path", ["/static/../pages.py", "/static/%2e%2e/pages.py", "/static/js/"])
async def test_nothing_else_is_handed_out(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(path)).status_code == 404


async def test_health(gateway: Gateway) -> None:
    async with gateway.client() as probe:
        assert (await probe.get("/healthz")).json() == {"status": "ok"}
        assert (await probe.get("/readyz")).json() == {"status": "ready"}
        gateway.surface.unready = "tmux does not answer"
        answer = await probe.get("/readyz")
        assert (answer.status_code, answer.json()["detail"]) == (503, "tmux does not answer")


async def test_figures_are_for_those_with_the_token(gateway: Gateway) -> None:
    async with gateway.client() as client:
        assert (await client.get("/metrics")).status_code == 401
        gateway.figures = "wingman_sweeps_total 1.0\n"
        answer = await client.get("/metrics", headers=gateway.bearer)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert answer.text == "wingman_sweeps_total 1.0\n"


async def test_the_token_makes_links_and_a_browser_does_not(gateway: Gateway) -> None:
    async with gateway.client() as client:
        made = await client.post("/api/link", json={}, headers=gateway.bearer)
        assert made.json()["expires_in"] == 900
        client.cookies.update(gateway.cookie)
        assert (await client.post("/api/link", json={}, headers=gateway.origin)).status_code == 403
    async with gateway.client() as browser:
        assert (await browser.get(made.json()["url"])).status_code == 303
