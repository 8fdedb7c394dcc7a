"""What a gateway is made of: the ports it works through, and what the settings say."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.agent import AgentSpec
from bot.core.attention.rules import Rules
from bot.core.concerns import Limits
from bot.core.titles import Titles
from bot.ports.accounts import Accounts
from bot.ports.channel import Channel
from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.hooks import Hooks
from bot.ports.keyboard import Keyboard
from bot.ports.meter import Meter
from bot.ports.painter import Painter
from bot.ports.presence import Presence
from bot.ports.scheduler import Scheduler
from bot.ports.shelf import Shelf
from bot.ports.spawner import Spawner
from bot.ports.store import Store
from bot.ports.terminal import Terminal
from bot.ports.trials import Trials
from bot.ports.workspace import Workspace
from bot.services.adoption import WatchRule
from bot.services.commands import Command
from bot.services.looking import Reader


@dataclass(frozen=True, slots=True)
class Ports:
    store: Store
    terminal: Terminal
    keyboard: Keyboard
    spawner: Spawner
    scheduler: Scheduler
    clock: Clock
    channels: Sequence[Channel]
    shelf: Shelf
    chat: ChatLog
    painter: Painter
    presence: Presence
    workspace: Workspace
    meter: Meter
    hooks: Hooks
    accounts: Accounts
    trials: Trials


@dataclass(frozen=True, slots=True)
class Plan:
    """What the settings and the leaves say."""

    agents: Mapping[str, AgentSpec]
    reader: Reader
    commands: Sequence[Command]
    titles: Titles
    watch: WatchRule
    agent_command: str
    hook_command: str
    """What agents that we start run as their hook; empty: nothing."""
    poll_interval: float
    attention: Rules
    limits: Limits
    signal_tags: bool
    keep: timedelta
    """So long what is over is remembered."""
    version: str
    rng: random.Random
