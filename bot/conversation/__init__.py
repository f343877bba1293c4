"""What is said: turns in, replies out. Pure: no Teams, no HTTP, no SQL; `bot.conversation.service` is the door."""
