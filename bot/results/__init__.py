"""What a round's responses say, as far as it may be known: aggregates, disclosure control, editions, and who sees what.

Responses go in, an `Edition` comes out, and nothing but editions leaves: pages, exports and the read API are made from
`views`, which only ever leave out. `compiling` makes an edition, by what is in `counting`; `areas`, `comparison`,
`trend` and `advice` read one.
"""
