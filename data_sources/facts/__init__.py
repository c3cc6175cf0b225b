"""The facts KPIs are made of, held by each web process: read once, then kept in step.

reader        what Redis is asked for
book          what is known of one city: cube, tables, and the deltas that wait to be taken in
store         loads a book, follows the live stream, refreshes the days in progress
transitions   when devices changed their state, by month
desk          answers pages and tools
"""
