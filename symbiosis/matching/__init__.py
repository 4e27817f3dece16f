"""One run, from snapshot to published plan; alone calls the optimizer."""
