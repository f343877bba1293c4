"""Files that are sent in a chat: fetched, handed to the desk, and told of in the same chat."""
