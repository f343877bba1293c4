"""What the web pages and the programs that read from them need: sessions, keys, the outbox of webhooks."""
