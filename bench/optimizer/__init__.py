"""How good and fast the optimiser is, beside its goals and other solvers: `python -m bench.optimizer --only NAMES`.

report.py      what a measurement returns: a table, and what it says of each goal
measure.py     interleaved medians, growth exponents, seconds and peak memory of a child process
instances.py   seeded territories of supplies and demands, made once for all tables
peers.py       asks another solver, in a process of its own, which runs peer.py
<row>.py       one table or a few of one row of goals: `tables() -> Iterator[Table]`, named in __main__.py
"""
