"""Who may act beside the channels' own lists: letting in and putting out."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot.core.records import Person
from bot.web.deps import By, Needs
from bot.web.guard import BY_BEARER, BY_SOCKET


class PairBody(BaseModel):
    channel: str = Field(pattern=r"^[a-z]{1,30}$")


class PairingDoc(BaseModel):
    code: str
    """Shown here and nowhere else."""
    channel: str
    expires_at: datetime
    connected: bool
    """False: this gateway does not run that channel."""


class PersonDoc(BaseModel):
    channel: str
    user: str
    name: str
    added_at: datetime

    @classmethod
    def of(cls, person: Person) -> PersonDoc:
        return cls(
            channel=person.channel,
            user=person.user,
            name=person.name,
            added_at=person.added_at,
        )


def _owner(by: By) -> str:
    if by not in {BY_SOCKET, BY_BEARER}:
        raise HTTPException(HTTPStatus.FORBIDDEN, "Do that at the machine: wingman setup, people")
    return by


Owner = Annotated[str, Depends(_owner)]
"""A browser's login may not make more people."""

router = APIRouter(prefix="/api", tags=["people"])


@router.post("/pairing", status_code=HTTPStatus.CREATED)
async def new_code(body: PairBody, deps: Needs, by: Owner) -> PairingDoc:
    """For the token and the socket only: the code makes a person of whoever sends it first."""
    invitation = await deps.surface.pair(body.channel, by)
    return PairingDoc(
        code=invitation.code,
        channel=invitation.channel,
        expires_at=invitation.expires_at,
        connected=deps.surface.has_channel(body.channel),
    )


@router.delete("/people/{channel}/{user}")
async def remove_person(channel: str, user: str, deps: Needs, by: Owner) -> PersonDoc:
    """For the token and the socket only; of those who were paired, not of those in settings."""
    return PersonDoc.of(await deps.surface.unpair(channel, user, by))
