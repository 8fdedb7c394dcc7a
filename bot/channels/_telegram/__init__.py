"""What Telegram's channel is made of, apart from its library."""
