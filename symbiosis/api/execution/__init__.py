"""How documents are executed: graphql-core's executor, with the plain parts of a selection compiled to functions."""
