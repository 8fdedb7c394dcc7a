import httpx


async def test_the_api_describes_itself(api: httpx.AsyncClient) -> None:
    spec = (await api.get("/api/openapi.json")).json()
    assert {
        "/api/sessions",
        "/api/sessions/{name}",
        "/api/sessions/{name}/input",
        "/api/sessions/{name}/screen",
        "/api/prompts",
        "/api/prompts/{code}",
        "/api/prompts/{code}/decision",
        "/api/agent/{name}/state",
        "/api/agent/{name}/approve",
        "/api/chat",
        "/api/chat/events",
        "/api/events",
        "/api/command",
        "/healthz",
        "/readyz",
    } <= set(spec["paths"])
    stale = spec["paths"]["/api/prompts/{code}/decision"]["post"]["responses"]["409"]
    assert "StaleDoc" in str(stale)


async def test_no_page_of_the_framework_is_served(api: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/api/sessions/"):
        assert (await api.get(path)).status_code == 404
