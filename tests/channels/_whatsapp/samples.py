"""Names and ids as Twilio has them."""

ACCOUNT = "AC" + "a" * 32
TOKEN = "t0ken-of-an-account-under-test-0"
SENDER = "whatsapp:+14155550100"
ANN = "+491701234567"
BOB = "+12025550123"


def sid(number: int) -> str:
    return f"SM{number:032x}"


def media_path(message: int, number: int) -> str:
    return f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid(message)}/Media/ME{number:032x}"
