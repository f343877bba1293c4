"""The maturity check as a conversation: what is typed and pressed becomes moves, and sessions become cards."""
