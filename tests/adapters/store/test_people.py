"""People and pairing codes in the database."""

from tests.contracts.people_contract import PairingCodesContract, PeopleContract


class TestPeople(PeopleContract):
    pass


class TestPairingCodes(PairingCodesContract):
    pass
