"""How long the product takes beside the bare libraries it is made of: `make bench`."""
