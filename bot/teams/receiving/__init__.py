"""What comes in: from the bytes of a request to one turn, of somebody who may ask for it."""
