"""Files to and from a person's chat, by way of the storage that Teams names."""
