"""The trends page. Twin: callbacks/trends."""
