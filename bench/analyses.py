"""Time and memory of every analysis at 1,000, 10,000 and 100,000 listings: `make bench-analyses`.

The market is that of `analyses_market`, the questions are those of `analyses_questions`. Each analysis of a size runs
in a fresh process; what it asks of (the market read, candidates valued, the free optimum decided; synergies and their
deliveries; the cube as published) is made before and not in its time, but in its memory.

Stops: the ten costliest. The newcomer decides the market twice. The radar chooses three plants of eight activities in
the four largest territories. Indicators: every flow operates, with three steps and four deliveries; reading them from a
store is not in it. The cube has the territories as métropoles; the attacker is that of one table of it, tonnes.
Betweenness is a part of the shape, once by rustworkx and once by networkx. One size, or a question and a size, may be
named.
"""

import json
import os
import resource
import subprocess
import sys
import time

from bench.analyses_market import market_of, sites_of, suggested
from bench.analyses_questions import QUESTIONS, Case
from bench.sizing import KIB_PER_MB, SIZES
from symbiosis.analytics.decided import decided
from symbiosis.matching.snapshot import snapshot_of

LIMIT_S = 600


def case_of(listings: int) -> Case:
    """Return a market of that many listings, decided."""
    market = market_of(listings)
    sites, now = sites_of(market), decided(snapshot_of(market))
    return Case(market, sites, now, suggested(sites, market, now))


def one(question: str, listings: int) -> None:
    """Answer one question at one size and print what it took as JSON."""
    case = case_of(listings)
    answer = QUESTIONS[question](case)
    began = time.perf_counter()
    found = answer()
    seconds = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "answer": found, "flows": len(case.graph)}))


def main() -> int:
    """Print one line for each question and size; return 1 where a question is not answered."""
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]))
        return 0
    sizes = (int(sys.argv[1]),) if len(sys.argv) > 1 else SIZES
    failed = 0
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    for listings in sizes:
        for question in QUESTIONS:
            said, ended = _asked(question, listings)
            failed += ended
            print(f"{listings:>8,} listings  {question:<12} {said}", flush=True)
    return int(failed > 0)


def _asked(question: str, listings: int) -> tuple[str, bool]:
    """Return what a process of its own says of a question, and whether it failed."""
    command = [sys.executable, "-m", "bench.analyses", question, str(listings)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f" not within {LIMIT_S} s", False
    if done.returncode:
        return f" ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}", True
    facts = json.loads(done.stdout)
    return (
        f"{facts['seconds']:8.2f} s  {facts['peak_mb']:6,.0f} MB  {facts['flows']:>7,} flows  {facts['answer']}",
        False,
    )


if __name__ == "__main__":
    sys.exit(main())
