from tests.support.botapi.fixtures import telegram as telegram
from tests.support.botapi.fixtures import telegram_oracle as telegram_oracle
from tests.support.twilioapi.fixtures import twilio as twilio
