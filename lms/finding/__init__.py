"""Where to find help: help points, helpers who want to be found, and whether people got what they came for."""
