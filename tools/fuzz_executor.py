"""Compare compiled selections with graphql-core on random documents: `make fuzz-executor`."""

import asyncio
import sys

from tests.api.executor_cases import compare

DOCUMENTS = 12_000


async def main() -> int:
    """Return 0 if all answers are the same, data and errors."""
    done = await compare(seed=int(sys.argv[1]) if len(sys.argv) > 1 else 1, documents=DOCUMENTS)
    print("\n\n".join(done.differences[:3]))
    print(
        f"{done.executions:,} executions both ways, {done.with_errors:,} with errors, {done.compiled:,} selections "
        f"compiled: {len(done.differences)} differences"
    )
    return int(bool(done.differences))


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
