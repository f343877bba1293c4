"""From single answers to what may be told of them. Nothing here is imported but by `bot.results.compiling`.

`respondents` and `tallies` count; `fyrbodal` and `trees` say which groups there are; `disclosure` and `judging` decide
of which of them something may be told; `cells`, `persons`, `operations`, `statements` and `standings` draw that.
"""
