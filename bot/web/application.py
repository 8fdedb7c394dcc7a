"""Puts the web layer together."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.web import chat, events, pages, people, problems, prompts, sessions, webhooks
from bot.web.deps import Deps
from bot.web.documents import Problem
from bot.web.guard import Guard
from bot.web.login import Logins


def build(deps: Deps) -> FastAPI:
    logins = Logins(deps.access.token, deps.clock)
    app = FastAPI(
        title="Wingman",
        version=version("tmux-wingman"),
        openapi_url="/api/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        responses={"default": {"model": Problem, "content": {problems.PROBLEM_JSON: {}}}},
    )
    app.state.deps = deps
    app.state.logins = logins
    problems.install(app)
    app.include_router(pages.router)
    app.include_router(pages.health)
    app.include_router(pages.login)
    for part in (sessions, prompts, chat, events, people):
        app.include_router(part.router)
    for hook in deps.webhooks:
        app.include_router(webhooks.router(hook))
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    posted = frozenset(hook.path for hook in deps.webhooks)
    app.add_middleware(Guard, access=deps.access, logins=logins, webhooks=posted)
    return app
