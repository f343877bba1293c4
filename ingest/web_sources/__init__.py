"""Documents at web addresses: which may be fetched, how, and how much of it.

`allow_list`, `addresses`, `places`, `site_maps` and `robots` are rules and know no network. `resolver` and `fetching`
speak HTTP. `gathering` makes files of addresses, and `ingest.reading` reads those like any other.
"""
