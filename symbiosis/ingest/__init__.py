"""Files and registers in; reference tables with source and licence in `ingest/data`."""
