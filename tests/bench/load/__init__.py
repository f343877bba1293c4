"""Load: what people wait for, and whether anything is lost, while many of them answer and ask.

`python -m tests.bench.load run L01` plays a scenario, `python -m tests.bench.load report` tells what was measured.

A run has processes of its own for the client (people, Teams' connector and Microsoft's keys), for each replica, and for
the model and the balancer where there are any. The client does not wait for answers before it sends what is due next.
"""
