"""Files that leave the house: what is in them (figures, lists, about) and how they are written."""
