"""How the schemas came to be: numbered functions, only ever added to, each applied once in a transaction of its own.

A migration spells its tables out and never looks at `bot.storage.schema`, which moves on. An interrupted one is rolled
back and runs again at the next start.
"""
