"""What goes out: replies and cards, with the bot's own token, at Teams' pace."""
