"""The fields of the settings, a module for each subject; `bot.settings` puts them together and reads them."""
