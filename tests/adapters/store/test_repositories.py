"""Sessions, prompts and what belongs to them, in the database."""

from tests.contracts.queues_contract import (
    CardsContract,
    PressesContract,
    ReportsContract,
    TextsContract,
)
from tests.contracts.store_contract import MetaContract, PromptsContract, SessionsContract


class TestSessions(SessionsContract):
    pass


class TestPrompts(PromptsContract):
    pass


class TestPresses(PressesContract):
    pass


class TestTexts(TextsContract):
    pass


class TestCards(CardsContract):
    pass


class TestReports(ReportsContract):
    pass


class TestMeta(MetaContract):
    pass
