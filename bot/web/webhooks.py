"""Where providers post: each channel makes sure itself that it is the provider."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from bot.ports.webhook import Webhook


def router(webhook: Webhook) -> APIRouter:
    routes = APIRouter()

    @routes.post(webhook.path, include_in_schema=False)
    async def posted(request: Request) -> Response:
        status = await webhook.handle(request.headers, await request.body())
        if status != HTTPStatus.OK or not webhook.says:
            return Response(status_code=status)
        return Response(webhook.says, media_type=webhook.media_type)

    return routes
