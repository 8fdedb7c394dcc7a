"""What the WhatsApp channel is made of, apart from Twilio's library."""
