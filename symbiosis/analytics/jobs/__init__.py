"""Analyses that take longer than an answer: asked, worked on in a process of their own, and kept."""
