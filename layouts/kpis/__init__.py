"""The KPI page and its definitions. Twin: callbacks/kpis.

page          the frame: where pieces of markup and charts go
head, filters, tools   the top: what is shown, of what, what can be done with it
table         the overview
detail, groups, members   one KPI
vendors, worst, repairs   the other views
definitions   its own page
words, verdicts   figures in words; what they mean
address, here     what an address asks for; who reads it
"""
