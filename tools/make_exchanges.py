"""Make exchanges.csv, the facts that receivers are learnt from, out of the MAESTRI library.

    .venv/bin/python -m tools.make_exchanges --from ../shared/data

Kept are the exchanges whose receiver's activity is known, with the facts alone (codes, the name of the waste, status):
no company, no description; of several activities of one donor or receiver the first. The library states no licence;
`sources.csv` cites it.
"""

import argparse
from pathlib import Path
from typing import Final

from symbiosis.domain.activity import nace_of
from tools.make_tables import read_rows, write_rows

COLUMNS: Final = ("exchange_id", "case_id", "donor_nace", "receiver_nace", "waste_codes", "waste", "status", "source")


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Make exchanges.csv.")
    parser.add_argument("--from", dest="facts", type=Path, required=True, help="The folder that holds the facts.")
    facts: Path = parser.parse_args().facts
    kept = [row for row in read_rows(facts / "symbiosis_exchanges.csv") if row["receiver_nace"]]
    for row in kept:
        row["donor_nace"] = nace_of(row["donor_nace"].split(";")[0]) if row["donor_nace"] else ""
        row["receiver_nace"] = nace_of(row["receiver_nace"].split(";")[0])
        row["waste_codes"] = row["ewc"]
        row["status"] = row["status"].upper().replace(" ", "_")
        row["source"] = "maestri"
    write_rows("exchanges.csv", COLUMNS, kept)


if __name__ == "__main__":
    main()
