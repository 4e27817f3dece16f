"""What is true of symbiosis: frozen facts, tables and rules; no input or output."""
