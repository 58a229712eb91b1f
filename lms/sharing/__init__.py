"""Materials that helpers share: a file or a link, with author and licence, found by words and by service."""
