"""The executive's week as it is seen; callbacks/weekly answers it."""
