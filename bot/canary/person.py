"""Whoever decides during a trial: the HTTP API of a whole gateway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.ports.clock import Clock

T = TypeVar("T")

LOOK_EVERY = 0.1
ANSWERS_WITHIN = 60.0
SEEN_WITHIN = 30.0
"""Seconds for an agent to ask, to go on, or to come to rest."""
CONFLICT = 409
_MOVING = frozenset({"open", "decided", "attempting", "applied"})


class NotSeen(Exception):
    """It did not come to pass in time; says what."""


class Person:
    def __init__(self, socket: Path, clock: Clock) -> None:
        self._clock = clock
        self._http = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(socket)),
            base_url="http://wingman",
            timeout=ANSWERS_WITHIN,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def starts(self, name: str, directory: Path, mode: str) -> None:
        body = {"name": name, "directory": str(directory), "permission_mode": mode}
        await self._posts("/api/sessions", body)

    async def stops(self, name: str) -> None:
        answer = await self._http.delete(f"/api/sessions/{name}", params={"force": "true"})
        if answer.is_error:
            raise NotSeen(_reason(answer))

    async def says(self, name: str, text: str) -> None:
        await self._posts(f"/api/sessions/{name}/input", {"text": text})

    async def sees_all_rows(self, code: str) -> dict[str, Any]:
        answer = await self._http.post("/api/command", json={"text": f"rows {code}"})
        outcome = answer.json() if answer.is_success else {}
        if not outcome.get("ok"):
            notice = outcome.get("notice") or {}
            raise NotSeen(str(notice.get("title") or _reason(answer)))
        prompt: dict[str, Any] = await self._gets(f"/api/prompts/{code}")
        return prompt

    async def decides(self, code: str, decision: Mapping[str, Any]) -> None:
        """What grants more than the one request is asked back first, and then confirmed."""
        path = f"/api/prompts/{code}/decision"
        answer = await self._http.post(path, json=dict(decision))
        if answer.status_code == CONFLICT and decision.get("confirm"):
            answer = await self._http.post(path, json=dict(decision))
        if answer.is_error:
            raise NotSeen(_reason(answer))

    async def sees_prompt(self, name: str) -> dict[str, Any]:
        return await self.waits_for(lambda: self.prompt_of(name), "no card came")

    async def prompt_of(self, name: str) -> dict[str, Any] | None:
        prompts = await self._gets("/api/prompts") or []
        return next((p for p in prompts if p["session"] == name), None)

    async def sees_it_end(self, code: str) -> str:
        """Its last state."""

        async def ended() -> str | None:
            prompt = await self._gets(f"/api/prompts/{code}")
            is_moving = prompt["state"] in _MOVING and not prompt["closed_at"]
            return None if is_moving else str(prompt["state"])

        return await self.waits_for(ended, "the dialog did not close")

    async def sees_it_rest(self, name: str) -> None:
        await self.waits_for(lambda: self.rests(name), "the agent did not come to rest")

    async def rests(self, name: str) -> bool:
        session = await self._gets(f"/api/sessions/{name}")
        return bool(session and session["state"] == "idle" and not session["prompt"])

    async def is_up(self) -> bool:
        try:
            return (await self._http.get("/healthz")).is_success
        except httpx.TransportError:
            return False

    async def screen(self, name: str) -> str:
        answer = await self._http.get(f"/api/sessions/{name}/screen", params={"lines": 60})
        return answer.text if answer.is_success else ""

    async def waits_for(
        self, look: Callable[[], Awaitable[T | None]], otherwise: str, within: float = SEEN_WITHIN
    ) -> T:
        until = self._clock.monotonic() + within
        while True:
            seen = await look()
            if seen:
                return seen
            if self._clock.monotonic() >= until:
                raise NotSeen(f"{otherwise} within {within:g} s")
            await self._clock.sleep(LOOK_EVERY)

    async def _gets(self, path: str) -> Any:
        answer = await self._http.get(path)
        return answer.json() if answer.is_success else None

    async def _posts(self, path: str, body: Mapping[str, Any]) -> None:
        answer = await self._http.post(path, json=dict(body))
        if answer.is_error:
            raise NotSeen(_reason(answer))


def _reason(answer: httpx.Response) -> str:
    """What the gateway said, in its own words."""
    try:
        document = answer.json()
    except ValueError:
        return f"the gateway answered {answer.status_code}"
    return str(document.get("detail") or document.get("title") or document)
