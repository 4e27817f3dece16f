"""The facilitators' console: static files, no build step."""
