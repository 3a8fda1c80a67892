"""The mirror: records of services as they were read last, to be sorted, filtered and searched.

It knows collections of records with columns that the caller describes, and nothing of what they
mean. Losing it loses nothing but the time to read it again.
"""
