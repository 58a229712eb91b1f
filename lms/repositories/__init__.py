"""Packs that are Git repositories: fetched, published, and given back what the desk wrote."""
